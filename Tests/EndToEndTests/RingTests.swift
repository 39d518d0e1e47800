import Foundation
import Glibc
import TestKit
import Testing

/// The ring that the kernel fills while Sidelong does not read.
@Suite struct RingTests {
    private static let bytes = #"sidelong_wire_ring_bytes{interface="lo"}"#
    private static let dropped = #"sidelong_wire_packets_dropped_total{interface="lo"}"#

    /// More than it has room for comes while Sidelong is stopped, which stands for a machine without time for it.
    @Test(arguments: [(limit: "256MiB", before: 1 << 20, after: 2 << 20), ("32MiB", 2 << 20, 2 << 20)])
    func aRingThatWasFullGrowsWithinTheBudget(limit: String, before: Int, after: Int) async throws {
        let redis = try await RedisServer()
        let sidelong = try await Sidelong([
            "--redis.addr=\(redis.address)", "--redis.interval=200ms", "--wire.interfaces=lo",
            "--wire.buffer=\(before)", "--memory.limit=\(limit)",
        ])
        try await sidelong.captures()
        try await sidelong.waits(for: Self.bytes, toBe: Double(before))
        let socket = try RawSocket(port: redis.port)
        let value = String(repeating: "x", count: 20_000)
        sidelong.process.send(SIGSTOP)
        try await eventually("every thread stands still") { try states(of: sidelong.process) == ["T"] }
        for _ in 0..<200 {
            try socket.send("*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$20000\r\n\(value)\r\n")
            _ = try socket.receive()
        }
        sidelong.process.send(SIGCONT)
        try await eventually("drops") { try sidelong.value(Self.dropped) ?? 0 > 0 }
        try await sidelong.waits(for: Self.bytes, toBe: Double(after))
        #expect(try sidelong.value(#"sidelong_memory_bytes{use="rings"}"#) == Double(after))

        let later = try RawSocket(port: redis.port)
        for number in 0..<500 {
            try later.send("HGET key:\(number) field\r\n")
            _ = try later.receive()
        }
        try await sidelong.waits(for: .wire("hget"), toBe: 500)
    }

    /// One thread is told to stop, and tells the others: on a busy machine they go on for a while.
    private func states(of process: ServerProcess) throws -> Set<Substring> {
        let folder = "/proc/\(process.identifier)/task"
        let threads = try FileManager.default.contentsOfDirectory(atPath: folder)
        return try Set(
            threads.map { thread in
                let stat = try String(contentsOfFile: "\(folder)/\(thread)/stat", encoding: .utf8)
                // Behind the name, which stands in parentheses.
                return stat[stat.index(after: try #require(stat.lastIndex(of: ")")))...].dropFirst().prefix(1)
            })
    }
}

import Foundation
import TestKit
import Testing

/// Pipelines that fill packets of up to 64 KiB, and large values, live on the loopback with default options; needs
/// CAP_NET_RAW.
@Suite struct PipelineTests {
    private static let kept = #"sidelong_wire_kept_bytes{interface="lo"}"#

    private func started(_ more: [String] = []) async throws -> (RedisServer, Sidelong) {
        let redis = try await RedisServer()
        let sidelong = try await Sidelong(
            ["--redis.addr=\(redis.address)", "--redis.interval=200ms", "--wire.interfaces=lo"] + more)
        try await sidelong.captures()
        return (redis, sidelong)
    }

    /// All of a load has room in the ring, so that it does not matter how busy the machine is.
    @Test(arguments: [
        "-P 16 -n 16000", "-P 64 -n 16000", "-P 1000 -c 20 -n 20000", "-P 100 -d 500 -n 2000", "-d 100000 -c 5 -n 10",
    ])
    func everyCommandOfAPipelineIsMeasured(load: String) async throws {
        let (redis, sidelong) = try await started()
        let benchmark = try ServerProcess.run(
            "sh", ["-c", "redis-benchmark -p \(redis.port) -r 1000 -t set,get -q \(load)"])
        #expect(benchmark.status == 0, "\(benchmark.output)")
        for command in ["set", "get"] {
            let own = #"redis_commands_total{cmd="\#(command)",command="\#(command)"}"#
            try await eventually("as many as Redis has counted: \(command)") {
                let counted = try sidelong.value(own) ?? 0
                return try counted > 0 && sidelong.value(.wire(command)) == counted
            }
        }
        for reason in ["gap", "snap_length", "queue_full"] {
            let series = #"sidelong_wire_unmeasured_requests_total{protocol="redis",reason="\#(reason)"}"#
            #expect(try sidelong.value(series) ?? 0 == 0, "\(reason)")
        }
    }

    @Test func whatIsPipedIsMeasured() async throws {
        let (redis, sidelong) = try await started()
        let folder = try TemporaryFolder()
        let commands = (0..<5_000).map { "*3\r\n$3\r\nSET\r\n$8\r\nkey:\(1_000 + $0)\r\n$5\r\nvalue\r\n" }.joined()
        let file = try folder.write(commands, to: "commands")
        for round in 1...4 {
            let piped = try ServerProcess.run("sh", ["-c", "redis-cli -p \(redis.port) --pipe < '\(file)'"])
            #expect(piped.status == 0 && piped.output.contains("replies: 5000"), "\(piped.output)")
            try await sidelong.waits(for: .wire("set"), toBe: Double(5_000 * round))
        }
    }

    /// Large values that come fast would fill the ring; a pipeline after them is measured as ever.
    @Test func largeValuesAreKeptShortAndPipelinesWhole() async throws {
        let (redis, sidelong) = try await started(["--wire.buffer=1MiB"])
        try await sidelong.waits(for: Self.kept, toBe: 65_535)
        let socket = try RawSocket(port: redis.port)
        let value = String(repeating: "x", count: 100_000)
        let large = "*3\r\n$3\r\nSET\r\n$5\r\nlarge\r\n$\(value.utf8.count)\r\n\(value)\r\n"
        try await eventually("short packets") {
            for _ in 0..<100 {
                try socket.send(large)
                _ = try socket.receive()
            }
            return try sidelong.value(Self.kept) == 4096
        }
        let pipeline = (0..<2_000).map { "EXISTS counter:\(1_000 + $0)\r\n" }.joined()
        try await eventually("whole packets") {
            for _ in 0..<20 {
                try socket.send(pipeline)
                var replies = 0
                while replies < 2_000 * 4 { replies += try socket.receive().count }
            }
            return try sidelong.value(Self.kept) == 65_535
        }
    }
}

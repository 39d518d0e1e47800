import Foundation
import Glibc
import TestKit
import Testing

/// What the capture says of itself beside a real Redis. These tests need CAP_NET_RAW.
@Suite struct CoverageTests {
    private static let coverage = "sidelong_wire_coverage_ratio"
    private static let seen = "sidelong_wire_seen_ratio"

    private func watched(_ redis: RedisServer) async throws -> Sidelong {
        let sidelong = try await Sidelong(["--redis.addr=\(redis.address)"] + WireTests.flags)
        try await sidelong.captures()
        return sidelong
    }

    /// Waits for another poll of Redis, beginning now.
    private func poll(_ sidelong: Sidelong) async throws {
        let series = "redis_commands_processed_total"
        let before = try sidelong.value(series)
        try await eventually("another poll") { try sidelong.value(series) != before }
    }

    @Test func anIdleRedisShowsAnIdleWire() async throws {
        let redis = try await RedisServer("redis-server", ["requirepass secret", "slowlog-log-slower-than 0"])
        let flags = ["--redis.addr=redis://:secret@\(redis.address)", "--keys.probe=key"]
        let sidelong = try await Sidelong(flags + WireTests.flags)
        try await sidelong.captures()
        // Sessions of all kinds: kept, killed with the server, hung up on.
        for _ in 0..<3 { try await poll(sidelong) }
        try await redis.restart()
        try await sidelong.waits(for: "redis_up", toBe: 1)
        for _ in 0..<5 { try await poll(sidelong) }
        let own = #"sidelong_wire_packets_ignored_total{reason="own"}"#
        try await eventually("packets of Sidelong's own") { try sidelong.value(own) ?? 0 > 40 }

        let page = try sidelong.page()
        #expect(try sidelong.value(#"sidelong_wire_requests_total{protocol="redis"}"#) == 0)
        #expect(try sidelong.value(#"sidelong_wire_connections{protocol="redis"}"#) == 0)
        #expect(try sidelong.value(Self.coverage) == nil && sidelong.value(Self.seen) == nil)
        for line in page.split(separator: "\n") {
            let isOfUsers = ["redis_user_command", "redis_key_hits", "redis_key_request"].contains(
                where: line.hasPrefix)
            #expect(!isOfUsers, "\(line)")
            let isLatency = line.hasPrefix("redis_command_duration_seconds_count") && line.contains(#"source="wire""#)
            #expect(!isLatency, "\(line)")
            let counts = ["sidelong_wire_unmeasured_requests_total{", "sidelong_wire_resyncs_total{"]
            if counts.contains(where: line.hasPrefix) { #expect(line.hasSuffix(" 0"), "\(line)") }
        }
    }

    /// Sidelong's own commands are subtracted to the last one, whatever it asks.
    @Test func theShareIsExact() async throws {
        let redis = try await RedisServer()
        let sidelong = try await watched(redis)
        try await poll(sidelong)
        let client = try RawSocket(port: redis.port)
        for _ in 0..<30 {
            try client.send("PING\r\n")
            _ = try client.receive()
        }
        try await sidelong.waits(for: Self.coverage, toBe: 1)
        #expect(try sidelong.value(#"sidelong_wire_requests_total{protocol="redis"}"#) == 30)
        // Twenty commands that Redis counts and does not answer.
        try client.send(String(repeating: "CLIENT REPLY SKIP\r\nGET key\r\n", count: 10) + "PING\r\n")
        _ = try client.receive()
        try await sidelong.waits(for: "redis_commands_total{cmd=\"get\",command=\"get\"}", toBe: 10)
        try await poll(sidelong)
        try await eventually("31 of 51 measured") {
            abs((try sidelong.value(Self.coverage) ?? 0) - 31.0 / 51) < 0.001
        }
        #expect(try sidelong.value(Self.seen) == 1)
    }

    @Test func aRedisThatIsKilledUnderLoadIsMeasuredAgain() async throws {
        let redis = try await RedisServer()
        let sidelong = try await watched(redis)
        try await poll(sidelong)
        let folder = try TemporaryFolder()
        // Some hundred commands per second, so that a busy machine drops nothing; a client ends soon after its loop.
        let client = "redis-cli -p \(redis.port) -r 1000 -i 0.005 INCR counter >&- 2>&-"
        let loads = try (0..<4).map { _ in
            try ServerProcess("bash", ["-c", "while :; do \(client); sleep 0.1; done"], in: folder)
        }
        defer { loads.forEach { $0.kill() } }
        func isCovered() async throws {
            try await eventually("a share of all commands", within: .seconds(120)) {
                try sidelong.value(Self.coverage) ?? 0 > 0.95
            }
        }
        try await isCovered()
        redis.kill()
        try await sidelong.waits(for: "redis_up", toBe: 0)
        try await redis.start()
        try await sidelong.waits(for: "redis_up", toBe: 1)
        for _ in 0..<3 { try await poll(sidelong) }
        try await isCovered()
        #expect(try sidelong.get("/health/capture").text.contains(#""status":"healthy""#))
    }
}

import Foundation
import TestKit
import Testing

/// Several Redis servers beside one Sidelong: each has its own series of the wire.
@Suite struct SeveralTargetTests {
    private func count(_ command: String, _ target: String) -> String {
        #"redis_key_command_duration_seconds_count{key_group="user:*",command="\#(command)",source="wire",target="\#(target)"}"#
    }

    @Test func sameNamedGroupsOfTwoServersAreNotAddedUp() async throws {
        let servers = [try await RedisServer(), try await RedisServer()]
        let sidelong = try await Sidelong(servers.map { "--redis.addr=\($0.address)" } + WireTests.flags)
        try await sidelong.captures()
        for (number, server) in servers.enumerated() {
            for _ in 0..<5 + number { try server.cli("GET", "user:1") }
        }
        for (number, server) in servers.enumerated() {
            let target = "127.0.0.1:\(server.port)"
            try await sidelong.waits(for: "redis_up{target=\"\(target)\"}", toBe: 1)
            try await sidelong.waits(for: count("get", target), toBe: Double(5 + number))
            let misses = #"redis_key_misses_total{key_group="user:*",target="\#(target)"}"#
            try await sidelong.waits(for: misses, toBe: Double(5 + number))
        }
        let page = try sidelong.page()
        #expect(page.contains(#"sidelong_wire_packets_total{interface="lo"} "#))
        let wire = page.split(separator: "\n").filter { $0.contains(#"source="wire""#) }
        #expect(!wire.isEmpty && wire.allSatisfy { $0.contains(#"target=""#) })
    }

    /// What clients of one server do over a Unix socket passes no interface; the other's share does not suffer from it.
    @Test func aServerOfWhichLittleIsSeenIsNamed() async throws {
        let folder = try TemporaryFolder()
        let path = folder.url.path + "/redis.sock"
        let (seen, hidden) = (try await RedisServer(), try await RedisServer("redis-server", ["unixsocket \(path)"]))
        let sidelong = try await Sidelong([seen, hidden].map { "--redis.addr=\($0.address)" } + WireTests.flags)
        try await sidelong.captures()
        func ratio(_ kind: String, _ server: RedisServer) -> String {
            "sidelong_wire_\(kind)_ratio{target=\"\(server.address)\"}"
        }
        for server in [seen, hidden] {
            try await sidelong.waits(for: "redis_up{target=\"\(server.address)\"}", toBe: 1)
        }
        let places = [["-p", "\(seen.port)"], ["-p", "\(hidden.port)"], ["-s", path]]
        let loads = try places.map { place in
            try ServerProcess("redis-cli", place + ["-r", "-1", "-i", "0.02", "PING"], in: folder)
        }
        defer { loads.forEach { $0.kill() } }
        try await eventually("a share of each") {
            let shares = [try sidelong.value(ratio("coverage", seen)), try sidelong.value(ratio("coverage", hidden))]
            guard let whole = shares[0], let part = shares[1] else { return false }
            return whole > 0.95 && part > 0.3 && part < 0.7
        }
        #expect(try sidelong.value(ratio("seen", seen)) ?? 0 > 0.95)
        #expect(try sidelong.value(ratio("seen", hidden)) ?? 1 < 0.7)
        #expect(try sidelong.value("sidelong_wire_coverage_ratio") == nil)
        // Nothing is wrong before a minute is over.
        try await eventually("a word of the server that is not seen", within: .seconds(120)) {
            let health = try sidelong.get("/health/capture").text
            return health.contains(#""status":"degraded""#) && health.contains("\(hidden.address): ")
        }
        let health = try sidelong.get("/health/capture").text
        #expect(!health.contains(seen.address), "\(health)")
    }

    /// The port is the same, and the name resolves to two addresses.
    @Test func serversOnOnePortAreToldByTheirAddresses() async throws {
        let folder = try TemporaryFolder()
        let port = try freePort()
        var servers: [ServerProcess] = []
        for addresses in [["127.0.0.1", "-::1"], ["127.0.0.2"]] {
            let server = try ServerProcess(
                "redis-server", ["--port", "\(port)", "--save", "", "--dir", folder.url.path, "--bind"] + addresses,
                in: folder)
            try await eventually("Redis: \(server.output)") { server.output.contains("Ready to accept connections") }
            servers.append(server)
        }
        let sidelong = try await Sidelong(
            ["--redis.addr=localhost:\(port)", "--redis.addr=127.0.0.2:\(port)"] + WireTests.flags)
        try await sidelong.captures()
        for target in ["localhost", "127.0.0.2"] {
            try await sidelong.waits(for: "redis_up{target=\"\(target):\(port)\"}", toBe: 1)
        }
        for (host, requests) in [("127.0.0.1", 4), ("127.0.0.2", 7)] {
            for _ in 0..<requests {
                #expect(try ServerProcess.run("redis-cli", ["-h", host, "-p", "\(port)", "GET", "user:1"]).status == 0)
            }
        }
        try await sidelong.waits(for: count("get", "localhost:\(port)"), toBe: 4)
        try await sidelong.waits(for: count("get", "127.0.0.2:\(port)"), toBe: 7)
        #expect(!servers.contains { !$0.isRunning })
    }

    @Test func replayTellsTargetsByPortAndAddress() async throws {
        var file = CaptureFile()
        let start: UInt64 = 1_700_000_000_000_000_000
        file.connect(50_000, at: start)
        file.exchange(50_000, ["GET", "user:1"], "$-1\r\n", at: start + 1_000_000, taking: 90_000)
        let folder = try TemporaryFolder()
        let path = try folder.write(file.bytes(.pcapMicroseconds), to: "capture.pcap")
        for (addresses, target) in [
            (["redis.example:6379", "other.example:6380"], "redis.example:6379"),
            (["10.0.0.9:6379", "10.0.0.2:6379"], "10.0.0.2:6379"),
            (["10.0.0.8:6379", "10.0.0.9:6379"], "other"),
        ] {
            let result = try await Sidelong.run(["replay"] + addresses.map { "--redis.addr=\($0)" } + [path])
            #expect(result.output.contains(count("get", target) + " 1\n"), "\(result.output)")
        }
    }
}

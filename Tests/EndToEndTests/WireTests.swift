import Foundation
import Glibc
import TestKit
import Testing

/// Live capture on the loopback. These tests need CAP_NET_RAW, and fail with that message where it is missing.
@Suite struct WireTests {
    /// A ring that may hold what most tests send, so that a busy machine drops nothing.
    static let flags = flags(ring: "16MiB")

    private static func flags(ring: String) -> [String] {
        ["--redis.interval=200ms", "--wire.interfaces=lo", "--wire.buffer=\(ring)"]
    }

    private func started(
        _ more: [String] = [], ring: String = "16MiB", redis lines: [String] = []
    ) async throws -> (RedisServer, Sidelong) {
        let redis = try await RedisServer("redis-server", lines)
        let sidelong = try await Sidelong(["--redis.addr=\(redis.address)"] + Self.flags(ring: ring) + more)
        try await sidelong.captures()
        return (redis, sidelong)
    }

    @Test(arguments: [1, 16])
    func everyCommandIsCountedAtFullRate(pipeline: Int) async throws {
        let (redis, sidelong) = try await started(ring: "64MiB")
        try await sidelong.waits(for: #"sidelong_wire_ring_bytes{interface="lo"}"#, toBe: 67_108_864)
        // Coverage is that between two moments of rest: the first one is over when Redis was polled some times.
        let processed = "redis_commands_processed_total"
        try await eventually("a poll") { try sidelong.value(processed) != nil }
        let first = try sidelong.value(processed) ?? 0
        try await eventually("some polls") { try sidelong.value(processed) ?? 0 > first + 60 }
        let dropped = #"sidelong_wire_packets_dropped_total{interface="lo"}"#
        let gap = #"sidelong_wire_unmeasured_requests_total{protocol="redis",reason="gap"}"#
        let requests = 48_000
        let benchmark = try ServerProcess.run(
            "redis-benchmark",
            [
                "-p", "\(redis.port)", "-n", "\(requests)", "-c", "50", "-P", "\(pipeline)", "-r", "10000", "-t",
                "set,get", "-q",
            ])
        #expect(benchmark.status == 0, "\(benchmark.output)")
        for command in ["set", "get"] {
            try await sidelong.waits(for: .wire(command), toBe: Double(requests))
            let own = #"redis_commands_total{cmd="\#(command)",command="\#(command)"}"#
            try await sidelong.waits(for: own, toBe: Double(requests))
        }
        #expect(try sidelong.value(dropped) == 0)
        #expect(try sidelong.value(gap) ?? 0 == 0)
        try await eventually("coverage") {
            abs((try sidelong.value("sidelong_wire_coverage_ratio") ?? 0) - 1) < 0.001
        }
        #expect(try sidelong.get("/health/capture").text.contains(#""status":"healthy""#))
    }

    @Test func keyGroupsWithDifferentLatenciesAreToldApart() async throws {
        let (redis, sidelong) = try await started()
        for index in 0..<20 {
            try redis.cli("EVAL", "for i = 1, 2000000 do end return 1", "1", "slow:\(index)")
            try redis.cli("GET", "fast:\(index)")
        }
        let slow = #"key_group="slow:*",command="eval",source="wire"}"#
        let fast = #"key_group="fast:*",command="get",source="wire"}"#
        try await sidelong.waits(for: "redis_key_command_duration_seconds_count{" + slow, toBe: 20)
        try await sidelong.waits(for: "redis_key_command_duration_seconds_count{" + fast, toBe: 20)
        try await sidelong.waits(for: #"redis_commands_total{cmd="eval",command="eval"}"#, toBe: 20)
        let slowSeconds = try #require(try sidelong.value("redis_key_command_duration_seconds_sum{" + slow))
        let fastSeconds = try #require(try sidelong.value("redis_key_command_duration_seconds_sum{" + fast))
        let server = try #require(
            try sidelong.value(#"redis_commands_duration_seconds_total{cmd="eval",command="eval"}"#))
        // What is seen on the wire includes what the server measures.
        #expect(slowSeconds >= server)
        #expect(fastSeconds < slowSeconds)
        #expect(try sidelong.value(#"redis_key_misses_total{key_group="fast:*"}"#) == 20)
    }

    @Test func usersAreNamedAlsoOnConnectionsOlderThanTheCapture() async throws {
        let redis = try await RedisServer()
        for user in ["alice", "bob"] { try redis.cli("ACL", "SETUSER", user, "on", ">secret", "~*", "+@all") }
        let old = try RawSocket(port: redis.port)
        try old.send("AUTH alice secret\r\n")
        #expect(try String(decoding: old.receive(), as: UTF8.self) == "+OK\r\n")
        let sidelong = try await Sidelong(["--redis.addr=\(redis.address)"] + Self.flags)
        try await sidelong.captures()
        let alice = #"redis_user_command_duration_seconds_count{user="alice"}"#
        try await eventually("commands of alice") {
            try old.send("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")
            _ = try old.receive()
            return try sidelong.value(alice) ?? 0 > 0
        }
        let new = try RawSocket(port: redis.port)
        try new.send("*3\r\n$4\r\nAUTH\r\n$3\r\nbob\r\n$6\r\nsecret\r\n")
        _ = try new.receive()
        try new.send("GET k\r\n")
        _ = try new.receive()
        try new.send("LPUSH\r\n")
        _ = try new.receive()
        try await eventually("commands of bob") {
            try sidelong.value(#"redis_user_command_duration_seconds_count{user="bob"}"#) ?? 0 >= 1
        }
        try await sidelong.waits(for: #"redis_user_command_errors_total{user="bob",error="ERR"}"#, toBe: 1)
        #expect(!(try sidelong.page().contains("secret")))
    }

    @Test func transactionsSubscriptionsAndBlockingStayInStep() async throws {
        let (redis, sidelong) = try await started()
        let transaction = try RawSocket(port: redis.port)
        try transaction.send("MULTI\r\nSET a 1\r\nGET a\r\nEXEC\r\n")
        let subscriber = try RawSocket(port: redis.port)
        try subscriber.send("SUBSCRIBE news\r\n")
        _ = try subscriber.receive()
        try redis.cli("PUBLISH", "news", "hello")
        let waiting = try RawSocket(port: redis.port)
        try waiting.send("BLPOP queue 20\r\n")
        try await eventually("a client waits") { try redis.cli("INFO", "clients").contains("blocked_clients:1") }
        try redis.cli("LPUSH", "queue", "x")
        _ = try waiting.receive()
        try await sidelong.waits(for: #"redis_blocking_command_duration_seconds_count{command="blpop"}"#, toBe: 1)
        try await sidelong.waits(for: .wire("exec"), toBe: 1)
        try await sidelong.waits(for: .wire("publish"), toBe: 1)
        try await sidelong.waits(for: .wire("subscribe"), toBe: 1)
        #expect(try sidelong.value(.wire("blpop")) == nil)
        for reason in ["gap", "malformed_request", "malformed_reply", "unexpected_reply"] {
            #expect(try sidelong.value(#"sidelong_wire_resyncs_total{protocol="redis",reason="\#(reason)"}"#) == 0)
        }
    }

    @Test func ipv6() async throws {
        let redis = try await RedisServer("redis-server", ["bind 127.0.0.1 ::1"])
        let sidelong = try await Sidelong(["--redis.addr=[::1]:\(redis.port)"] + Self.flags)
        try await sidelong.captures()
        for index in 0..<10 {
            let result = try ServerProcess.run(
                "redis-cli", ["-h", "::1", "-p", "\(redis.port)", "SET", "k:\(index)", "v"])
            #expect(result.output == "OK\n")
        }
        try await sidelong.waits(for: .wire("set"), toBe: 10)
    }

    @Test func onlyTheGivenPortsCount() async throws {
        let other = try await RedisServer()
        let (redis, sidelong) = try await started(["--wire.redis-ports=\(other.port)"])
        try redis.cli("SET", "k", "v")
        try other.cli("GET", "k")
        try await sidelong.waits(for: .wire("get"), toBe: 1)
        #expect(try sidelong.value(.wire("set")) == nil)
    }

    @Test func patternsBucketsAndHotKeys() async throws {
        let (redis, sidelong) = try await started([
            "--keys.group=tenant:{project}:*=tenant", "--keys.hot=3", "--latency.buckets=0.001,10",
        ])
        try redis.cli("SET", "tenant:acme:1", "v")
        let labels = #"key_group="tenant",command="set",source="wire",project="acme""#
        try await sidelong.waits(for: "redis_key_command_duration_seconds_count{\(labels)}", toBe: 1)
        let buckets = try sidelong.page().split(separator: "\n").filter {
            $0.hasPrefix("redis_key_command_duration_seconds_bucket{\(labels),")
        }
        #expect(buckets.map { $0.contains("le=\"0.001\"") } == [true, false, false])
    }

    @Test func theCaptureOutlivesAReadingOfTheConfiguration() async throws {
        let redis = try await RedisServer()
        let folder = try TemporaryFolder()
        let path = try folder.write("redis:\n  interval: 200ms\n", to: "sidelong.yaml")
        let sidelong = try await Sidelong([
            "--redis.addr=\(redis.address)", "--wire.interfaces=lo", "--config.file=\(path)",
        ])
        try await sidelong.captures()
        try redis.cli("SET", "k", "v")
        try await sidelong.waits(for: .wire("set"), toBe: 1)
        try folder.write("redis:\n  interval: 100ms\nkeys:\n  hot: 5\n", to: "sidelong.yaml")
        sidelong.process.send(SIGHUP)
        try await eventually("a warning") { sidelong.process.output.contains("take effect with the next start") }
        try redis.cli("SET", "k", "v")
        try await sidelong.waits(for: .wire("set"), toBe: 2)
        try await sidelong.waits(for: #"sidelong_collector_interval_seconds{collector="redis"}"#, toBe: 0.1)
    }

    @Test func slowCommandsAndProbesNeedNoCapture() async throws {
        let redis = try await RedisServer("redis-server", ["slowlog-log-slower-than 0"])
        let sidelong = try await Sidelong([
            "--redis.addr=\(redis.address)", "--redis.interval=200ms", "--wire.interfaces=off", "--keys.probe=user:7",
        ])
        try await sidelong.waits(for: "redis_up", toBe: 1)
        for index in 0..<5 { try redis.cli("SET", "user:\(index)", "v") }
        let slow = #"redis_key_command_duration_seconds_count{key_group="user:*",command="set",source="slowlog"}"#
        try await sidelong.waits(for: slow, toBe: 5)
        #expect(try sidelong.value(#"redis_slow_commands_total{command="set",key_group="user:*"}"#) == 5)
        let probe = #"redis_key_command_duration_seconds_count{key_group="user:*",command="type",source="probe"}"#
        try await eventually("probes") { try sidelong.value(probe) ?? 0 >= 2 }
        #expect(try !sidelong.page().contains("sidelong_wire_"))
        #expect(try sidelong.get("/health/capture").status == 404)
    }
}

extension String {
    /// The series with the number of commands measured on the wire.
    static func wire(_ command: String) -> String {
        #"redis_command_duration_seconds_count{command="\#(command)",source="wire"}"#
    }
}

extension Sidelong {
    /// Waits until the capture runs, and fails at once where that is not allowed.
    func captures() async throws {
        try await eventually("a capture: \(process.output)") {
            if process.output.contains("CAP_NET_RAW") {
                throw NeverHappened(description: "this test needs CAP_NET_RAW: run it as root")
            }
            return try value(#"sidelong_collector_success{collector="wire_capture"}"#) == 1
        }
    }
}

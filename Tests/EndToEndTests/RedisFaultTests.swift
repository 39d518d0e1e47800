import Foundation
import Glibc
import Synchronization
import TestKit
import Testing

/// What happens to the page when something happens to Redis. Every fault ends with recovery by itself, and no scrape
/// waits.
@Suite struct RedisFaultTests {
    /// Quick timers, so that a test takes seconds; the rules are the same.
    private static let timers = ["--redis.interval=100ms", "--retry.delay=50ms"]
    /// For a Redis that does not answer.
    private static let impatience = ["--redis.timeout=500ms", "--redis.connect-timeout=500ms"]
    /// For a Redis that answers, however busy the machine is.
    private static let patience = ["--redis.timeout=1m", "--redis.connect-timeout=1m"]

    private func sidelong(at address: String, _ more: [String] = impatience) async throws -> Sidelong {
        try await Sidelong(["--redis.addr=\(address)"] + Self.timers + more)
    }

    /// Waits for `redis_up 0` and checks that the page names the reason and has lost everything that Redis said.
    private func isDown(_ sidelong: Sidelong, reason: String) async throws {
        try await sidelong.waits(for: "redis_up", toBe: 0)
        let failures = #"sidelong_collector_failures_total{collector="redis",reason="\#(reason)"}"#
        try await eventually("\(failures) in \(sidelong.process.output)") { try sidelong.value(failures) ?? 0 >= 1 }
        let page = try sidelong.page()
        #expect(!page.contains("redis_memory_used_bytes"))
        #expect(!page.contains("redis_connected_clients"))
        #expect(try sidelong.get("/health").status == 503)
        #expect(try sidelong.get("/health/redis").text.contains(#""status":"unhealthy","message":"\#(reason)"#))
        #expect(try sidelong.get("/health/live").status == 200)
        #expect(sidelong.process.output.contains("reason=\(reason)"))
    }

    private func isUp(_ sidelong: Sidelong) async throws {
        try await sidelong.waits(for: "redis_up", toBe: 1, within: .seconds(60))
        #expect(try sidelong.value("redis_memory_used_bytes") != nil)
        #expect(try sidelong.get("/health/redis").status == 200)
    }

    @Test func stopped() async throws {
        let redis = try await RedisServer()
        let sidelong = try await sidelong(at: redis.address)
        try await isUp(sidelong)
        redis.send(SIGSTOP)
        try await isDown(sidelong, reason: "timeout")
        redis.send(SIGCONT)
        try await isUp(sidelong)
    }

    @Test func killedAndRestarted() async throws {
        let redis = try await RedisServer()
        let sidelong = try await sidelong(at: redis.address)
        try await isUp(sidelong)
        redis.kill()
        try await isDown(sidelong, reason: "connect")
        try await redis.start()
        try await isUp(sidelong)
    }

    @Test func absentAtStart() async throws {
        let redis = try await RedisServer()
        redis.kill()
        let sidelong = try await sidelong(at: redis.address)
        try await isDown(sidelong, reason: "connect")
        try await redis.start()
        try await isUp(sidelong)
    }

    @Test func refusingAuthentication() async throws {
        let redis = try await RedisServer("redis-server", ["requirepass right"])
        let folder = try TemporaryFolder()
        let path = try folder.write("wrong\n", to: "password")
        let sidelong = try await sidelong(at: redis.address, Self.patience + ["--redis.password-file=\(path)"])
        try await isDown(sidelong, reason: "auth")
        try folder.write("right\n", to: "password")
        try await isUp(sidelong)
        #expect(!sidelong.process.output.contains("right"))
    }

    @Test func refusingConfiguration() async throws {
        let redis = try await RedisServer("redis-server", ["rename-command CONFIG \"\""])
        let sidelong = try await sidelong(at: redis.address, Self.patience)
        try await isUp(sidelong)
        try await sidelong.waits(for: #"sidelong_collector_success{collector="redis_config"}"#, toBe: 0)
        #expect(try sidelong.value(#"sidelong_collector_success{collector="redis"}"#) == 1)
        let reason = #"sidelong_collector_failures_total{collector="redis_config",reason="unsupported"}"#
        #expect(try sidelong.value(reason) ?? 0 >= 1)
        #expect(try sidelong.value("redis_config_maxclients") == nil)
    }

    @Test(arguments: [
        ("HTTP/1.1 400 Bad Request\r\n\r\n", "malformed"), ("\u{0}\u{1}\u{2}garbage\r\n", "malformed"),
        ("$100\r\nhalf a rep", "closed"), ("", "closed"), ("*1000000000\r\n", "malformed"),
    ])
    func answeringNonsense(answer: String, reason: String) async throws {
        let redis = try await RedisServer()
        let port = redis.port
        let isSane = Mutex(false)
        let server = try FakeServer { client in
            if isSane.withLock({ $0 }) {
                Self.pass(client, toPort: port)
            } else {
                client.receive()
                client.send(answer)
            }
        }
        let sidelong = try await sidelong(at: "127.0.0.1:\(server.port)")
        try await isDown(sidelong, reason: reason)
        isSane.withLock { $0 = true }
        try await isUp(sidelong)
    }

    /// Passes everything between a client and a real server, until either hangs up.
    private static func pass(_ client: FakeClient, toPort port: Int) {
        guard let server = try? RawSocket(port: port) else { return }
        Thread.detachNewThread {
            while let reply = try? server.receive(), !reply.isEmpty {
                client.send(String(decoding: reply, as: UTF8.self))
            }
        }
        while true {
            let request = client.receive()
            guard !request.isEmpty, (try? server.send(request)) != nil else { return }
        }
    }

    @Test func refusingConfigurationForAWhile() async throws {
        let redis = try await RedisServer()
        try redis.cli("ACL", "SETUSER", "default", "-config|get")
        let sidelong = try await sidelong(at: redis.address, Self.patience)
        let success = #"sidelong_collector_success{collector="redis_config"}"#
        try await sidelong.waits(for: success, toBe: 0)
        #expect(try sidelong.value("redis_up") == 1)
        #expect(try sidelong.get("/health/redis").text.contains("config|get"))
        // What was refused is asked again with the next connection.
        try redis.cli("ACL", "SETUSER", "default", "+config|get")
        try redis.cli("CLIENT", "KILL", "TYPE", "normal")
        try await sidelong.waits(for: success, toBe: 1)
        #expect(try sidelong.value("redis_config_maxclients") == 10000)
    }

    @Test func oneDeadTargetDelaysNobody() async throws {
        let (good, dead) = (try await RedisServer(), try await RedisServer())
        dead.send(SIGSTOP)
        let sidelong = try await Sidelong(
            ["--redis.addr=\(good.address)", "--redis.addr=\(dead.address)"] + Self.timers + Self.impatience)
        try await sidelong.waits(for: #"redis_up{target="\#(good.address)"}"#, toBe: 1)
        try await sidelong.waits(for: #"redis_up{target="\#(dead.address)"}"#, toBe: 0)
        let page = try sidelong.page()
        #expect(page.contains(#"redis_memory_used_bytes{target="\#(good.address)"}"#))
        #expect(!page.contains(#"redis_memory_used_bytes{target="\#(dead.address)"}"#))
        #expect(try sidelong.get("/health/redis").text.contains("\(dead.address): timeout"))
        dead.send(SIGCONT)
        try await sidelong.waits(for: #"redis_up{target="\#(dead.address)"}"#, toBe: 1, within: .seconds(60))
    }

    @Test func aClosedConnectionIsReplacedWithinTheSamePoll() async throws {
        let redis = try await RedisServer()
        let sidelong = try await sidelong(at: redis.address, Self.patience)
        try await isUp(sidelong)
        for _ in 0..<5 {
            try redis.cli("CLIENT", "KILL", "TYPE", "normal")
            let polls = try sidelong.value("redis_exporter_scrapes_total") ?? 0
            try await eventually("a poll") { try sidelong.value("redis_exporter_scrapes_total") ?? 0 > polls }
        }
        let failures = try sidelong.page().split(separator: "\n").filter {
            $0.hasPrefix("sidelong_collector_failures_total{collector=\"redis\",") && !$0.hasSuffix(" 0")
        }
        #expect(failures == [])
    }
}

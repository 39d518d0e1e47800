import Foundation
import TestKit
import Testing

/// Traffic that no capture can read is said to be so, by the daemon and by `sidelong check`. These tests need
/// CAP_NET_RAW.
@Suite struct UnreadableTests {
    /// What `sidelong check`, the health page and the log say, in one line each.
    private func answers(_ flags: [String], _ text: String) async throws {
        let check = try await Sidelong.run(["check"] + flags + WireTests.flags)
        let row = check.output.split(separator: "\n").first { $0.contains(text) }
        #expect(row?.contains("MISSING") == true, "\(check.output)")
        #expect(check.status == 1)

        let sidelong = try await Sidelong(flags + WireTests.flags)
        try await sidelong.captures()
        try await sidelong.waits(for: "redis_up", toBe: 1)
        try await eventually("it is said on the health page") {
            let health = try sidelong.get("/health/capture").text
            return health.contains(text) && health.contains(#""status":"degraded""#)
        }
        #expect(sidelong.process.output.components(separatedBy: text).count == 2, "\(sidelong.process.output)")
    }

    @Test func aRedisWithTLSOnly() async throws {
        let folder = try TemporaryFolder()
        let authority = try Certificates(in: folder)
        let own = try authority.sign("server", names: ["DNS:localhost"])
        let port = try freePort()
        let redis = try await RedisServer(
            "redis-server",
            [
                "port 0", "tls-port \(port)", "tls-cert-file \(own.certificate)", "tls-key-file \(own.key)",
                "tls-ca-cert-file \(authority.authority)", "tls-auth-clients no",
            ], in: folder)
        try await answers(
            ["--redis.addr=rediss://localhost:\(port)", "--redis.tls-ca-file=\(authority.authority)"],
            "is reached over TLS: what clients send to port \(port) is encrypted")
        #expect(redis.port > 0)
    }

    @Test func aRedisWithAUnixSocketOnly() async throws {
        let folder = try TemporaryFolder()
        let redis = try await RedisServer(
            "redis-server", ["port 0", "unixsocket \(folder.path("s"))"], in: folder,
            until: "ready to accept connections at")
        try await answers(["--redis.addr=unix://\(folder.path("s"))"], "has no TCP port: what passes a Unix socket")
        #expect(redis.port > 0)
    }

    @Test func aPortThatIsNotRedis() async throws {
        let redis = try await RedisServer()
        let other = try freePort()
        try await answers(
            ["--redis.addr=\(redis.address)", "--wire.redis-ports=\(other)"],
            "and only \(other) is captured: --wire.redis-ports=\(redis.port)")
    }
}

import TestKit
import Testing

/// A Redis that does not let its INFO be asked: without it nothing is known, and that is said everywhere.
@Suite struct RefusedInfoTests {
    @Test func itIsDownWithItsReason() async throws {
        let redis = try await RedisServer()
        try redis.cli("ACL", "SETUSER", "default", "-info")
        let sidelong = try await Sidelong(["--redis.addr=\(redis.address)", "--wire.interfaces=off"])
        try await sidelong.waits(for: "redis_up", toBe: 0)
        #expect(try sidelong.value(#"redis_exporter_last_scrape_error{err="denied"}"#) == 1)
        #expect(try !sidelong.shows("redis_connected_clients"))
        let health = try sidelong.get("/health/redis")
        #expect(health.status == 503)
        #expect(health.text.contains("+info"))
        try redis.cli("ACL", "SETUSER", "default", "+info")
        try await sidelong.waits(for: "redis_up", toBe: 1)
        #expect(try sidelong.get("/health/redis").status == 200)
    }

    @Test func aRenamedOneIsNoOtherThanADeniedOne() async throws {
        let redis = try await RedisServer("redis-server", ["rename-command INFO HIDDEN"])
        let sidelong = try await Sidelong(["--redis.addr=\(redis.address)", "--wire.interfaces=off"])
        try await sidelong.waits(for: "redis_up", toBe: 0)
        #expect(try sidelong.value(#"redis_exporter_last_scrape_error{err="unsupported"}"#) == 1)
        #expect(try sidelong.get("/health/redis").text.contains("INFO"))
    }
}

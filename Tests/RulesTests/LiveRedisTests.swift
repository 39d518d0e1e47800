import Foundation
import TestKit
import Testing

/// Alerts on a Redis fire by doing the thing, and resolve by undoing it. One Redis for each concern, all watched by one
/// Sidelong, so that they carry `target`.
@Suite struct LiveRedisTests {
    @Test func trafficMemoryAndConnections() async throws {
        let memory = try await RedisServer("redis-server", ["maxmemory 20mb"])
        let cache = try await RedisServer("redis-server", ["maxmemory 6mb", "maxmemory-policy allkeys-lru"])
        let clients = try await RedisServer("redis-server", ["maxclients 20"])
        let users = try await RedisServer("redis-server", ["user visitor on >guest +get ~*"])
        let slow = try await RedisServer("redis-server", ["enable-debug-command local"])
        let disk = try await RedisServer()
        let addresses = [memory, cache, clients, users, slow, disk].map { "--redis.addr=\($0.address)" }
        let watch = try await Watch(addresses)

        async let filled: Void = fill(memory, watch)
        async let evicted: Void = evict(cache, watch)
        async let exhausted: Void = exhaust(clients, watch)
        async let refused: Void = refuse(users, watch)
        async let slowed: Void = slowDown(slow, watch)
        async let failed: Void = failToSave(disk, watch)
        _ = try await (filled, evicted, exhausted, refused, slowed, failed)
        #expect(try watch.prometheus.failures() == [])
    }

    private func fill(_ redis: RedisServer, _ watch: Watch) async throws {
        try redis.cli("SETRANGE", "large", "18500000", "x")
        let alerts = try await watch.fire(["RedisMemoryHigh", "RedisMemoryCritical"], at: redis.address)
        #expect(alerts["RedisMemoryHigh"]?.annotations["description"]?.contains(redis.address) == true)
        try redis.cli("DEL", "large")
        try await watch.resolve(["RedisMemoryHigh", "RedisMemoryCritical"], at: redis.address)
    }

    /// A cache that may evict everything is full, evicts and misses; its memory wakes nobody up.
    private func evict(_ redis: RedisServer, _ watch: Watch) async throws {
        var next = 0
        let value = String(repeating: "x", count: 20_000)
        let alerts = try await watch.fire(
            ["RedisMemoryHigh", "RedisEvictionsHigh", "RedisHitRateLow", "RedisHitRateCritical"], at: redis.address
        ) {
            let keys = next..<(next + 40)
            next = keys.upperBound
            try redis.send(keys.map { "SET k\($0) \(value)\r\nGET missing\($0)\r\n" }.joined())
        }
        #expect(alerts["RedisMemoryCritical"] == nil)
        try redis.cli("FLUSHALL")
        try redis.cli("SET", "there", "x")
        try await watch.resolve(
            ["RedisMemoryHigh", "RedisEvictionsHigh", "RedisHitRateLow", "RedisHitRateCritical"], at: redis.address
        ) {
            try redis.send(String(repeating: "GET there\r\n", count: 40))
        }
    }

    private func exhaust(_ redis: RedisServer, _ watch: Watch) async throws {
        try await watch.fire(["RedisNoConnections"], at: redis.address)
        var connections: [RawSocket] = []
        try await watch.fire(
            ["RedisConnectionsHigh", "RedisConnectionsCritical", "RedisConnectionsRejected"], at: redis.address
        ) {
            // Beyond the limit connections are refused, which is the last of the three.
            if connections.count < 60 { connections += try (0..<5).map { _ in try RawSocket(port: redis.port) } }
        }
        try await watch.resolve(["RedisNoConnections"], at: redis.address)
        connections = Array(connections.prefix(3))
        try await watch.resolve(
            ["RedisConnectionsHigh", "RedisConnectionsCritical", "RedisConnectionsRejected"], at: redis.address)
        withExtendedLifetime(connections) {}
    }

    private func refuse(_ redis: RedisServer, _ watch: Watch) async throws {
        let names = ["RedisAuthFailures", "RedisACLDenials", "RedisErrorRateHigh", "RedisErrorRateCritical"]
        try await watch.fire(names, at: redis.address) {
            try redis.send(String(repeating: "AUTH somebody wrong\r\n", count: 500))
            try redis.send("AUTH visitor guest\r\n" + String(repeating: "FLUSHALL\r\n", count: 25))
        }
        try await watch.resolve(names, at: redis.address) {
            try redis.send(String(repeating: "PING\r\n", count: 20))
        }
    }

    private func slowDown(_ redis: RedisServer, _ watch: Watch) async throws {
        try await watch.fire(["RedisSlowCommands"], at: redis.address) {
            try redis.send(String(repeating: "DEBUG SLEEP 0.02\r\n", count: 3))
        }
        try await watch.resolve(["RedisSlowCommands"], at: redis.address)
    }

    /// A folder stands where the snapshot should go.
    private func failToSave(_ redis: RedisServer, _ watch: Watch) async throws {
        let obstacle = redis.folder.path("dump.rdb")
        try FileManager.default.createDirectory(atPath: obstacle, withIntermediateDirectories: false)
        try redis.cli("SET", "key", "value")
        try redis.cli("BGSAVE")
        try await watch.fire(["RedisPersistenceFailing"], at: redis.address)
        try FileManager.default.removeItem(atPath: obstacle)
        try redis.cli("BGSAVE")
        try await watch.resolve(["RedisPersistenceFailing"], at: redis.address)
    }
}

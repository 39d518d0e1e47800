import Foundation
import Glibc
import TestKit
import Testing

/// Alerts on a Redis, a replica or a Sidelong that is gone.
@Suite struct LiveOutageTests {
    /// One Redis: no `target`.
    @Test func aKilledRedisAndAStoppedSidelong() async throws {
        let redis = try await RedisServer()
        let watch = try await Watch(["--redis.addr=\(redis.address)"])
        try await watch.resolve(["SidelongAbsent"])
        redis.kill()
        let down = try await watch.fire(["RedisDown"])
        #expect(down["RedisDown"]?.labels["target"] == nil)
        #expect(down["SidelongCollectorFailing"] == nil, "a server that is down has an alert of its own")
        try await redis.start()
        try await watch.resolve(["RedisDown"])

        watch.sidelong.process.send(SIGSTOP)
        try await watch.fire(["SidelongDown"])
        watch.sidelong.process.send(SIGCONT)
        try await watch.resolve(["SidelongDown"])
        #expect(try watch.prometheus.failures() == [])
    }

    /// A Redis that hangs takes the series along that an alert was about. The alert stays while it is said to be down.
    @Test func anAlertStaysWhileItsRedisHangs() async throws {
        let redis = try await RedisServer("redis-server", ["maxclients 10"])
        let watch = try await Watch(["--redis.addr=\(redis.address)", "--redis.timeout=500ms"], kept: 300)
        let clients = try (0..<8).map { _ in try RawSocket(port: redis.port) }
        try await watch.fire(["RedisConnectionsHigh"])
        redis.send(SIGSTOP)
        try await watch.fire(["RedisDown"])
        try await eventually("the series are gone") { try !watch.prometheus.sees("redis_connected_clients") }
        let firing = try watch.firing()
        #expect(firing.isSuperset(of: ["RedisConnectionsHigh", "RedisDown"]))
        redis.send(SIGCONT)
        withExtendedLifetime(clients) {}
    }

    @Test func aKilledReplicaAndAKilledPrimary() async throws {
        let primary = try await RedisServer()
        let replica = try await RedisServer("redis-server", ["replicaof 127.0.0.1 \(primary.port)"])
        let watch = try await Watch(["--redis.addr=\(primary.address)", "--redis.addr=\(replica.address)"])
        try await isSynchronised(primary, replica, watch)
        replica.kill()
        try await watch.fire(["RedisReplicaDown"], at: primary.address)
        try await watch.fire(["RedisDown"], at: replica.address)
        try await replica.start()
        try await watch.resolve(["RedisReplicaDown"], at: primary.address)
        try await watch.resolve(["RedisDown"], at: replica.address)

        try await isSynchronised(primary, replica, watch)
        primary.kill()
        try await watch.fire(["RedisReplicationLinkDown"], at: replica.address)
        try await watch.fire(["RedisDown"], at: primary.address)
        try await primary.start()
        try await watch.resolve(["RedisReplicationLinkDown"], at: replica.address)
        try await watch.resolve(["RedisDown"], at: primary.address)
    }

    /// Prometheus has seen the replica, which it has to miss afterwards.
    private func isSynchronised(_ primary: RedisServer, _ replica: RedisServer, _ watch: Watch) async throws {
        try await eventually("Prometheus sees the replica", within: .seconds(60)) {
            try watch.prometheus.sees("redis_connected_slaves{target=\"\(primary.address)\"} == 1")
                && watch.prometheus.sees("redis_master_link_up{target=\"\(replica.address)\"} == 1")
        }
    }

    @Test func aRefusedConfigurationAndAMissingPrivilege() async throws {
        let redis = try await RedisServer()
        let folder = try TemporaryFolder()
        let file = try folder.write("redis:\n  addr: [\"\(redis.address)\"]\n", to: "sidelong.yaml")
        let watch = try await Watch(["--config.file=\(file)"])
        try await watch.sidelong.isReady()
        try folder.write("redis:\n  adr: nowhere\n", to: "sidelong.yaml")
        watch.sidelong.process.send(SIGHUP)
        try await watch.fire(["SidelongConfigurationRefused"])
        try redis.cli("ACL", "SETUSER", "default", "-slowlog")
        try folder.write("redis:\n  addr: [\"\(redis.address)\"]\n", to: "sidelong.yaml")
        watch.sidelong.process.send(SIGHUP)
        try await watch.resolve(["SidelongConfigurationRefused"])
        let alerts = try await watch.fire(["SidelongCollectorFailing"])
        #expect(alerts["SidelongCollectorFailing"]?.labels["collector"] == "redis_slowlog")
        try redis.cli("ACL", "SETUSER", "default", "+slowlog")
        watch.sidelong.process.send(SIGHUP)
        try await watch.resolve(["SidelongCollectorFailing"])
    }
}

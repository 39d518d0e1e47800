import Foundation
import Metrics
import TestKit
import Testing

@testable import Redis

/// Nodes that are no plain primary, and servers of other makes.
struct LiveNodeTests {
    @Test func aClusterNodeShowsTheCluster() async throws {
        let server = try await RedisServer("redis-server", ["cluster-enabled yes"])
        try server.cli("cluster", "addslotsrange", "0", "16383")
        try await eventually("the cluster") { try server.cli("cluster", "info").contains("cluster_state:ok") }
        let samples = try await server.target().poll().samples
        #expect(samples.number(named: "redis_cluster_enabled") == 1)
        #expect(samples.number(named: "redis_cluster_state") == 1)
        #expect(samples.number(named: "redis_cluster_slots_assigned") == 16384)
        #expect(samples[Keyspace.keys].count == 1)
    }

    @Test func bothEndsOfReplicationSeeEachOther() async throws {
        let primary = try await RedisServer("redis-server", ["repl-diskless-sync-delay 0"])
        let replica = try await RedisServer("redis-server", ["replicaof 127.0.0.1 \(primary.port)"])
        try await eventually("the link") { try replica.cli("info", "replication").contains("master_link_status:up") }
        let target = try replica.target()
        let below = try await target.poll().samples
        #expect(below.number(Replication.linkUp, "127.0.0.1", String(primary.port)) == 1)
        #expect(below.number(InstanceInfo.replica, "127.0.0.1", String(primary.port), "1") == 1)
        #expect(target.currentStatus.role == .replica)
        let above = try await primary.target().poll().samples
        #expect(above[Replication.replicaOffset].first?.labels[1] == String(replica.port))
        #expect(above.number(named: "redis_connected_slaves") == 1)
    }

    @Test func aReplicaWithoutItsPrimaryIsStillShown() async throws {
        let server = try await RedisServer(
            "redis-server", ["replicaof 127.0.0.1 \(try freePort())", "replica-serve-stale-data no"])
        let collected = try await server.target().poll()
        #expect(collected.samples[Replication.linkUp].first?.value == .number(0))
        #expect(collected.samples.number(named: "redis_master_link_down_since_seconds") != nil)
    }

    @Test func aSentinelShowsItsPrimaries() async throws {
        let primary = try await RedisServer()
        let sentinel = try await RedisServer(
            "redis-server", ["sentinel monitor mymaster 127.0.0.1 \(primary.port) 1"], arguments: ["--sentinel"],
            until: "Sentinel ID is")
        let target = try sentinel.target()
        try await eventually("a primary that is well") {
            try await target.poll().samples[SentinelMasters.status].first?.value == .number(1)
        }
        let collected = try await target.poll()
        #expect(collected.partFailures.isEmpty)
        #expect(collected.samples.number(named: "redis_sentinel_masters") == 1)
        #expect(target.currentStatus.role == .sentinel)
    }

    @Test func aServerThatLoadsShowsItsProgress() async throws {
        let folder = try TemporaryFolder()
        let first = try await RedisServer("redis-server", ["enable-debug-command yes"], in: folder)
        try first.cli("debug", "populate", "20000")
        try first.cli("save")
        first.kill()
        let loading = try await RedisServer(
            "redis-server", ["key-load-delay 2000", "loading-process-events-interval-bytes 1024"], in: folder,
            until: "monotonic clock")
        let target = try loading.target()
        try await eventually("a loading server") {
            (try? await target.poll())?.samples.number(named: "redis_loading_dump_file") == 1
        }
        #expect(try await target.poll().samples.number(named: "redis_loading_total_bytes").map { $0 > 0 } == true)
    }

    private static let tools = Project.root.appending(path: ".build/tools").path
    /// Where Tests/tools/valkey puts the server.
    private static let valkey = tools + "/valkey/usr/bin/valkey-server"
    /// Where Tests/tools/pypi-redis puts those before and after Debian's.
    private static let releases = ["6.2", "8.2"]

    private static func release(_ version: String) -> String { "\(tools)/redis-\(version)/redis-server" }

    @Test(
        .enabled(
            if: releases.allSatisfy { FileManager.default.isExecutableFile(atPath: release($0)) },
            "Tests/tools/pypi-redis has not been run"), arguments: releases)
    func everyReleaseIsShownInFull(version: String) async throws {
        let server = try await RedisServer(Self.release(version))
        try server.cli("set", "key", "value")
        let target = try server.target()
        let collected = try await target.poll()
        #expect(collected.partFailures.isEmpty, "\(collected.partFailures)")
        let samples = collected.samples
        #expect(samples.first(InfoReply.skippedLines) == 0)
        #expect(samples[InstanceInfo.info].first?.labels[1].hasPrefix(version) == true)
        #expect(samples.number(Keyspace.keys, "db0") == 1)
        #expect(samples.number(RoleChanges.role, "master") == 1)
        #expect(samples.number(ClientCounts.clients, "default", "sidelong", "") == 1)
        #expect((samples.number(named: "redis_memory_used_peak_timestamp_seconds") != nil) == (version == "8.2"))
    }

    /// A histogram of the lengths that the keys have at the moment, by Redis' own count of them.
    @Test(
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: release("8.2")), "Tests/tools/pypi-redis has not been run")
    )
    func keysAreCountedBySize() async throws {
        let server = try await RedisServer(Self.release("8.2"))
        let lengths = [0, 1, 2, 3, 4, 7, 8, 100, 5000]
        for length in lengths { try server.cli("set", "s:\(length)", String(repeating: "x", count: length)) }
        for item in 1...9 { try server.cli("rpush", "l", "\(item)") }
        let target = try server.target()
        var samples = try await target.poll().samples
        for bound in [0, 1, 3, 7, 15, 127, 4095, 8191] {
            let wanted = UInt64(lengths.count { $0 <= bound })
            #expect(samples.keys(upTo: Double(bound), Keyspace.bySize, "strings") == wanted, "\(bound)")
        }
        #expect(samples.keys(upTo: 7, Keyspace.bySize, "lists") == 0)
        #expect(samples.keys(upTo: 15, Keyspace.bySize, "lists") == 1)
        try server.cli("del", "s:5000", "s:0")
        samples = try await target.poll().samples
        #expect(samples.keys(upTo: .infinity, Keyspace.bySize, "strings") == UInt64(lengths.count - 2))
        #expect(samples.keys(upTo: 0, Keyspace.bySize, "strings") == 0)
    }

    @Test(
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: release("8.2")), "Tests/tools/pypi-redis has not been run")
    )
    func theBusiestSlotsOfANodeAreShown() async throws {
        let server = try await RedisServer(
            Self.release("8.2"), ["cluster-enabled yes", "cluster-slot-stats-enabled yes"])
        try server.cli("cluster", "addslotsrange", "0", "16383")
        try await eventually("the cluster") { try server.cli("cluster", "info").contains("cluster_state:ok") }
        for _ in 0..<20 { try server.cli("set", "key", "value") }
        let slot = try server.cli("cluster", "keyslot", "key")
        let collected = try await server.target().poll()
        #expect(collected.partFailures.isEmpty, "\(collected.partFailures)")
        #expect(collected.samples.number(SlotStatistics.keys, slot) == 1)
        #expect(collected.samples.number(SlotStatistics.time, slot).map { $0 > 0 } == true)
        #expect(collected.samples[SlotStatistics.keys].count == 10)
    }

    @Test(
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: release("8.2")), "Tests/tools/pypi-redis has not been run")
    )
    func aNodeThatKeepsNoStatisticsOfItsSlotsIsNoFailure() async throws {
        let server = try await RedisServer(Self.release("8.2"), ["cluster-enabled yes"])
        let collected = try await server.target().poll()
        #expect(collected.reason(SlotStatistics.name) == nil)
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: valkey), "Tests/tools/valkey has not been run"))
    func valkeyIsShownAsWell() async throws {
        let server = try await RedisServer(Self.valkey)
        let target = try server.target()
        let collected = try await target.poll()
        #expect(collected.partFailures.isEmpty)
        #expect(collected.samples.first(InfoReply.skippedLines) == 0)
        let labels = try #require(collected.samples[InstanceInfo.info].first?.labels)
        #expect(labels[3] == "standalone")
        #expect(labels[10].hasPrefix("8."))
    }
}

import Metrics
import Testing

@testable import Redis

/// The families of INFO that have labels.
struct InfoFamilyTests {
    @Test func countsCommandsUnderBothLabelNames() throws {
        let samples = try Fixture.info("redis-7.0").samples
        #expect(samples.number(CommandStatistics.calls, "set", "set") == 42)
        #expect(samples.number(CommandStatistics.duration, "debug", "debug").map { $0 >= 0.02 } == true)
        #expect(samples.number(CommandStatistics.rejectedCalls, "get", "get") == 1)
        #expect(samples.number(CommandStatistics.failedCalls, "lpush", "lpush") == 1)
        #expect(samples.number(CommandStatistics.errors, "get") == 1)
        #expect(samples.number(CommandStatistics.calls, "georadius_ro", "georadius_ro") == 1)
        #expect(samples.number(CommandStatistics.calls, "config|get", "config|get") == 1)
    }

    @Test func leavesOutWhatServersBefore62DoNotCount() throws {
        let samples = try Fixture.info("redis-6.0").samples
        #expect(samples[CommandStatistics.calls].isEmpty == false)
        #expect(samples[CommandStatistics.rejectedCalls].isEmpty)
        #expect(samples[CommandStatistics.errors].isEmpty)
    }

    @Test func summarisesPercentiles() throws {
        let info = Fixture.info(
            text: """
                cmdstat_bf.add:calls=3,usec=10,usec_per_call=3.33
                latency_percentiles_usec_bf.add:p50=1.003,p99=2.007,p99.9=4.015
                latency_percentiles_usec_other:p50=1.003
                """)
        let expected = SummaryValue(quantiles: [("50", 1.003), ("99", 2.007), ("99.9", 4.015)], sum: 10, count: 3)
        #expect(
            info.samples[CommandPercentiles.percentiles] == [Sample(labels: ["bf.add"], value: .summary(expected))])
    }

    /// `cmd` is what the server writes; `command` is what every other source of it has.
    @Test func commandsOfModulesHaveOneSpelling() {
        let info = Fixture.info(
            text: "cmdstat_GRAPH.QUERY:calls=3,usec=10,usec_per_call=3.33,rejected_calls=1,failed_calls=1")
        #expect(info.samples.number(CommandStatistics.calls, "GRAPH.QUERY", "graph.query") == 3)
        #expect(info.samples.number(CommandStatistics.failedCalls, "GRAPH.QUERY", "graph.query") == 1)
        #expect(info.samples.number(CommandStatistics.errors, "graph.query") == 2)
    }

    @Test func countsErrorsByKind() throws {
        let samples = try Fixture.info("redis-7.0").samples
        #expect(samples.number(ErrorStatistics.errors, "ERR") == 2)
        #expect(samples.number(ErrorStatistics.errors, "WRONGTYPE") == 1)
    }

    @Test func readsTheKeyspaceByName() {
        let samples = Fixture.info(
            text: """
                db0:keys=5,expires=2,avg_ttl=1500,subexpiry=1
                db1:keys=4,expires=0,avg_ttl=0,cached_keys=3
                db2:keys=1,expires=0,avg_ttl=0,keys_with_volatile_items=1,new=7
                """
        ).samples(databases: 4)
        #expect(samples.number(Keyspace.keys, "db0") == 5)
        #expect(samples.number(Keyspace.expiring, "db0") == 2)
        #expect(samples.number(Keyspace.averageTimeToLive, "db0") == 1.5)
        #expect(samples.number(Keyspace.withExpiringItems, "db0") == 1)
        #expect(samples.number(Keyspace.cached, "db0") == nil)
        #expect(samples.number(Keyspace.cached, "db1") == 3)
        #expect(samples.number(Keyspace.withExpiringItems, "db2") == 1)
        #expect(samples.number(Keyspace.keys, "db3") == 0)
        #expect(samples.number(Keyspace.averageTimeToLive, "db3") == nil)
        #expect(samples[Keyspace.keys].count == 4)
    }

    @Test func padsOnlyTheDatabaseThatIsSureToExist() {
        #expect(Fixture.info(text: "# Keyspace\n").samples(databases: nil)[Keyspace.keys].map(\.labels) == [["db0"]])
        #expect(Fixture.info(text: "# Keyspace\n").samples(databases: 1_000_000)[Keyspace.keys].count == 64)
        #expect(Fixture.info(text: "# Keyspace\n").samples(databases: -1)[Keyspace.keys].isEmpty)
    }

    @Test func readsKeySizes() throws {
        let samples = try Fixture.info("redis-8.0").samples
        for (bound, keys) in [(0.0, UInt64(0)), (1, 1), (3, 1), (7, 41), (2047, 41), (4095, 42), (.infinity, 42)] {
            #expect(samples.keys(upTo: bound, Keyspace.bySize, "strings") == keys, "\(bound)")
        }
        #expect(samples.keys(upTo: 1, Keyspace.bySize, "hashes") == 0)
        #expect(samples.keys(upTo: 3, Keyspace.bySize, "hashes") == 1)
        #expect(samples.number(Keyspace.keys, "db0") == 46)
    }

    @Test func seesReplicasFromThePrimary() throws {
        let bytes = try #require(try Fixture.reply("redis-7.0-replica/primary-info").bytes)
        let samples = InfoReply(bytes, now: 0).samples
        let replica = try #require(samples[Replication.replicaOffset].first)
        #expect(replica.labels[0] == "127.0.0.1")
        #expect(replica.labels[2] == "online")
        #expect(samples[Replication.replicaLag].count == 1)
        #expect(samples.number(Replication.failoverState, "no-failover") == 1)
        #expect(samples[InstanceInfo.replica].isEmpty)
    }

    @Test func seesThePrimaryFromAReplica() throws {
        let samples = try Fixture.info("redis-7.0-replica").samples
        let link = try #require(samples[Replication.linkUp].first)
        #expect(link.value == .number(1))
        #expect(link.labels[0] == "127.0.0.1")
        #expect(samples[InstanceInfo.replica].first?.labels == [link.labels[0], link.labels[1], "1"])
        let names = ["redis_master_last_io_seconds_ago", "redis_master_sync_in_progress", "redis_slave_repl_offset"]
        for name in names { #expect(samples.number(named: name) != nil, "\(name)") }
    }

    @Test func keepsThePrimariesOfKeyDBApart() {
        let samples = Fixture.info(
            text: """
                # Replication
                role:active-replica
                master_host:a
                master_port:1
                master_link_status:up
                master_1_host:b
                master_1_port:2
                master_1_link_status:down
                master_1_link_down_since_seconds:7
                """
        ).samples
        #expect(samples.number(Replication.linkUp, "a", "1") == 1)
        #expect(samples.number(Replication.linkUp, "b", "2") == 0)
        #expect(samples.number(named: "redis_master_link_down_since_seconds") == 7)
    }

    @Test func listsThePrimariesOfASentinel() throws {
        let info = try Fixture.info("redis-7.0-sentinel")
        let status = try #require(info.samples[SentinelMasters.status].first)
        #expect(status.labels[0] == "mymaster")
        #expect(status.labels[2] == "ok")
        #expect(status.value == .number(1))
        #expect(info.samples.number(named: "redis_sentinel_masters") == 1)
        #expect(info.samples[SentinelMasters.sentinels].first?.value == .number(1))
        #expect(info.samples[Keyspace.keys].isEmpty)
        #expect(RedisRole(info) == .sentinel)
    }

    @Test func countsThreads() throws {
        let redis = try Fixture.info("redis-8.0").samples
        #expect(redis.number(Threads.reads, "1") == 24)
        #expect(redis.number(Threads.clients, "0") == 0)
        #expect(try Fixture.info("valkey-9.1").samples.number(Threads.activeTime, "1") == 0)
    }

    @Test func listsModules() throws {
        let modules = try Fixture.info("redis-8.0").samples[Modules.info]
        #expect(modules.map(\.labels) == [["vectorset", "1", "1", "0", "[]", "[]"]])
    }

    @Test func passesOtherClusterFieldsOn() throws {
        let samples = try ClusterInfo.decode(try Fixture.reply("valkey-9.1-cluster/cluster-info"))
        #expect(samples.number(named: "redis_cluster_state") == 1)
        #expect(samples.number(named: "redis_cluster_slots_ok") == 16384)
        #expect(samples.number(named: "redis_cluster_messages_sent_total") == 0)
        #expect(samples.number(named: "redis_cluster_nodes_pfail") == 0)
        #expect(samples.number(named: "redis_cluster_links_buffer_limit_exceeded_total") == 0)
        #expect(try Fixture.info("valkey-9.1-cluster").samples.number(named: "redis_cluster_state") == nil)
    }

    @Test func takesClusterFieldsWithDashes() throws {
        let samples = try ClusterInfo.decode(.bulk(Array("cluster_stats_messages_auth-req_sent:3\r\n".utf8)))
        #expect(samples.number(named: "redis_cluster_stats_messages_auth_req_sent") == 3)
    }
}

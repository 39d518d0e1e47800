import Metrics
import TestKit
import Testing

@testable import Redis

/// Servers that speak Redis' protocol and answer some of its commands otherwise.
struct ForkTests {
    @Test func dragonflysHalfInfoIsNotTakenForTheWhole() async throws {
        let server = try RedisImitation.dragonfly()
        let target = try server.target()
        let samples = try await target.poll().samples
        #expect(samples.number(Keyspace.keys, "db0") == 4242)
        #expect(samples.number(named: "redis_connected_clients") == 3)
        #expect(samples.number(CommandStatistics.calls, "get", "get") == 7)
        #expect(samples.first(ConfigParameters.maxClients) == 64000)
        #expect(target.currentStatus.role == .primary)
        let before = server.count("INFO")
        _ = try await target.poll()
        #expect(server.count("INFO") == before + 1)
        #expect(server.commands.last { $0[0] == "INFO" } == ["INFO", "all"])
    }

    @Test func upstashsBareHeadingIsNotTakenForTheWhole() async throws {
        let server = try RedisImitation.upstash()
        let target = try server.target()
        let collected = try await target.poll()
        #expect(collected.samples.number(Keyspace.keys, "db0") == 4242)
        #expect(collected.samples[Keyspace.keys].count == 1)
        #expect(collected.reason(RedisConfig.name) != nil)
        let before = server.commands.count
        let next = try await target.poll()
        #expect(server.commands.dropFirst(before) == [["INFO"]])
        #expect(next.partFailures.isEmpty)
    }

    @Test func kvrocksReplicasHaveNoState() async throws {
        let server = try RedisImitation.kvrocks()
        let samples = try await server.target().poll().samples
        #expect(samples.number(Replication.replicaOffset, "10.0.0.3", "6667", "") == 80)
        #expect(samples.number(Replication.replicaLag, "10.0.0.3", "6667", "") == 2)
        #expect(samples.number(Keyspace.keys, "db0") == 4242)
        #expect(samples.first(ConfigParameters.maxClients) == 10000)
    }

    @Test func keyDBHasTwoPrimaries() async throws {
        let server = try RedisImitation.keyDB()
        let samples = try await server.target().poll().samples
        #expect(samples.number(Replication.linkUp, "10.0.0.1", "6379") == 1)
        #expect(samples.number(Replication.linkUp, "10.0.0.2", "6380") == 0)
        #expect(samples.number(Keyspace.cached, "db0") == 9)
        #expect(samples.number(named: "redis_server_threads_total") == 4)
    }

    /// Valkey from 8.1 on keeps three lists; one that it may not tell costs itself.
    @Test func aCommandLogIsAskedWhereThereIsOne() async throws {
        let info =
            "# Server\r\nredis_version:7.2.4\r\nvalkey_version:8.1.0\r\nrun_id:abc\r\n"
            + "# Commandstats\r\ncmdstat_get:calls=1,usec=1\r\n"
        let server = try RedisImitation { command in
            switch command[0] {
            case "PING": "+PONG\r\n"
            case "INFO": RedisImitation.bulk(info)
            case "COMMANDLOG" where command[2] == "large-reply": "-NOPERM no\r\n"
            case "COMMANDLOG": ":\(command[2] == "slow" ? 3 : 5)\r\n"
            default: RedisImitation.unknown(command)
            }
        }
        let samples = try await server.target().poll().samples
        #expect(samples.first(CommandLog.slow) == 3)
        #expect(samples.first(CommandLog.largeRequest) == 5)
        #expect(samples[CommandLog.largeReply].isEmpty)
    }

    @Test func garnetTakesNoSectionsAndOneParameterAtATime() async throws {
        let server = try RedisImitation.garnet()
        let target = try server.target()
        let collected = try await target.poll()
        #expect(collected.samples.number(named: "redis_connected_clients") == 2)
        #expect(collected.samples[Keyspace.keys].isEmpty)
        #expect(collected.samples.first(ConfigParameters.maxClients) == 7)
        #expect(collected.samples.first(ConfigParameters.maxMemory) == 5000)
        #expect(collected.reason(RedisConfig.name) == nil)
        let before = server.count("INFO")
        _ = try await target.poll()
        #expect(server.count("INFO") == before + 1)
    }

    @Test func databasesArePaddedOnlyWhereTheSectionIs() {
        #expect(Fixture.info(text: "# Server\r\nredis_version:7\r\n").samples(databases: 16)[Keyspace.keys].isEmpty)
        let empty = Fixture.info(text: "# Keyspace\r\n").samples(databases: 2)
        #expect(empty.number(Keyspace.keys, "db1") == 0)
        let unnamed = Fixture.info(text: "db1:keys=3,expires=0\r\n").samples(databases: 2)
        #expect(unnamed.number(Keyspace.keys, "db0") == 0)
        #expect(unnamed.number(Keyspace.keys, "db1") == 3)
    }

    @Test(arguments: [
        ("redis_mode:standalone", ServerIdentity.Mode.standalone), ("redict_mode:standalone", .standalone),
        ("server_mode:cluster", .cluster), ("redict_mode:sentinel", .sentinel), ("cluster_enabled:1", .cluster),
        ("redis_mode:standalone\r\ncluster_enabled:1", .cluster), ("cluster_enabled:0", .unknown),
        ("# Sentinel\r\nsentinel_tilt:0", .sentinel), ("sentinel_masters:1", .sentinel), ("redis_mode:other", .unknown),
    ])
    func theKindOfServerHasManySigns(text: String, mode: ServerIdentity.Mode) {
        #expect(ServerIdentity(info: Array(text.utf8)).mode == mode)
        #expect(Fixture.info(text: text).mode == mode)
    }

    @Test func aForkThatTellsItsOwnVersionOnlyIsASeven() {
        func version(_ text: String) -> [Int] { ServerIdentity(info: Array(text.utf8)).version }
        #expect(version("redict_version:7.3.0") == [7, 2])
        #expect(version("valkey_version:9.1.0\r\nredis_version:7.2.4") == [7, 2, 4])
        #expect(version("uptime_in_seconds:1").isEmpty)
    }

    @Test func aClusterNodeIsKnownByItsWholeInfo() async throws {
        let server = try RedisImitation { command in
            switch command[0] {
            case "PING": "+PONG\r\n"
            case "INFO" where command.count == 2 && command[1] == "server":
                RedisImitation.bulk("redis_version:7.2.4\r\nrun_id:abc\r\n")
            case "INFO":
                RedisImitation.bulk("redis_version:7.2.4\r\ncluster_enabled:1\r\ncmdstat_get:calls=1,usec=1\r\n")
            case "CLUSTER": RedisImitation.bulk("cluster_state:ok\r\ncluster_size:3\r\n")
            default: RedisImitation.unknown(command)
            }
        }
        let target = try server.target()
        _ = try await target.poll()
        #expect(try await target.poll().samples.number(named: "redis_cluster_size") == 3)
    }
}

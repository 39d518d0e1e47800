import Metrics
import Testing

@testable import Redis

/// Fields of servers that cannot be had here, in texts written by hand after their change logs.
struct LaterFieldTests {
    @Test func redis82TellsHowReplicationWent() {
        let info = Fixture.info(
            text: """
                used_memory_peak_time:1754000000
                role:slave
                master_link_status:up
                master_current_sync_attempts:2
                master_total_sync_attempts:5
                master_link_up_since_seconds:77
                total_disconnect_time_sec:12
                """)
        #expect(info.skipped == 0)
        let samples = info.samples
        #expect(samples.number(named: "redis_memory_used_peak_timestamp_seconds") == 1_754_000_000)
        #expect(samples.number(named: "redis_master_current_sync_attempts") == 2)
        #expect(samples.number(named: "redis_master_sync_attempts_total") == 5)
        #expect(samples.number(named: "redis_master_link_up_since_seconds") == 77)
        #expect(samples.number(named: "redis_master_disconnect_seconds_total") == 12)
    }

    @Test func redis86TellsLengthAndMemoryApart() {
        let info = Fixture.info(
            text: """
                # Keysizes
                db0_distrib_strings_sizes:1=1,4=40
                db0_distrib_lists_items:2=1
                db0_distrib_lists_sizes:128=1
                """)
        #expect(info.skipped == 0)
        #expect(info.samples[Keyspace.bySize].map(\.labels) == [["db0", "strings"], ["db0", "lists"]])
        #expect(info.samples.keys(upTo: 7, Keyspace.bySize, "strings") == 41)
        #expect(info.samples.keys(upTo: 3, Keyspace.bySize, "lists") == 1)
        #expect(info.samples.keys(upTo: 127, Keyspace.byMemory, "lists") == 0)
        #expect(info.samples.keys(upTo: 255, Keyspace.byMemory, "lists") == 1)
    }

    /// Each bin of Redis ends below the next power of two; what is larger than all bounds is in the last one.
    @Test func sizesAreAHistogram() {
        let info = Fixture.info(
            text:
                "db0_distrib_strings_sizes:0=5,1=1,4=40,2K=1,512M=2,1G=3,4E=1\r\ndb1_distrib_lists_items:x=1,2=-1,7E=1,1=2"
        )
        #expect(info.skipped == 1)
        let expected: [(Double, UInt64)] = [
            (0, 5), (1, 6), (3, 6), (7, 46), (2047, 46), (4095, 47), (1_073_741_823, 49), (.infinity, 53),
        ]
        for (bound, count) in expected {
            #expect(info.samples.keys(upTo: bound, Keyspace.bySize, "strings") == count, "\(bound)")
        }
        #expect(info.samples.keys(upTo: .infinity, Keyspace.bySize, "lists") == 3)
    }

    @Test func redis88CountsSlowCommandsAndBatches() {
        let info = Fixture.info(
            text: """
                slowlog_commands_count:3
                slowlog_commands_time_ms_sum:450.50
                slowlog_commands_time_ms_max:200.25
                total_client_processing_events:1000
                commands_per_parse_batch_sum:900
                commands_per_parse_batch_cnt:300
                commands_per_parse_batch_avg:3.00
                cmdstat_get:calls=7,usec=70,usec_per_call=10.00,rejected_calls=0,failed_calls=0,slowlog_count=1,\
                slowlog_time_ms_sum=11.00,slowlog_time_ms_max=11.00
                """)
        #expect(info.skipped == 0)
        let samples = info.samples
        #expect(samples.number(named: "redis_slowlog_commands_total") == 3)
        #expect(samples.number(named: "redis_slowlog_commands_seconds_total") == 0.4505)
        #expect(samples.number(named: "redis_slowlog_commands_max_seconds") == 0.20025)
        #expect(samples.number(named: "redis_client_processing_events_total") == 1000)
        #expect(samples.number(named: "redis_parse_batch_commands_total") == 900)
        #expect(samples.number(named: "redis_parse_batches_total") == 300)
        #expect(samples.number(named: "redis_parse_batch_commands_average") == 3)
        #expect(samples.number(CommandStatistics.calls, "get", "get") == 7)
    }

    @Test func redis810CountsHashTemplates() {
        let samples = Fixture.info(
            text: "hash_templates:4\nhash_template_keys:1000\nused_memory_hash_templates:2048\n"
        ).samples
        #expect(samples.number(named: "redis_hash_templates") == 4)
        #expect(samples.number(named: "redis_hash_template_keys") == 1000)
        #expect(samples.number(named: "redis_memory_used_hash_templates_bytes") == 2048)
    }

    @Test func certificatesAreShownWhereThereAreSome() throws {
        let info = Fixture.info(
            text: """
                tls_server_cert_serial:01A2
                tls_server_cert_expires_in_seconds:86400
                tls_client_cert_expires_in_seconds:0
                tls_client_cert_serial:none
                tls_ca_cert_serial:03C4
                tls_ca_cert_expires_in_seconds:-5
                """)
        #expect(info.skipped == 0)
        #expect(info.samples.first(CertificateExpiry.server) == 86400)
        #expect(info.samples[CertificateExpiry.client].isEmpty)
        #expect(info.samples.first(CertificateExpiry.authority) == -5)
        #expect(try Fixture.info("valkey-9.1").samples[CertificateExpiry.server].isEmpty)
    }

    @Test func scriptEnginesAreShownOneByOne() throws {
        let samples = try Fixture.info("valkey-9.1").samples
        #expect(samples.number(ScriptingEngines.info, "LUA", "lua", "4") == 1)
        #expect(samples.number(ScriptingEngines.memory, "LUA", "lua", "4") == 69632)
        #expect(samples.number(ScriptingEngines.overhead, "LUA", "lua", "4") == 64)
        let short = Fixture.info(text: "engine_0:name=JS\nengine_1:module=x\n")
        #expect(short.samples.number(ScriptingEngines.info, "JS", "", "") == 1)
        #expect(short.samples[ScriptingEngines.memory].isEmpty)
        #expect(short.skipped == 1)
    }

    @Test func theKindsOfCommandLogAreCounted() throws {
        let samples = try CommandLog.decode([.integer(5), .error("ERR unknown type"), .integer(7)])
        #expect(samples.first(CommandLog.slow) == 5)
        #expect(samples[CommandLog.largeRequest].isEmpty)
        #expect(samples.first(CommandLog.largeReply) == 7)
        #expect(throws: CollectorFailure.self) { try CommandLog.decode([.null, .null, .null]) }
        #expect(throws: CollectorFailure.self) { try CommandLog.decode([]) }
    }

    @Test func theBusiestSlotsAreShown() throws {
        func slot(_ number: Int64, _ figures: [(String, Int64)]) -> RedisReply {
            let pairs = figures.flatMap { [RedisReply.bulk(Array($0.0.utf8)), .integer($0.1)] }
            return .array([.integer(number), .array(pairs)])
        }
        let reply = RedisReply.array([
            slot(5, [("key-count", 3), ("cpu-usec", 100), ("network-bytes-in", 200), ("network-bytes-out", 300)]),
            slot(7, [("key-count", 1), ("memory-bytes", 4096), ("something-new", 9)]), slot(99_999, [("key-count", 1)]),
            .null,
        ])
        let samples = try SlotStatistics.decode(reply)
        #expect(samples.number(SlotStatistics.time, "5") == 100)
        #expect(samples.number(SlotStatistics.received, "5") == 200)
        #expect(samples.number(SlotStatistics.sent, "5") == 300)
        #expect(samples.number(SlotStatistics.memory, "7") == 4096)
        #expect(samples[SlotStatistics.keys].map(\.labels) == [["5"], ["7"]])
        #expect(try SlotStatistics.decode(.array([])).families.isEmpty)
        #expect(throws: CollectorFailure.self) { try SlotStatistics.decode(.array([.integer(1)])) }
    }

    @Test func aChangeOfRoleShowsOldAndNew() {
        var roles = RoleChanges()
        let first = roles.samples(after: "master")
        #expect(first.number(RoleChanges.role, "master") == 1)
        #expect(first.number(RoleChanges.role, "slave") == 0)
        #expect(first.number(RoleChanges.changes, "master", "slave") == 0)
        #expect(roles.samples(after: nil).families.isEmpty)
        #expect(roles.samples(after: "any text").families.isEmpty)
        let second = roles.samples(after: "slave")
        #expect(second.number(RoleChanges.role, "slave") == 1)
        #expect(second.number(RoleChanges.changes, "master", "slave") == 1)
        #expect(roles.samples(after: "slave").number(RoleChanges.changes, "master", "slave") == 1)
        #expect(roles.samples(after: "master").number(RoleChanges.changes, "slave", "master") == 1)
    }
}

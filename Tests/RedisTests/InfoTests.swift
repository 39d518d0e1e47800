import Metrics
import Testing

@testable import Redis

struct InfoTests {
    @Test(arguments: Fixture.standalone + Fixture.nodes)
    func decodesEveryLineOfRealServers(server: String) throws {
        let info = try Fixture.info(server)
        #expect(info.skipped == 0)
        #expect(info.samples.first(InfoReply.skippedLines) == 0)
        #expect(info[InfoFields.uptime] != nil)
        #expect(info.samples[InstanceInfo.info].count == 1)
        #expect(info.samples.families.allSatisfy { !$0.samples.isEmpty })
    }

    @Test(arguments: Fixture.sevenOrLater)
    func losesNothingByNamingTheSections(server: String) throws {
        let named = try Fixture.info(server, "info-sections")
        let all = try Fixture.info(server)
        #expect(named.skipped == 0)
        #expect(all.samples.names.subtracting(named.samples.names) == ["redis_latency_percentiles_usec"])
        #expect(named.percentiles.quantiles.isEmpty)
        let percentiles = try CommandPercentiles(try Fixture.reply(server + "/info-latencystats"))
        #expect(percentiles.quantiles.count >= all.percentiles.quantiles.count)
    }

    @Test func asksTheDebugSectionToo() throws {
        let names = try Fixture.info("redis-8.0", "info-sections").samples.names
        #expect(names.isSuperset(of: ["redis_eventloop_duration_max_seconds", "redis_allocator_allocated_lua_bytes"]))
    }

    @Test func decodesPlainFields() throws {
        let samples = try Fixture.info("redis-7.0").samples
        #expect(samples.number(named: "redis_connected_clients") == 1)
        #expect(samples.number(named: "redis_connections_active") == 1)
        #expect(samples.number(named: "redis_max_clients") == 10000)
        #expect(samples.number(named: "redis_rdb_last_bgsave_status") == 1)
        #expect(samples.number(named: "redis_second_repl_offset") == -1)
        #expect(samples.number(named: "redis_keyspace_hits_total") == 42)
    }

    @Test func scalesToBaseUnits() {
        let samples = Fixture.info(
            text: """
                used_memory_peak_perc:100.13%\r
                latest_fork_usec:1500\r
                instantaneous_input_kbps:1.50\r
                loading_loaded_perc:12.50\r
                total_active_defrag_time:1500\r

                """
        ).samples
        #expect(samples.number(named: "redis_memory_used_peak_ratio") == 1.0013)
        #expect(samples.number(named: "redis_latest_fork_seconds") == 0.0015)
        #expect(samples.number(named: "redis_instantaneous_input_bytes_per_second") == 1536)
        #expect(samples.number(named: "redis_loading_loaded_ratio") == 0.125)
        #expect(samples.number(named: "redis_active_defrag_seconds_total") == 1.5)
    }

    @Test func readsWordsAsStates() {
        let samples = Fixture.info(text: "rdb_last_bgsave_status:err\naof_last_write_status:ok\ncluster_state:fail\n")
            .samples
        #expect(samples.number(named: "redis_rdb_last_bgsave_status") == 0)
        #expect(samples.number(named: "redis_aof_last_write_status") == 1)
        #expect(samples.number(named: "redis_cluster_state") == 0)
    }

    @Test func countsLinesThatMakeNoSense() {
        let info = Fixture.info(
            text: """
                # Server
                no colon here
                used_memory:lots
                used_memory_rss:
                maxmemory:nan
                mem_fragmentation_ratio:inf
                cmdstat_get:calls=x,usec=1
                cmdstat_set:calls
                db0:keys=many
                slave0:ip=1.2.3.4
                errorstat_ERR:count=
                io_thread_0:clients=none
                module:ver=1
                latency_percentiles_usec_get:50=1
                used_memory_peak:7
                something_new:0
                something_else:words
                :
                """)
        #expect(info.skipped == 13)
        #expect(info.samples.number(named: "redis_memory_used_peak_bytes") == 7)
        #expect(info.samples.number(named: "redis_memory_used_bytes") == nil)
    }

    @Test func survivesAnyCut() throws {
        let bytes = try #require(try Fixture.reply("redis-8.0/info").bytes)
        for length in stride(from: 0, to: bytes.count, by: 7) {
            _ = InfoReply(Array(bytes.prefix(length)), now: 0)
        }
    }

    @Test func survivesAnyByte() throws {
        var bytes = try #require(try Fixture.reply("valkey-9.1/info").bytes)
        var random = Random(state: 42)
        for _ in 0..<200 {
            for _ in 0..<20 {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            _ = InfoReply(bytes, now: 0)
        }
    }

    @Test func tellsWhenTheServerStarted() throws {
        let own = Fixture.info(text: "server_time_usec:1700000100900000\nuptime_in_seconds:100\n", now: 5)
        #expect(own.samples.first(InstanceInfo.startTime) == 1_700_000_000)
        let old = Fixture.info(text: "uptime_in_seconds:100\n", now: 1_700_000_100)
        #expect(old.samples.first(InstanceInfo.startTime) == 1_700_000_000)
    }

    @Test func namesTheInstance() throws {
        let redis = try #require(try Fixture.info("redis-7.0").samples[InstanceInfo.info].first)
        #expect(Array(redis.labels.prefix(2)) == ["master", "7.0.15"])
        #expect(redis.labels[3] == "standalone")
        #expect(redis.labels[10] == "")
        let valkey = try #require(try Fixture.info("valkey-8.0").samples[InstanceInfo.info].first)
        #expect(valkey.labels[1] == "7.2.4")
        #expect(valkey.labels[3] == "standalone")
        #expect(valkey.labels[10] == "8.0.1")
    }

    @Test func everyFamilyHasOneDescriptorAndAFullHelp() {
        let names = RedisTarget.descriptors.map(\.name)
        #expect(Set(names).count == names.count)
        for descriptor in RedisTarget.descriptors {
            #expect(descriptor.help.hasSuffix(".") && descriptor.help.contains(" "), "\(descriptor.name)")
        }
        let fields = InfoFields.all.map(\.field)
        #expect(Set(fields).count == fields.count)
    }
}

/// A generator whose numbers are the same in every run (SplitMix64).
struct Random {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

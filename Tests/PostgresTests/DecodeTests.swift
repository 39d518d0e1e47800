import Metrics
import Testing

@testable import Postgres

@Suite struct PostgresDecodeTests {
    @Test(arguments: [
        ("database-10", 100020), ("database-15", 150020), ("database-17", 170011), ("database-18", 180006),
    ])
    func databaseCountersFollowTheRelease(name: String, version: Int) throws {
        let samples = PostgresDatabases().samples(from: try fixture(name), of: session(version))
        let commits = try #require(samples.families.first { $0.descriptor.name == "pg_stat_database_xact_commit" })
        #expect(commits.samples.contains { $0.labels[1] == "postgres" })
        #expect(samples.names.contains("pg_stat_database_blk_read_time"))
        #expect(samples.names.contains("pg_stat_database_conflicts_confl_lock"))
        #expect(samples.names.contains("pg_stat_database_sessions") == (version >= 140000))
        #expect(samples.names.contains("pg_stat_database_active_time_seconds_total") == (version >= 140000))
        #expect(samples.names.contains("pg_stat_database_parallel_workers_launched") == (version >= 180000))
        #expect(samples.names.contains("pg_stat_database_conflicts_confl_active_logicalslot") == (version >= 160000))
        #expect(!samples.names.contains("pg_stat_database_checksum_failures") || version >= 180000, "NULL is absent")
    }

    @Test(arguments: [("bgwriter-15", 150020), ("bgwriter-17", 170011), ("bgwriter-18", 180006)])
    func checkpointsKeepTheirNamesOverReleases(name: String, version: Int) throws {
        let samples = PostgresBackgroundWriter().samples(from: try fixture(name), of: session(version))
        #expect(samples.value("pg_stat_bgwriter_checkpoints_timed_total") == 10)
        #expect(samples.value("pg_stat_bgwriter_stats_reset_total") ?? 0 > 1_700_000_000)
        #expect(samples.names.contains("pg_stat_bgwriter_buffers_backend_total") == (version < 170000))
        #expect(samples.value("pg_stat_checkpointer_num_timed_total") == (version < 170000 ? nil : 10))
    }

    @Test(arguments: [("wal-15", true), ("wal-17", true), ("wal-18", false)])
    func walColumnsThatAReleaseLacksAreAbsent(name: String, hasTimes: Bool) throws {
        let samples = PostgresWAL().samples(from: try fixture(name), of: session())
        #expect(samples.value("pg_stat_wal_bytes_total") ?? 0 > 0)
        #expect(samples.names.contains("pg_stat_wal_write_seconds_total") == hasTimes)
        #expect(PostgresWAL().query(for: session(130000)) == .nothing)
    }

    @Test func settingsAreInBaseUnits() throws {
        let samples = PostgresSettings().samples(from: try fixture("settings-15"), of: session())
        #expect(samples.value("pg_settings_shared_buffers_bytes") == 16_777_216)
        #expect(samples.value("pg_settings_wal_segment_size_bytes") == 16_777_216)
        #expect(samples.value("pg_settings_checkpoint_timeout_seconds") == 300)
        #expect(samples.value("pg_settings_autovacuum_vacuum_cost_delay_seconds") == 0.002)
        #expect(samples.value("pg_settings_log_min_duration_statement_seconds") == -1, "off is no duration")
        #expect(samples.value("pg_settings_random_page_cost") == 4)
        #expect(samples.value("pg_settings_fsync") == 0)
        #expect(samples.value("pg_settings_max_connections") == 100)
        #expect(samples.value("pg_settings_pg_stat_statements_max") == 5000)
    }

    @Test(arguments: [
        ("ms", 0.001), ("8kB", 8192), ("16MB", 16_777_216), ("min", 60), ("B", 1), ("d", 86400),
        ("TB", 1_099_511_627_776),
    ])
    func unitsAreKnown(unit: String, factor: Double) {
        #expect(SettingUnit(unit)?.factor == factor)
    }

    @Test(arguments: ["", "8", "parsec", "8parsec", "kb"])
    func otherUnitsAreNone(unit: String) {
        #expect(SettingUnit(unit) == nil)
    }

    @Test(arguments: ["statements-15", "statements-18"])
    func statementsAreInSeconds(name: String) throws {
        let samples = PostgresStatements(limit: 5).samples(from: try fixture(name), of: session())
        let family = try #require(samples.families.first { $0.descriptor.name == "pg_stat_statements_seconds_total" })
        #expect(family.samples.count == 5)
        #expect(
            family.samples.allSatisfy { $0.labels[0] == "postgres" && $0.labels[1] == "postgres" && $0.labels[2] != "" }
        )
        let longest = try #require(samples.numbers(of: family.descriptor).max())
        #expect((0.011...0.013).contains(longest))
        // In an order of their own: by their time they overtake each other.
        let queries = family.samples.map { $0.labels[2] }
        #expect(queries == queries.sorted())
    }

    @Test func statementColumnsFollowTheExtensionNotTheServer() {
        func text(_ statements: Int?) -> String {
            guard
                case .ask(let statement) = PostgresStatements(limit: 5).query(
                    for: session(180000, statements: statements))
            else { return "" }
            return statement.text
        }
        #expect(text(7).contains("s.total_time") && text(7).contains("s.blk_read_time"))
        #expect(text(10).contains("s.total_exec_time") && text(10).contains("s.blk_read_time"))
        #expect(text(11).contains("s.shared_blk_read_time"))
        #expect(text(nil).isEmpty)
        #expect(PostgresStatements(limit: 0).query(for: session()) == .nothing)
    }

    @Test func replicationIsSeenFromTheServerThatFeeds() throws {
        let standbys = PostgresStandbys().samples(from: try fixture("standbys-15"), of: session())
        #expect(
            standbys.value(
                "pg_stat_replication_write_lag_seconds", "pg_receivewal", "127.0.0.1", "phys", "streaming", "")
                == 5.998399)
        #expect(!standbys.names.contains("pg_stat_replication_pg_wal_lsn_diff"), "pg_receivewal replays nothing")
        let slots = PostgresSlots().samples(from: try fixture("slots-15"), of: session())
        for prefix in ["pg_replication_slot", "pg_replication_slots"] {
            #expect(slots.value("\(prefix)_slot_is_active", "phys", "physical") == 1)
            #expect(slots.value("\(prefix)_slot_confirmed_flush_lsn", "phys", "physical") == nil)
            #expect(slots.value("\(prefix)_slot_confirmed_flush_lsn", "logi", "logical") == 22_664_888)
            #expect(slots.value("\(prefix)_wal_status", "logi", "logical", "reserved") == 1)
        }
        #expect(slots.value("pg_replication_slot_retained_bytes", "logi", "logical") == 101_304)
    }

    @Test func anArchiverThatNeverRanHasNoAge() throws {
        let samples = PostgresArchiver().samples(from: try fixture("archiver-15"), of: session())
        #expect(samples.value("pg_stat_archiver_archived_count") == 0)
        #expect(!samples.names.contains("pg_stat_archiver_last_archive_age"))
    }

    @Test func lockWaitsAreZeroWhenNobodyWaits() {
        let header = "datname\tmode\tlocktype\tcount\tlongest\n"
        let none = PostgresLockWaits().samples(from: rows(header), of: session())
        #expect(none.value("pg_locks_waiting", "", "", "") == 0 && none.sum("pg_locks_longest_wait_seconds") == 0)
        let some = PostgresLockWaits().samples(
            from: rows(header + "app\taccesssharelock\trelation\t3\t1.5\n"), of: session())
        #expect(some.value("pg_locks_waiting", "app", "accesssharelock", "relation") == 3)
        #expect(some.value("pg_locks_longest_wait_seconds", "app", "accesssharelock", "relation") == 1.5)
    }

    @Test(arguments: [("session-15", 150020, "15.20.0", 97), ("session-18", 180006, "18.6.0", 97)])
    func sessionsAreRead(name: String, version: Int, short: String, usable: Int) throws {
        let read = try PostgresSession(from: try fixture(name), options: StartupOptions(timeout: .seconds(5)))
        #expect(read.version == version && read.shortVersion == short && read.connections.usable == usable)
        #expect(read.readsAllStatistics && read.listsWAL && !read.isReplica && read.user == "postgres")
        #expect(!read.hasOwnLimits, "the fixture's statement_timeout is 0, as behind a pooler that drops options")
        #expect(read.partFailure?.failure.reason == .unsupported && read.samples.value("sidelong_postgres_pooled") == 1)
        #expect(throws: CollectorFailure.self) { try PostgresSession(from: rows("a\n1\n"), options: nil) }
    }

    @Test func withoutThePrivilegeTheFamiliesConcernedAreNotAsked() {
        let plain = session(privileged: false)
        let parts: [any PostgresPart] = [
            PostgresActivity(), PostgresLockWaits(), PostgresStandbys(), PostgresWALFiles(),
            PostgresStatements(limit: 5),
            PostgresQueries(),
        ]
        for part in parts {
            guard case .denied(let failure) = part.query(for: plain) else {
                Issue.record("\(part.name) is asked")
                continue
            }
            #expect(failure.reason == .denied && failure.message.contains("GRANT pg_monitor TO \"monitor\""))
        }
        #expect(plain.samples.value("sidelong_postgres_privilege_missing", "pg_monitor") == 1)
        #expect(session().samples.value("sidelong_postgres_privilege_missing", "pg_monitor") == 0)
    }
}

@Suite struct PgBouncerDecodeTests {
    @Test(arguments: ["1.18", "1.24", "1.26"])
    func poolsOfEveryRelease(release: String) throws {
        let pools = PgBouncerPools()
        var answers = [try fixture("pgbouncer-\(release)-pools"), try fixture("pgbouncer-\(release)-databases")]
        if release != "1.18" { answers.append(try fixture("pgbouncer-\(release)-users")) }
        #expect(pools.commands(for: PgBouncerVersion("PgBouncer \(release).0")).count == answers.count)
        let samples = pools.samples(from: answers)
        #expect(samples.value("pgbouncer_pools_client_active_connections", "app", "postgres") == 1)
        #expect(samples.value("pgbouncer_pools_server_active_connections", "app", "postgres") == 1)
        #expect(samples.value("pgbouncer_pools_client_maxwait_seconds", "app", "postgres") == 0)
        #expect(samples.value("pgbouncer_pool_utilization_ratio", "app", "postgres") == 0.05, "1 of 20")
        #expect(!samples.names.contains("pgbouncer_pools_client_cancel_connections"))
    }

    @Test func poolsOfAnOldRelease() throws {
        let answers = [try fixture("pgbouncer-1.16-pools"), try fixture("pgbouncer-1.16-databases")]
        let samples = PgBouncerPools().samples(from: answers)
        #expect(samples.value("pgbouncer_pools_client_waiting_connections", "app", "gateway") == 3)
        #expect(samples.value("pgbouncer_pools_client_cancel_connections", "app", "gateway") == 1)
        #expect(samples.value("pgbouncer_pools_client_maxwait_seconds", "app", "gateway") == 2.25)
        #expect(samples.value("pgbouncer_pool_utilization_ratio", "app", "gateway") == 1)
        #expect(!samples.names.contains("pgbouncer_pools_client_active_cancel_connections"))
        let databases = PgBouncerDatabases().samples(from: [try fixture("pgbouncer-1.16-databases")])
        #expect(
            databases.value("pgbouncer_databases_reserve_pool", "app", "127.0.0.1", "5432", "postgres", "", "") == 2)
    }

    @Test func aUsersOwnPoolSizeWins() {
        let pools = rows(
            "database\tuser\tsv_active\tsv_idle\napp\tgateway\t2\t1\napp\tother\t2\t0\nlost\tother\t1\t1\n")
        let databases = rows("name\tpool_size\napp\t20\n")
        let users = rows("name\tpool_size\ngateway\t4\nother\t\n")
        let samples = PgBouncerPools().samples(from: [pools, databases, users])
        #expect(samples.value("pgbouncer_pool_utilization_ratio", "app", "gateway") == 0.75)
        #expect(samples.value("pgbouncer_pool_utilization_ratio", "app", "other") == 0.1)
        #expect(samples.value("pgbouncer_pool_utilization_ratio", "lost", "other") == nil, "a size that is not known")
    }

    @Test(arguments: ["1.18", "1.24", "1.26"])
    func theRestOfEveryRelease(release: String) throws {
        let version = PgBouncerVersion("PgBouncer \(release).0")
        let stats = PgBouncerStats().samples(from: [try fixture("pgbouncer-\(release)-stats-totals")])
        let seconds = stats.value("pgbouncer_stats_totals_client_wait_seconds_total", "app")
        #expect((0.001...0.1).contains(seconds ?? 0))
        #expect(stats.value("pgbouncer_stats_client_wait_seconds_total", "app") == seconds)
        #expect(stats.names.contains("pgbouncer_stats_totals_binds_total") == (release != "1.18"))
        #expect(stats.names.contains("pgbouncer_stats_totals_client_logins_total") == (release == "1.26"))
        let databases = PgBouncerDatabases().samples(from: [try fixture("pgbouncer-\(release)-databases")])
        #expect(
            databases.value("pgbouncer_databases_reserve_pool", "app", "127.0.0.1", "5415", "postgres", "", "") == 0)
        #expect(databases.names.contains("pgbouncer_databases_server_lifetime_seconds") == (release != "1.18"))
        let lists = PgBouncerLists().samples(from: [try fixture("pgbouncer-\(release)-lists")])
        #expect(lists.value("pgbouncer_databases") == 2 && lists.value("pgbouncer_cached_dns_names") == 0)
        #expect(lists.names.contains("pgbouncer_peers") == (release != "1.18"))
        let config = PgBouncerConfiguration().samples(from: [try fixture("pgbouncer-\(release)-config")])
        #expect(config.value("pgbouncer_config_max_client_connections") == 100)
        #expect(config.value("pgbouncer_config_query_wait_timeout_seconds") == 120)
        #expect(PgBouncerState().commands(for: version).isEmpty == (release == "1.18"))
        if release != "1.18" {
            let state = PgBouncerState().samples(from: [try fixture("pgbouncer-\(release)-state")])
            #expect(state.value("pgbouncer_state", "active") == 1 && state.value("pgbouncer_state", "paused") == 0)
        }
    }

    @Test func releasesAreOrdered() {
        #expect(PgBouncerVersion("PgBouncer 1.9.0") < PgBouncerVersion("PgBouncer 1.18.0"))
        #expect(PgBouncerVersion("PgBouncer 1.19.0") >= .withState)
        #expect(PgBouncerVersion("PgBouncer 1.23.0rc1") >= .withUserPools)
        #expect(PgBouncerVersion("") < .withState && PgBouncerVersion("odd") < .withState)
    }
}

@Suite struct KeepingTests {
    @Test func slowPartsWaitForTheirTime() {
        var schedule = PartSchedule()
        let start = ContinuousClock.now
        #expect(schedule.isDue("a", at: start))
        schedule.note("a", Samples(), at: start, for: .seconds(10))
        schedule.note("b", nil, at: start, for: .seconds(10))
        schedule.note("c", Samples(), at: start, for: .zero)
        #expect(!schedule.isDue("a", at: start + .seconds(9)) && schedule.isDue("a", at: start + .seconds(10)))
        #expect(schedule.isDue("a", at: start + .milliseconds(9990)), "a timer is not exact")
        #expect(schedule.lastAnswer(of: "a") != nil && schedule.lastAnswer(of: "b") == nil)
        #expect(schedule.isDue("c", at: start))
        schedule.forgetAnswers()
        #expect(schedule.isDue("a", at: start) && schedule.lastAnswer(of: "a") == nil)
        #expect(!schedule.isDue("b", at: start), "what failed waits, or it would cost every connection")
    }

    @Test func whatTheServerDoesNotHaveRests() {
        var schedule = PartSchedule()
        let start = ContinuousClock.now
        schedule.note("a", Samples(), at: start, for: .seconds(10))
        schedule.rest("a", at: start + .seconds(10), for: .seconds(3600))
        #expect(!schedule.isDue("a", at: start + .seconds(3600)) && schedule.lastAnswer(of: "a") == nil)
        #expect(schedule.isDue("a", at: start + .seconds(3610)), "asked again after an hour")
        schedule.note("a", Samples(), at: start + .seconds(3610), for: .zero)
        #expect(schedule.isDue("a", at: start + .seconds(3610)), "and then as before")
        schedule.rest("a", at: start, for: .seconds(3600))
        schedule.forgetAnswers()
        #expect(schedule.isDue("a", at: start), "another server may have it")
    }

    @Test func everyFamilyIsDescribedOnceAndNamesItsSource() {
        let all = PostgresTarget.descriptors + PgBouncerTarget.descriptors
        #expect(!all.isEmpty)
        for descriptor in all {
            #expect(descriptor.help.hasSuffix("."), "\(descriptor.name)")
        }
        #expect(Set(all.map(\.name)).count == all.count)
    }
}

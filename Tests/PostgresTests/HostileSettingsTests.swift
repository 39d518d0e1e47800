import Metrics
import TestKit
import Testing

@testable import Postgres

/// Whatever is set for a database or a role, a poll shows what it shows without, or says why it cannot.
@Suite struct HostileSettingsTests {
    /// Values that turn a setting against us. Those that a release does not know are passed over.
    private static let values = [
        ("search_path", "public, pg_catalog"), ("standard_conforming_strings", "off"), ("backslash_quote", "off"),
        ("escape_string_warning", "on"), ("quote_all_identifiers", "on"), ("transform_null_equals", "on"),
        ("array_nulls", "off"), ("default_transaction_isolation", "serializable"),
        ("default_transaction_isolation", "repeatable read"), ("default_transaction_deferrable", "on"),
        ("default_transaction_read_only", "on"), ("statement_timeout", "1ms"), ("lock_timeout", "1ms"),
        ("idle_in_transaction_session_timeout", "1ms"), ("idle_session_timeout", "1ms"), ("transaction_timeout", "1ms"),
        ("DateStyle", "SQL, DMY"), ("DateStyle", "German"), ("IntervalStyle", "sql_standard"),
        ("TimeZone", "Asia/Tokyo"),
        ("extra_float_digits", "-15"), ("bytea_output", "escape"), ("xmlbinary", "hex"), ("row_security", "off"),
        ("client_encoding", "LATIN1"), ("client_encoding", "SQL_ASCII"), ("client_min_messages", "debug5"),
        ("exit_on_error", "on"), ("session_preload_libraries", "auto_explain"),
        ("session_preload_libraries", "no_such_library"), ("local_preload_libraries", "no_such_library"),
        ("stats_fetch_consistency", "snapshot"), ("debug_parallel_query", "on"), ("force_parallel_mode", "on"),
        ("plan_cache_mode", "force_generic_plan"), ("enable_seqscan", "off"), ("work_mem", "64kB"),
        ("jit_above_cost", "0"), ("gin_fuzzy_search_limit", "1"), ("role", "owner"), ("role", "pg_monitor"),
        ("default_tablespace", "nowhere"), ("temp_tablespaces", "nowhere"), ("lc_numeric", "C"),
        ("session_replication_role", "replica"), ("event_triggers", "off"), ("log_statement", "all"),
    ]

    /// Answers to these are wrong unless strings, numbers, dates and intervals are read and written as usual.
    private static let query = """
        SELECT length('a\\b') + length('2024-03-02'::date::text) + 0.1::float8 + extract(epoch FROM interval '1 day') \
        AS value
        """

    private static let limits = StartupOptions(timeout: .seconds(1)).limits

    private static let right = 3 + 10 + 0.1 + 86400

    @Test(arguments: [DatabaseRelease.postgres, .postgresOfTrixie, .postgresOfSid])
    func aPollShowsTheSameOrSaysWhyNot(release: DatabaseRelease) async throws {
        let server = try await PostgresServer.start(release)
        try server.sql("CREATE EXTENSION pg_stat_statements; CREATE ROLE owner LOGIN", database: "postgres")
        try server.createMonitor("monitor")
        try server.sql("ALTER ROLE monitor CONNECTION LIMIT 20")
        let usual = try await poll(server)
        #expect(usual.partFailures == [] && usual.samples.value("test_value") == Self.right)
        for (name, value) in Self.values {
            guard
                try server.sql("SELECT count(*) FROM pg_settings WHERE name = '\(name)'", database: "template1") == "1"
            else { continue }
            for subject in ["DATABASE postgres", "ROLE monitor", "ROLE monitor IN DATABASE postgres"] {
                try change("ALTER \(subject) SET \(name) = \(quoted(name, value))", server)
                try await expectTheUsual(usual, server, "\(subject): \(name) = \(value)")
                try server.sql("ALTER \(subject) RESET \(name)", database: "template1")
            }
        }
        server.stop()
    }

    /// A serializable read-only transaction that may be deferred waits for the end of others, as long as they like.
    @Test(arguments: [false, true]) func nobodyMakesUsWait(isPooled: Bool) async throws {
        let server = try await PostgresServer.start()
        try server.sql(
            """
            CREATE TABLE busy (value int);
            ALTER DATABASE postgres SET default_transaction_isolation = serializable;
            ALTER DATABASE postgres SET default_transaction_deferrable = on;
            ALTER DATABASE postgres SET default_transaction_read_only = on
            """)
        let busy = try server.session(
            "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE; INSERT INTO busy VALUES (1); SELECT pg_sleep(600)")
        try await eventually("the transaction") {
            try server.sql(
                "SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL", database: "template1") == "1"
        }
        let bouncer = try await PgBouncer.start(before: server)
        let target = try server.target(
            port: isPooled ? bouncer.port : server.port, parameters: isPooled ? "dbname=app" : "")
        let collected = try await target.poll(within: .seconds(20))
        #expect(collected.samples.names.contains("pg_stat_activity_count"))
        #expect(collected.partFailures.map(\.part) == (isPooled ? [PostgresSession.name] : []))
        busy.kill()
    }

    @Test(arguments: [DatabaseRelease.postgresOfTrixie, .postgresOfSid])
    func aTriggerOnLoginChangesNothingOrIsNamed(release: DatabaseRelease) async throws {
        let server = try await PostgresServer.start(release)
        try server.createMonitor("monitor")
        try server.sql("ALTER ROLE monitor CONNECTION LIMIT 20")
        let usual = try await poll(server)
        try server.sql(
            """
            CREATE FUNCTION public.at_login() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
                PERFORM set_config('search_path', 'public, pg_catalog', false);
                PERFORM set_config('extra_float_digits', '-15', false);
                PERFORM set_config('statement_timeout', '1h', false); END $$;
            CREATE FUNCTION public.pg_is_in_recovery(more integer DEFAULT 1) RETURNS boolean LANGUAGE plpgsql
                AS 'BEGIN RAISE LOG ''\(HostileOwner.marker)''; RETURN true; END';
            CREATE EVENT TRIGGER at_login ON login EXECUTE FUNCTION public.at_login();
            ALTER EVENT TRIGGER at_login ENABLE ALWAYS
            """)
        let changed = try await poll(server)
        #expect(missing(changed, usual) == [])
        #expect(changed.samples.value("test_value") == Self.right)
        #expect(changed.failure(of: PostgresSession.name)?.message.contains("login trigger") == true)
        #expect(!server.log.contains(HostileOwner.marker))

        try server.sql(
            """
            CREATE OR REPLACE FUNCTION public.at_login() RETURNS event_trigger LANGUAGE plpgsql
                AS 'BEGIN IF session_user = ''monitor'' THEN RAISE EXCEPTION ''not you''; END IF; END'
            """)
        let refusal = await #expect(throws: CollectorFailure.self) { try await poll(server) }
        #expect(refusal?.message.contains("not you") == true)
    }

    private func poll(_ server: PostgresServer) async throws -> Collected {
        try await server.target(user: "monitor", queries: [customQuery(Self.query)]).poll()
    }

    private func expectTheUsual(_ usual: Collected, _ server: PostgresServer, _ what: String) async throws {
        do throws(CollectorFailure) {
            let target: PostgresTarget
            do { target = try server.target(user: "monitor", queries: [customQuery(Self.query)]) } catch { return }
            let collected = try await target.poll()
            guard collected.partFailures == [] else {
                #expect(collected.partFailures.allSatisfy { $0.failure.message.count > 20 }, "\(what)")
                #expect([Self.right, nil].contains(collected.samples.value("test_value")), "\(what)")
                return
            }
            #expect(collected.samples.value("test_value") == Self.right, "\(what)")
            #expect(missing(collected, usual) == [], "\(what)")
            #expect(
                collected.samples.value("pg_settings_max_connections")
                    == usual.samples.value("pg_settings_max_connections"))
        } catch {
            // A refusal that names its cause.
            #expect(error.message.count > 20 && error.reason != .malformed, "\(what): \(error)")
        }
    }

    /// Families that are not there, but for settings that our own sessions may have changed, and for what needs the
    /// session of somebody else.
    private func missing(_ collected: Collected, _ usual: Collected) -> [String] {
        let changed = StartupOptions.needed.map(\.name) + Self.limits.map { "\($0.name)_seconds" }
        let own = changed.map { "pg_settings_\($0)" } + ["pg_stat_activity_max_state_age_seconds"]
        return usual.samples.names.subtracting(collected.samples.names).subtracting(own)
            .filter { !$0.contains("_transaction_") }.sorted()
    }

    private func change(_ statement: String, _ server: PostgresServer) throws {
        try server.sql(statement, database: "template1")
    }

    private func quoted(_ name: String, _ value: String) -> String {
        name == "search_path" ? value : "'\(value)'"
    }
}

import Foundation
import Metrics
import TestKit
import Testing

@testable import Postgres

/// The owner of a database shadows what our statements name. None of that may ever run in a session of ours.
@Suite struct HostileOwnerTests {
    @Test(arguments: [DatabaseRelease.postgres, .postgresOfTrixie, .postgresOfSid])
    func nothingOfTheOwnersRunsAsUs(release: DatabaseRelease) async throws {
        let server = try await PostgresServer.start(
            release, settings: ["log_statement": "all", "log_line_prefix": "%u "])
        let owner = try HostileOwner(on: server)
        try server.createMonitor("monitor")
        // Everything that is sent, as the server has read it.
        #expect(try await server.target(user: "monitor").poll().partFailures == [])
        let sent = server.statements(of: "monitor ")
        #expect(sent.count > 30 && sent.contains { $0.contains("pg_stat_statements") })
        let words = Set(sent.flatMap { $0.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map { $0.lowercased() } })
        let operators = Set(sent.flatMap { $0.split { !"+-*/<>=~!@#%^&|?".contains($0) }.map(String.init) })
        #expect(try owner.shadow(words: words, operators: operators) > 500)
        try owner.turnThePath()

        let target = try server.target(user: "monitor")
        for _ in 0..<2 {
            let collected = try await target.poll()
            #expect(collected.partFailures == [] && collected.samples.names.contains("pg_stat_statements_calls_total"))
        }
        #expect(owner.called(for: "monitor") == [], "nothing at the start of a session and in its polls")

        // Through a pooler, which drops what we ask for at the start, and as a superuser.
        for settings in [[:], ["ignore_startup_parameters": "options"]] {
            let bouncer = try await PgBouncer.start(before: server, settings: settings)
            let pooled = try server.target(port: bouncer.port, parameters: "dbname=app")
            let collected = try await pooled.poll()
            #expect(collected.partFailures.map(\.part) == [PostgresSession.name])
            #expect(collected.samples.names.contains("pg_stat_statements_calls_total"))
        }
        #expect(owner.called(for: "postgres") == [])

        // They do lie in wait: the same texts, sent by somebody who trusts the database's settings, call them.
        let calls = [
            "pg_has_role('a'::text, 'USAGE'::text)", "quote_ident('a'::name)", "pg_wal_lsn_diff('0/0', '0/0')",
        ]
        for text in sent.filter({ $0.hasPrefix("SELECT") }) + calls.map({ "SELECT \($0)" }) {
            let plain = text.replacingOccurrences(of: "pg_catalog.", with: "")
            _ = try? server.sql("SET SESSION AUTHORIZATION monitor; \(plain)")
        }
        let called = owner.called(for: "monitor")
        #expect(called.count > 20, "\(called)")
        #expect(called.contains { $0.hasPrefix("operator") } && called.contains { $0.hasPrefix("relation") })
        for name in ["pg_has_role", "quote_ident", "pg_wal_lsn_diff", "pg_is_in_recovery"] {
            #expect(called.contains("function \(name)"), "\(name)")
        }
        server.stop()
    }

    @Test func aFunctionOfTheExtensionThatWasReplacedIsNotCalled() async throws {
        let server = try await PostgresServer.start()
        let owner = try HostileOwner(on: server)
        try server.createMonitor("monitor")
        // As where the extension belongs to the application's role, which some clouds do.
        let signature = try server.sql("SELECT pg_get_function_result('stats.pg_stat_statements'::regproc)")
        try server.sql("ALTER FUNCTION stats.pg_stat_statements(boolean) OWNER TO owner")
        #expect(signature.hasPrefix("SETOF record"))
        try server.sql(
            """
            SET SESSION AUTHORIZATION owner;
            CREATE FUNCTION stats.shadow() RETURNS boolean LANGUAGE plpgsql
                AS 'BEGIN RAISE LOG ''\(HostileOwner.marker) replaced for %.'', current_user; RETURN false; END';
            DO $do$ BEGIN EXECUTE (SELECT regexp_replace(pg_get_functiondef(p.oid), 'LANGUAGE c.*$',
                'LANGUAGE sql AS ''SELECT s.* FROM stats.pg_stat_statements AS s WHERE stats.shadow()''')
                FROM pg_proc AS p WHERE p.oid = 'stats.pg_stat_statements'::regproc); END $do$
            """)
        let collected = try await server.target(user: "monitor").poll()
        #expect(owner.called(for: "monitor") == [])
        #expect(!collected.samples.names.contains("pg_stat_statements_calls_total"))
        #expect(collected.failure(of: PostgresSession.name)?.message.contains("have been replaced") == true)
    }

    @Test func onlyTheUsersOwnQueriesUseTheUsersPath() async throws {
        let server = try await PostgresServer.start()
        let owner = try HostileOwner(on: server)
        try server.createMonitor("monitor")
        // The server notices the end of a session later than who ended it.
        try server.sql("ALTER ROLE monitor CONNECTION LIMIT 10")
        try server.sql(
            """
            SET SESSION AUTHORIZATION owner;
            CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC;
            CREATE FUNCTION public.pg_is_in_recovery(more integer DEFAULT 1) RETURNS boolean LANGUAGE plpgsql
                AS 'BEGIN RAISE LOG ''\(HostileOwner.marker) recovery for %.'', current_user; RETURN true; END';
            CREATE TABLE public.here AS SELECT 1 AS value; CREATE TABLE app.here AS SELECT 2 AS value;
            GRANT SELECT ON public.here, app.here TO PUBLIC;
            CREATE FUNCTION public.spoil() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
                PERFORM set_config('search_path', 'public, pg_catalog', false);
                PERFORM set_config('standard_conforming_strings', 'off', false);
                RETURN 3; END $$
            """)
        func value(_ query: String, _ parameters: String = "") async throws -> (Double?, Double?) {
            let target = try server.target(user: "monitor", queries: [customQuery(query)], parameters: parameters)
            let first = try await target.poll()
            let second = try await target.poll()
            #expect(first.partFailures == [] && second.partFailures == [])
            return (first.samples.value("test_value"), second.samples.value("test_value"))
        }
        #expect(try await value("SELECT value FROM here") == (1, 1))
        try server.sql("ALTER DATABASE postgres SET search_path = app")
        #expect(try await value("SELECT value FROM here") == (2, 2))
        try server.sql("ALTER ROLE monitor SET search_path = public, app")
        #expect(try await value("SELECT value FROM here") == (1, 1))
        try server.sql("ALTER ROLE monitor IN DATABASE postgres SET search_path = app, public")
        #expect(try await value("SELECT value FROM here") == (2, 2))
        #expect(try await value("SELECT value FROM here", "options='-c search_path=public'") == (1, 1))
        #expect(owner.called(for: "monitor") == [])
        #expect(try await value("SELECT public.spoil() AS value") == (3, 3), "in a new session each time")
        #expect(try await value("SELECT length(current_setting('transaction_read_only')) AS value") == (2, 2))
        #expect(try await value("SELECT pg_is_in_recovery(1)::int AS value") == (1, 1), "their own risk")
        #expect(owner.called(for: "monitor") == ["recovery"])
    }
}

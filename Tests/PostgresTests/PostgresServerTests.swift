import Foundation
import Metrics
import TestKit
import Testing

@testable import Postgres

/// What a server that works can do to us: locks, limits, privileges, passwords, a pooler in between.
@Suite(OnPostgres()) struct PostgresServerTests {
    @Test func aRoleWithoutThePrivilegeIsToldWhatToGrant() async throws {
        let server = try OnPostgres.server
        try server.sql("CREATE ROLE \"plain \"\"role\" LOGIN")
        let target = try server.target(user: "'plain \"role'")
        let collected = try await target.poll()
        #expect(collected.samples.value("sidelong_postgres_privilege_missing", "pg_monitor") == 1)
        let concerned = ["postgres_activity", "postgres_lock_waits", "postgres_standbys", "postgres_wal_files"]
        for part in concerned {
            let failure = collected.failure(of: part)
            #expect(failure?.reason == .denied, "\(part)")
            #expect(failure?.message.contains("GRANT pg_monitor TO \"plain \"\"role\"") == true)
        }
        // Beside this test another one may have created the extension for the monitor of docs/security.md.
        let ofExtension = ["postgres_statements", "postgres_queries"]
        #expect(Set(collected.partFailures.map(\.part)).subtracting(ofExtension) == Set(concerned))
        let families = ["pg_stat_activity_count", "pg_connections_used", "pg_locks_waiting", "pg_wal_segments"]
        #expect(collected.samples.names.isDisjoint(with: families), "absent, not zero")
        #expect(collected.samples.names.contains("pg_stat_database_xact_commit"))

        try server.sql("GRANT pg_monitor TO \"plain \"\"role\"")
        _ = try await target.poll()
        let mended = try await target.poll()
        #expect(mended.partFailures == [] && mended.samples.names.isSuperset(of: families), "seen without a reconnect")
    }

    @Test func aTableThatIsBeingAlteredCostsItsOwnQueryOnly() async throws {
        let server = try OnPostgres.server
        try server.sql("CREATE TABLE altered (value int); INSERT INTO altered VALUES (3); CREATE ROLE locked LOGIN")
        try server.sql("GRANT pg_monitor TO locked; GRANT SELECT ON altered TO locked")
        let target = try server.target(user: "locked", queries: [customQuery("SELECT value FROM altered")])
        #expect(try await target.poll().samples.value("test_value") == 3)

        let session = try server.session("BEGIN; ALTER TABLE altered ADD more int; SELECT pg_sleep(600)")
        try await eventually("the lock") {
            try server.sql(
                "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'altered'::regclass")
                == "1"
        }
        let blocked = try await target.poll()
        #expect(blocked.partFailures.map(\.part) == ["postgres_query_test"])
        #expect(blocked.failure(of: "postgres_query_test")?.reason == .timeout)
        #expect(blocked.samples.value("test_value") == nil)
        #expect(
            blocked.samples.names.isSuperset(of: ["pg_database_size_bytes", "pg_stat_activity_count", "pg_locks_count"])
        )

        // Somebody else who waits for the table is seen.
        let waiter = try server.session("SELECT * FROM altered")
        try await eventually("the waiting session") {
            try await target.poll().samples.value("pg_locks_waiting", "postgres", "accesssharelock", "relation") == 1
        }
        waiter.kill()
        session.kill()
        try server.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)' AND pid <> pg_backend_pid()"
        )
        try await eventually("the table") { try await target.poll().samples.value("test_value") == 3 }
        #expect(server.sessions(of: "locked") == (total: 1, most: 1))
    }

    @Test func aHundredPollsAtOnceShareOneConnection() async throws {
        let server = try OnPostgres.server
        try server.createMonitor("crowd")
        let target = try server.target(user: "crowd", slowInterval: .seconds(3600))
        let worked = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 { group.addTask { (try? await target.poll())?.partFailures == [] } }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(worked == 100)
        #expect(server.sessions(of: "crowd") == (total: 1, most: 1))
    }

    @Test func aRotatedPasswordIsReadFromItsFile() async throws {
        let server = try OnPostgres.server
        let folder = try TemporaryFolder()
        let file = try folder.write("first\n", to: "password")
        try server.sql("CREATE ROLE rotating LOGIN PASSWORD 'first' IN ROLE needs_password, pg_monitor")
        let target = try server.target(user: "rotating", passwordFile: file, parameters: "password=wrong")
        #expect(try await target.poll().partFailures == [])

        try server.sql(
            "ALTER ROLE rotating PASSWORD 'second'; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'rotating'"
        )
        try await eventually("the end of the session") {
            try server.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'rotating'") == "0"
        }
        let failure = await #expect(throws: CollectorFailure.self) { try await target.poll() }
        #expect(failure?.reason == .auth)
        #expect(failure?.message.contains("first") == false && failure?.message.contains("wrong") == false)

        try folder.write("second", to: "password")
        #expect(try await target.poll().partFailures == [])
        #expect(server.sessions(of: "rotating").most == 1)
    }

    @Test func statementsHaveLimitsAndTheRestGoesOn() async throws {
        let server = try OnPostgres.server
        try server.createMonitor("limited")
        let target = try server.target(
            user: "limited",
            queries: [
                customQuery("SELECT pg_sleep(600), 1 AS value", name: "slow", timeout: "200ms"),
                customQuery("DELETE FROM pg_class RETURNING 1 AS value", name: "writing"),
                customQuery("CREATE TABLE made AS SELECT 1 AS value", name: "creating"),
                customQuery("SELECT value FROM nowhere", name: "unknown"),
                customQuery("SELEKT 1", name: "misspelt"),
                customQuery("SELECT 1; SELECT 2", name: "double"),
                customQuery("SELECT n AS value, repeat('x', 100) FROM generate_series(1, 100000) AS n", name: "wide"),
                customQuery("SELECT current_setting('statement_timeout') = '8s' AS value", name: "after"),
            ])
        for _ in 0..<2 {
            let collected = try await target.poll()
            #expect(collected.failure(of: "postgres_query_slow")?.reason == .timeout)
            #expect(collected.failure(of: "postgres_query_writing") != nil)
            #expect(collected.failure(of: "postgres_query_creating")?.message.contains("read-only") == true)
            #expect(collected.failure(of: "postgres_query_unknown")?.reason == .unsupported)
            #expect(collected.failure(of: "postgres_query_misspelt")?.message.contains("SELEKT") == true)
            #expect(collected.failure(of: "postgres_query_double")?.reason == .refused)
            #expect(
                collected.failure(of: "postgres_query_wide")?.message.contains("999 rows have the same labels") == true)
            #expect(collected.partFailures.count == 7)
            #expect(collected.samples.sum("wide_value") == 500_500, "the first thousand rows")
            #expect(collected.samples.value("sidelong_postgres_query_dropped_series", "wide") == 99_000)
            #expect(collected.samples.value("after_value") == 1, "the slow one's limit ended with it")
        }
        #expect(server.sessions(of: "limited") == (total: 1, most: 1))
    }

    @Test func aCopyEndsTheConnectionButNotThePoll() async throws {
        let server = try OnPostgres.server
        try server.createMonitor("copying")
        let target = try server.target(user: "copying", queries: [customQuery("COPY pg_class TO STDOUT")])
        for _ in 0..<2 {
            let collected = try await target.poll()
            #expect(collected.partFailures.map(\.part) == ["postgres_query_test"])
            #expect(collected.failure(of: "postgres_query_test")?.message.contains("COPY gives no rows") == true)
            try await eventually("the end of the session") {
                try server.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'copying'") == "0"
            }
        }
        #expect(server.sessions(of: "copying") == (total: 2, most: 1))
    }

    @Test func whatIsNotThereIsSaid() async throws {
        let server = try OnPostgres.server
        let nobody = try freePort()
        func failure(_ target: PostgresTarget) async throws -> CollectorFailure {
            try #require(await #expect(throws: CollectorFailure.self) { try await target.poll() })
        }
        #expect(try await failure(server.target(port: nobody)).reason == .connect)
        #expect(try await failure(server.target(user: "unknown_role")).reason == .auth)
        #expect(try await failure(server.target(parameters: "dbname=nowhere")).message.contains("does not exist"))
        #expect(try await failure(server.target(parameters: "sslmode=require")).reason == .tls)
        #expect(try await failure(server.target(parameters: "host=nowhere.invalid")).reason == .resolve)
        #expect(try await failure(server.target(passwordFile: "/nonexistent/password")).reason == .unreadable)
        let access = PostgresAccess(
            try ConnectionString(parsing: "host=127.0.0.1 port=\(server.port) user=postgres dbname=postgres"))
        let console = await #expect(throws: CollectorFailure.self) {
            try await PgBouncerTarget(PgBouncerOptions(access)).collect(before: .after(.seconds(30)))
        }
        #expect(console?.message.contains("no PgBouncer console") == true)
    }

    @Test(arguments: [[:], ["ignore_startup_parameters": "options"]])
    func aPoolerIsNoticedAndLeftAlone(settings: [String: String]) async throws {
        let server = try OnPostgres.server
        let bouncer = try await PgBouncer.start(before: server, settings: settings)
        let target = try server.target(port: bouncer.port, parameters: "dbname=app")
        for _ in 0..<2 {
            let collected = try await target.poll()
            #expect(collected.partFailures.map(\.part) == [PostgresSession.name])
            #expect(collected.failure(of: PostgresSession.name)?.message.contains("pooler") == true)
            #expect(collected.samples.value("sidelong_postgres_pooled") == 1)
            #expect(collected.samples.names.contains("pg_stat_activity_count"))
        }
        let client = try server.session(
            "SHOW statement_timeout; SHOW default_transaction_read_only", database: "app", port: bouncer.port)
        #expect(try await client.exitStatus() == 0)
        #expect(client.output.split(separator: "\n") == ["0", "off"], "nothing has leaked to the next client")

        let console = try server.target(port: bouncer.port, parameters: "dbname=pgbouncer")
        _ = await #expect(throws: CollectorFailure.self) { try await console.poll() }
    }

    @Test func behindAPoolerAStatementWithoutEndIsCancelled() async throws {
        let server = try OnPostgres.server
        let bouncer = try await PgBouncer.start(before: server)
        let target = try server.target(
            port: bouncer.port, queries: [customQuery("SELECT pg_sleep(601), 1 AS value")], parameters: "dbname=app")
        func isRunning() throws -> Bool {
            try server.sql(
                "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(601)%' AND pid <> pg_backend_pid()"
            ) == "1"
        }
        async let polled = target.poll(within: .seconds(4))
        try await eventually("the statement") { try isRunning() }
        let collected = try await polled
        #expect(collected.failure(of: "postgres_query_test")?.reason == .timeout)
        #expect(collected.samples.names.contains("pg_stat_activity_count"), "what was answered before is kept")
        try await eventually("the end of the statement") { try !isRunning() }
    }
}

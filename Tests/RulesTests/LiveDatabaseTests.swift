import Foundation
import Glibc
import TestKit
import Testing

/// Alerts on Postgres and PgBouncer.
@Suite struct LiveDatabaseTests {
    @Test func poolsLocksConnectionsAndOutages() async throws {
        // Three connections are the superuser's, which leaves seventeen.
        let postgres = try await PostgresServer.start(settings: ["max_connections": "20", "deadlock_timeout": "100ms"])
        try postgres.sql("CREATE EXTENSION pg_stat_statements; CREATE TABLE stock (id int)")
        try postgres.sql(try Project.text("deploy/gateway-schema.sql"))
        let pgBouncer = try await PgBouncer.start(before: postgres, settings: ["default_pool_size": "1"])
        let folder = try TemporaryFolder()
        // As shipped, but counted every second.
        let queries = try folder.write(
            try Project.text("deploy/gateway-queries.yaml").replacing("ttl: 60", with: "ttl: 1"), to: "queries.yaml")
        let watch = try await Watch([
            "--redis.addr=127.0.0.1:1", "--postgres.dsn=postgres://postgres@127.0.0.1:\(postgres.port)/postgres",
            "--pgbouncer.dsn=host=127.0.0.1 port=\(pgBouncer.port) user=stats",
            "--postgres.queries-file=\(queries)",
        ])
        try await watch.sidelong.isReady()

        async let saturated: Void = saturate(pgBouncer, of: postgres, watch)
        async let locked: Void = lock(postgres, watch)
        async let deadlocked: Void = deadlock(postgres, watch)
        async let counted: Void = create(postgres, watch)
        _ = try await (saturated, locked, deadlocked, counted)
        #expect(try watch.prometheus.failures() == [])

        pgBouncer.send(SIGSTOP)
        postgres.stop()
        try await watch.fire(["PostgresDown", "PgBouncerDown"])
        pgBouncer.send(SIGCONT)
        try await postgres.start()
        try await watch.resolve(["PostgresDown", "PgBouncerDown"])
    }

    /// Three clients and one server connection.
    private func saturate(_ pgBouncer: PgBouncer, of postgres: PostgresServer, _ watch: Watch) async throws {
        let names = ["PgBouncerClientsWaiting", "PgBouncerMaxwaitHigh", "PgBouncerPoolSaturated"]
        let sessions = try (0..<3).map { _ in
            try postgres.session("SELECT pg_sleep(600)", database: "app", port: pgBouncer.port)
        }
        let alerts = try await watch.fire(names)
        #expect(alerts["PgBouncerPoolSaturated"]?.labels["database"] == "app")
        sessions.forEach { $0.kill() }
        try await watch.resolve(names) {
            try postgres.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)'")
        }
    }

    /// One session holds a table, and so many wait for it that most connections are in use.
    private func lock(_ postgres: PostgresServer, _ watch: Watch) async throws {
        let holder = try postgres.session("BEGIN; LOCK TABLE stock; SELECT pg_sleep(601)")
        try await eventually("the table is locked") {
            try postgres.sql("SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted") != "0"
        }
        let waiting = try (0..<12).map { _ in try postgres.session("SELECT count(*) FROM stock") }
        try await watch.fire(["PostgresLockWaits", "PostgresConnectionsHigh"])
        ([holder] + waiting).forEach { $0.kill() }
        try await watch.resolve(["PostgresLockWaits", "PostgresConnectionsHigh"]) {
            try postgres.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%(601)' OR query LIKE '%stock'"
            )
        }
    }

    private func deadlock(_ postgres: PostgresServer, _ watch: Watch) async throws {
        func take(_ first: Int, _ second: Int) throws -> ServerProcess {
            try postgres.session(
                """
                BEGIN; SELECT pg_advisory_xact_lock(\(first)); SELECT pg_sleep(1);
                SELECT pg_advisory_xact_lock(\(second)); COMMIT
                """)
        }
        try await watch.fire(["PostgresDeadlocks"]) {
            let sessions = [try take(1, 2), try take(2, 1)]
            for session in sessions { _ = try await session.exitStatus() }
        }
        try await watch.resolve(["PostgresDeadlocks"])
    }

    /// The alert compares with 15 seconds ago, so instances are created for at least as long.
    private func create(_ postgres: PostgresServer, _ watch: Watch) async throws {
        try postgres.sql("INSERT INTO organizations (name) VALUES ('a')")
        try await watch.fire(["RedisInstanceCountChanged"]) {
            try postgres.sql(
                """
                INSERT INTO redis_instances (organization_id, name)
                SELECT id, gen_random_uuid() FROM organizations, generate_series(1, 12)
                """)
            try await Task.sleep(for: .seconds(1))
        }
        try await watch.resolve(["RedisInstanceCountChanged"])
    }
}

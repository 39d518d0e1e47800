import Foundation
import TestKit
import Testing

/// The shape of the demo: a gateway, PgBouncer, Postgres with pg_stat_statements, and Sidelong with default options
/// beside them. Needs CAP_NET_RAW.
@Suite struct SQLEqualityTests {
    private static let types = ["select", "insert", "update", "delete", "merge", "copy", "fetch", "transaction"]

    private static let rounds = 60.0

    /// What the server counts of a round.
    private static let expected: [String: Double] = [
        "select": 5, "insert": 2, "update": 2, "delete": 1, "merge": 1, "copy": 1, "fetch": 1, "transaction": 6,
    ]

    /// A gateway's day: rounds of 21 statements. One of them fails, which pg_stat_statements does not count, and
    /// DECLARE is of no type.
    private static let statements: String = {
        let round = """
            SELECT count(*) FROM users WHERE organization_id = 1;
            SELECT id FROM redis_instances WHERE deleted_at IS NULL AND organization_id = 2;
            SELECT k.id FROM api_keys k JOIN organizations o ON o.id = k.organization_id WHERE revoked_at IS NULL;
            SELECT * FROM (SELECT max(id) FROM users) x;
            VALUES (1);
            BEGIN;
            INSERT INTO organizations (name) VALUES ('o' || random());
            INSERT INTO users (organization_id, email) SELECT id, 'e' || random() FROM organizations LIMIT 1;
            UPDATE redis_instances SET deleted_at = now() WHERE id = 3;
            DELETE FROM api_keys WHERE expires_at < now();
            COMMIT;
            START TRANSACTION;
            SAVEPOINT s;
            UPDATE users SET email = email WHERE id = 1;
            ROLLBACK TO SAVEPOINT s;
            DECLARE c CURSOR FOR SELECT * FROM users;
            FETCH 10 FROM c;
            ROLLBACK;
            COPY organizations TO STDOUT;
            MERGE INTO users u USING (SELECT 1 AS id) s ON u.id = s.id WHEN MATCHED THEN UPDATE SET email = email;
            SELECT 1 / (id - id) FROM users;

            """
        return String(repeating: round, count: Int(rounds))
    }()

    private func counts(_ sidelong: Sidelong, _ source: String) throws -> [String: Double] {
        try Dictionary(
            uniqueKeysWithValues: Self.types.map {
                let series = #"database_queries_total{type="\#($0)",source="\#(source)"}"#
                return ($0, try #require(try sidelong.value(series), "\(series)"))
            })
    }

    /// Errors by type, which the wire has among its queries.
    private func errors(_ sidelong: Sidelong) throws -> [String: Double] {
        try Dictionary(
            uniqueKeysWithValues: Self.types.map {
                ($0, try sidelong.value(#"database_query_errors_total{type="\#($0)",sqlstate="22012"}"#) ?? 0)
            })
    }

    @Test func theWireCountsWhatTheServerCounts() async throws {
        let postgres = try await PostgresServer.start()
        try postgres.sql("CREATE EXTENSION pg_stat_statements; CREATE ROLE sidelong LOGIN IN ROLE pg_monitor")
        try postgres.sql(Project.text("deploy/gateway-schema.sql"))
        try postgres.sql(
            """
            INSERT INTO organizations (name) VALUES ('a');
            INSERT INTO users (organization_id, email) VALUES (1, 'a');
            INSERT INTO redis_instances (organization_id, name) SELECT 1, n::text FROM generate_series(1, 5) n
            """)
        let pool = try await PgBouncer.start(.pgBouncerOfSid, before: postgres)
        let sidelong = try await Sidelong([
            "--redis.addr=127.0.0.1:1", "--wire.interfaces=lo", "--wire.buffer=16MiB",
            "--postgres.dsn=postgres://sidelong@127.0.0.1:\(postgres.port)/postgres",
            "--pgbouncer.dsn=host=127.0.0.1 port=\(pool.port) user=stats", "--postgres.interval=200ms",
            "--poll.align=off",
        ])
        try await sidelong.captures()
        try await sidelong.isReady()
        let folder = try TemporaryFolder()
        let script = try folder.write(Self.statements, to: "day.sql")
        let before = try counts(sidelong, "server")
        #expect(try counts(sidelong, "wire").values.allSatisfy { $0 == 0 })
        let gateway = try ServerProcess(
            DatabaseRelease.postgres.path("psql"),
            ["-Xqo", "/dev/null", "-h", "127.0.0.1", "-p", "\(pool.port)", "-U", "postgres", "-f", script, "app"],
            in: folder)
        #expect(try await gateway.exitStatus(within: .seconds(120)) == 0)
        // One that has just begun has the server's counts at once; the other asks for them every 30 s.
        let second = try await Sidelong([
            "--redis.addr=127.0.0.1:1", "--postgres.dsn=postgres://sidelong@127.0.0.1:\(postgres.port)/postgres",
        ])
        try await second.isReady()
        let server = try counts(second, "server").merging(before, uniquingKeysWith: -)
        #expect(server == Self.expected.mapValues { $0 * Self.rounds })
        #expect(server.values.reduce(0, +) > 1_000)
        try await eventually("the last of them on the page") {
            try sidelong.value(#"database_queries_total{type="transaction",source="wire"}"#) == server["transaction"]
        }
        let wire = try counts(sidelong, "wire").merging(errors(sidelong), uniquingKeysWith: -)
        #expect(wire == server)
        #expect(try errors(sidelong)["select"] == Self.rounds)
        #expect(try sidelong.value(#"database_transactions_total{outcome="committed"}"#) == Self.rounds)
        #expect(try sidelong.value(#"database_transactions_total{outcome="rolled_back"}"#) == Self.rounds)
        let users = #"database_table_query_duration_seconds_count{table="users",type="select"}"#
        #expect(try sidelong.value(users) == 3 * Self.rounds)
    }
}

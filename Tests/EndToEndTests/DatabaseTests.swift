import Foundation
import Glibc
import TestKit
import Testing

/// Postgres and PgBouncer through the built program.
@Suite struct DatabaseTests {
    @Test func bothAreOnThePageAndOnTheHealthPage() async throws {
        let postgres = try await PostgresServer.start()
        let pgBouncer = try await PgBouncer.start(before: postgres)
        let queries = Project.root.appending(path: "deploy/gateway-queries.yaml").path
        try postgres.sql(try Project.text("deploy/gateway-schema.sql"))
        let sidelong = try await Sidelong([
            "--redis.addr=127.0.0.1:1", "--postgres.dsn=postgres://postgres@127.0.0.1:\(postgres.port)/postgres",
            "--pgbouncer.dsn=host=127.0.0.1 port=\(pgBouncer.port) user=stats",
            "--postgres.queries-file=\(queries)", "--postgres.interval=200ms", "--pgbouncer.interval=200ms",
        ])
        try await sidelong.isReady()
        #expect(try sidelong.value("pg_up") == 1)
        #expect(try sidelong.value("pgbouncer_up") == 1)
        #expect(try sidelong.value("pg_settings_max_connections") ?? 0 > 0)
        #expect(try sidelong.value("redis_instances_total") != nil)
        #expect(try sidelong.value("organizations_total") != nil)
        let database = try sidelong.get("/health/database")
        #expect(database.status == 200)
        #expect(database.text.contains(" connections ("))
        #expect(try sidelong.get("/health/pgbouncer").status == 200)
        let page = try sidelong.page()
        #expect(page.contains("pgbouncer_pools_client_maxwait_seconds{database="))
        #expect(page.contains("sidelong_breaker_state{target=\"127.0.0.1:\(postgres.port)\",state=\"closed\"} 1"))
    }

    @Test func aDeadDatabaseIsDownWhileRedisStaysUp() async throws {
        let redis = try await RedisServer()
        let sidelong = try await Sidelong([
            "--redis.addr=\(redis.address)", "--postgres.dsn=postgres://nobody:planted-secret@127.0.0.1:1/none",
        ])
        try await sidelong.isReady()
        #expect(try sidelong.value("pg_up") == 0)
        #expect(try sidelong.value("redis_up") == 1)
        #expect(try sidelong.get("/health/database").status == 503)
        #expect(try sidelong.get("/health/redis").status == 200)
        for text in [try sidelong.page(), try sidelong.get("/health").text, sidelong.process.output] {
            #expect(!text.contains("planted-secret"))
        }
    }

    @Test func aStoppedDatabaseDelaysNobodyAndComesBack() async throws {
        let redis = try await RedisServer()
        let postgres = try await PostgresServer.start()
        let sidelong = try await Sidelong([
            "--redis.addr=\(redis.address)", "--redis.interval=200ms",
            "--postgres.dsn=postgres://postgres@127.0.0.1:\(postgres.port)/postgres", "--postgres.interval=200ms",
            "--retry.delay=100ms",
        ])
        try await sidelong.waits(for: "pg_up", toBe: 1)
        postgres.signal(SIGSTOP)
        try await sidelong.waits(for: "pg_up", toBe: 0)
        let page = try sidelong.page()
        #expect(page.contains("\nredis_up 1\n"))
        #expect(!page.contains("\npg_settings_"))
        #expect(try sidelong.get("/health/database").text.contains("timeout: "))
        postgres.signal(SIGCONT)
        try await sidelong.waits(for: "pg_up", toBe: 1, within: .seconds(60))
    }

    @Test func aMissingPrivilegeIsAMetricAndOnTheHealthPageAndInTheCheckWithItsGrant() async throws {
        let postgres = try await PostgresServer.start()
        try postgres.sql("CREATE ROLE plain LOGIN")
        let arguments = [
            "--redis.addr=127.0.0.1:1", "--postgres.dsn=postgres://plain@127.0.0.1:\(postgres.port)/postgres",
        ]
        let sidelong = try await Sidelong(arguments)
        try await sidelong.isReady()
        #expect(try sidelong.value("sidelong_postgres_privilege_missing{privilege=\"pg_monitor\"}") == 1)
        #expect(try sidelong.value("pg_connections_used") == nil)
        #expect(try sidelong.get("/health/database").text.contains("GRANT pg_monitor TO"))
        let check = try await Sidelong.run(["check"] + arguments)
        #expect(check.status == 1)
        #expect(check.output.contains("GRANT pg_monitor TO"))
    }

    @Test func aBadQueriesFileIsRefusedWithItsLine() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "users:\n  query: SELECT 1 AS n\n  metrics:\n    - n:\n        usage: GUAGE\n", to: "queries.yaml")
        let result = try await Sidelong.run([
            "--postgres.dsn=postgres://localhost/x", "--postgres.queries-file=\(path)",
        ])
        #expect(result.status == 2)
        #expect(result.output.contains("\(path): line 5:"))
        #expect(result.output.split(separator: "\n").count == 1)
    }

    @Test func aBadAddressIsRefusedWithoutItsPassword() async throws {
        let result = try await Sidelong.run(["--postgres.dsn=postgres://user:hunter2@host:notaport/db"])
        #expect(result.status == 2)
        #expect(result.output.hasPrefix("sidelong: --postgres.dsn: "))
        #expect(!result.output.contains("hunter2"))
    }
}

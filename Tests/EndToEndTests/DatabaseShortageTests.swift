import Foundation
import Glibc
import TestKit
import Testing

/// A Postgres that has something else to do: locked tables, no connection left, many scrapes at once.
@Suite struct DatabaseShortageTests {
    private let postgres: PostgresServer
    private let folder: TemporaryFolder

    init() async throws {
        folder = try TemporaryFolder()
        postgres = try await PostgresServer.start(
            settings: ["max_connections": "8", "superuser_reserved_connections": "3"])
        try postgres.sql(try Project.text("deploy/gateway-schema.sql"))
        try postgres.sql("CREATE ROLE monitor LOGIN; GRANT pg_monitor TO monitor; GRANT pg_read_all_data TO monitor")
        try postgres.sql("CREATE ROLE app LOGIN")
    }

    /// Watches with two queries that are asked with every poll.
    private func sidelong() async throws -> Sidelong {
        let queries = ["users", "organizations"].map { table in
            """
            \(table):
              query: SELECT count(*) AS total FROM \(table)
              metrics:
                - total:
                    usage: GAUGE
                    description: Rows of a table.

            """
        }
        let file = try folder.write(queries.joined(), to: "queries.yaml")
        return try await Sidelong([
            "--redis.addr=127.0.0.1:1", "--postgres.dsn=postgres://monitor@127.0.0.1:\(postgres.port)/postgres",
            "--postgres.queries-file=\(file)",
            "--postgres.interval=200ms", "--retry.delay=50ms", "--wire.interfaces=off",
        ])
    }

    /// A hundred scrapes at the same time, all of which get a page.
    private func scrape(_ sidelong: Sidelong) async throws {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<100 { group.addTask { try sidelong.get("/metrics").status } }
            for try await status in group { #expect(status == 200) }
        }
    }

    private func count(_ condition: String, of table: String = "pg_stat_activity") throws -> Int? {
        Int(try postgres.sql("SELECT count(*) FROM \(table) WHERE \(condition)"))
    }

    @Test func aTableThatIsBeingAltered() async throws {
        let sidelong = try await sidelong()
        try await sidelong.waits(for: "users_total", toBe: 0)
        let alter = try postgres.session("ALTER TABLE users ADD COLUMN note text; SELECT pg_sleep(600)")
        let isLocked = "mode = 'AccessExclusiveLock' AND granted AND relation = 'users'::regclass"
        try await eventually("the lock") { try count(isLocked, of: "pg_locks") == 1 }
        try await eventually("the query fails: \(sidelong.process.output)") { try !sidelong.shows("users_total") }
        try await scrape(sidelong)
        #expect(try count(isLocked, of: "pg_locks") == 1, "the lock is still held")
        #expect(try sidelong.value("pg_up") == 1)
        #expect(try sidelong.value("organizations_total") == 0)
        #expect(try count("usename = 'monitor'") == 1, "one connection, whatever happens")
        try postgres.sql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE \(isLocked)")
        try await sidelong.waits(for: "users_total", toBe: 0)
        alter.kill()
    }

    @Test func noConnectionIsLeft() async throws {
        var others: [ServerProcess] = []
        for _ in 0..<5 { others.append(try postgres.session("SET ROLE app; SELECT pg_sleep(600)")) }
        try await eventually("all connections are taken") { try count("query LIKE '%pg_sleep(600)'") ?? 0 >= 5 }
        let sidelong = try await sidelong()
        try await sidelong.waits(for: "pg_up", toBe: 0)
        let refused = #"sidelong_collector_failures_total{collector="postgres",reason="refused"}"#
        #expect(try sidelong.value(refused) ?? 0 > 0, "\(sidelong.process.output)")
        try await scrape(sidelong)
        #expect(try sidelong.value("pg_up") == 0)
        #expect(try sidelong.get("/health/database").text.contains("all connection slots are taken"))
        for other in others { other.kill() }
        try postgres.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%SET ROLE app%pg_sleep(600)'")
        try await sidelong.waits(for: "pg_up", toBe: 1, within: .seconds(60))
        #expect(try count("usename = 'monitor'") == 1)
    }
}

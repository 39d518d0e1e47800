import Foundation
import Metrics
import TestKit
import Testing

@testable import Postgres

/// What pg_stat_statements costs the server, and what its figures are worth.
@Suite struct StatementCostTests {
    /// Statements of 1.6 kB that differ in the types of their constants only.
    private func statements(_ numbers: Range<Int>) -> String {
        let filler = String(repeating: "x", count: 1500)
        return numbers.map { number in
            let columns = (0..<12).map { number >> $0 & 1 == 0 ? "1" : "'a'" }.joined(separator: ", ")
            return "SELECT \(columns) /* \(filler) */;\n"
        }.joined()
    }

    private func temporaryFiles(_ server: PostgresServer) throws -> String {
        try server.sql("SELECT sum(temp_files), sum(temp_bytes) FROM pg_stat_database")
    }

    @Test(arguments: [DatabaseRelease.postgres, .postgresOfSid])
    func noPollWritesATemporaryFileAndOnlyNewStatementsAreRead(release: DatabaseRelease) async throws {
        let server = try await PostgresServer.start(
            release, settings: ["log_temp_files": "0", "log_statement": "all", "work_mem": "1MB"])
        try server.sql("CREATE EXTENSION pg_stat_statements")
        try server.createMonitor("monitor")
        try server.sql(bytes: Array(statements(0..<4000).utf8), database: "postgres")
        // The witness: this is what a poll that reads the texts in the ordinary way does.
        let before = try temporaryFiles(server)
        try server.sql("SELECT count(DISTINCT query) FROM pg_stat_statements")
        try await eventually("the witness's temporary file") { try temporaryFiles(server) != before }
        try await eventually("quiet statistics") {
            let one = try temporaryFiles(server)
            return try one == temporaryFiles(server)
        }

        let quiet = try temporaryFiles(server)
        let written = server.log.components(separatedBy: "temporary file").count
        func readings() -> Int { server.log.components(separatedBy: "pg_stat_statements(true)").count - 1 }
        let target = try server.target(user: "monitor")
        for _ in 0..<4 { #expect(try await target.poll().partFailures == []) }
        let select = try await target.poll().samples.value("database_queries_total", "select", "server", "") ?? 0
        #expect(select >= 4000)
        #expect(readings() == 1, "the texts are read once, and 6 MB are not read again at once for a new statement")
        try server.sql("CREATE TABLE new_one (value int)")
        _ = try await target.poll()
        #expect(readings() == 1)
        #expect(server.log.components(separatedBy: "temporary file").count == written)
        // A session reports its files at its end at the latest.
        try server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'monitor'")
        try await eventually("the end of the session") { server.log.contains("disconnection: ") }
        #expect(try temporaryFiles(server) == quiet)
        server.stop()
    }

    @Test(arguments: [DatabaseRelease.postgres, .postgresOfTrixie, .postgresOfSid])
    func sidelongsOwnStatementsAreNotCounted(release: DatabaseRelease) async throws {
        let server = try await PostgresServer.start(release)
        try server.sql("CREATE EXTENSION pg_stat_statements")
        for role in ["postgres", "monitor"] {
            if role == "monitor" { try server.createMonitor("monitor") }
            let queries = [try customQuery("SELECT 41 + 1 AS value"), try customQuery("VALUES (1); -- x", name: "odd")]
            let target = try server.target(user: role, queries: queries)
            let first = try await target.poll().samples.sum("database_queries_total")
            for _ in 0..<3 { _ = try await target.poll() }
            let last = try await target.poll()
            #expect(last.samples.sum("database_queries_total") == first, "as \(role)")
            #expect(last.samples.value("test_value") == 42)

            // The very same statement by the very same role is one to the server, and ours.
            try server.sql(role == "postgres" ? "SELECT 41 + 1, 2" : "SELECT 41 + 1 AS value")
            let next = try await target.poll()
            #expect(next.samples.sum("database_queries_total") == (first ?? 0) + 1, "the application's, as \(role)")
            let shown = next.samples.families.first { $0.descriptor.name == "pg_stat_statements_calls_total" }
            #expect(shown?.samples.isEmpty == false)
        }
        server.stop()
    }

    @Test(arguments: [
        ("SELECT 1", "SELECT /* sidelong */ 1"), ("(SELECT 1)", "( /* sidelong */SELECT 1)"),
        (
            "  -- a\n/* b /* c */ */ WITH x AS (TABLE y) TABLE x; -- d",
            "  -- a\n/* b /* c */ */ WITH /* sidelong */ x AS (TABLE y) TABLE x; -- d"
        ),
        ("\r\nTABLE\u{c}x", "\r\nTABLE /* sidelong */\u{c}x"),
        ("-- \u{e9}\rSELECT'\u{e9}'", "-- \u{e9}\rSELECT /* sidelong */'\u{e9}'"),
        ("", ""), ("-- only", "-- only"), ("/* open", "/* open"),
    ])
    func theMarkStandsBehindTheFirstWord(command: String, marked: String) {
        #expect(StatementMark.put(in: command) == marked)
    }

    @Test func forgottenAndResetStatementsTakeNothingAway() async throws {
        let server = try await PostgresServer.start()
        try server.sql("CREATE EXTENSION pg_stat_statements; CREATE TABLE kept (value int)")
        try server.createMonitor("monitor")
        let target = try server.target(user: "monitor")
        func inserts() async throws -> Double? {
            try await target.poll().samples.value("database_queries_total", "insert", "server", "")
        }
        for _ in 0..<5 { try server.sql("INSERT INTO kept VALUES (1)") }
        #expect(try await inserts() == 5)
        try server.sql("SELECT pg_stat_statements_reset()")
        #expect(try await inserts() == 5)
        for _ in 0..<2 { try server.sql("INSERT INTO kept VALUES (1)") }
        #expect(try await inserts() == 7, "what came after the reset counts in full")
        server.stop()
    }
}

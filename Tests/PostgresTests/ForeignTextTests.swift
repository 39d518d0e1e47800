import Foundation
import Metrics
import TestKit
import Testing

@testable import Postgres

/// Texts and names in no encoding, as databases in SQL_ASCII hold them.
@Suite struct ForeignTextTests {
    private func quoted(_ text: String, _ byte: UInt8, _ rest: String) -> [UInt8] {
        Array(text.utf8) + [byte] + Array(rest.utf8)
    }

    @Test(arguments: [DatabaseRelease.postgres, .postgresOfSid])
    func aStatementThatCannotBeDecodedCostsItselfOnly(release: DatabaseRelease) async throws {
        let server = try await PostgresServer.start(release)
        try server.sql("CREATE EXTENSION pg_stat_statements; CREATE TABLE counted (value int)")
        try server.sql("CREATE DATABASE bytes ENCODING 'SQL_ASCII' TEMPLATE template0")
        try server.sql(bytes: quoted("SELECT 'caf", 0xE9, "' AS \"caf\";\n"), database: "bytes")
        try server.sql(bytes: quoted("SELECT 1 AS \"caf", 0xE9, "\";\n"), database: "bytes")
        try server.createMonitor("monitor")
        let target = try server.target(user: "monitor")
        let first = try await target.poll()
        let before = try #require(first.samples.sum("database_queries_total"), "the family is there")
        #expect(before > 0 && first.partFailures.map(\.part) == ["postgres_queries"])
        #expect(first.failure(of: "postgres_queries")?.message.contains("statement texts cannot be read") == true)
        #expect(first.samples.names.contains("pg_stat_statements_calls_total"))

        // What a session runs that is still there is told by that.
        let session = try server.session("INSERT INTO counted VALUES (1) RETURNING pg_sleep(600)")
        try await eventually("the statement") {
            try server.sql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'INSERT%' AND state = 'active'")
                == "1"
        }
        try server.sql("SELECT count(*) FROM counted")
        let second = try await target.poll()
        #expect(second.samples.sum("database_queries_total") ?? 0 > before, "and the rest counts as other")
        #expect(second.samples.value("database_queries_total", "other", "server", "") ?? 0 > 0)
        session.kill()
        server.stop()
    }

    @Test(arguments: [DatabaseRelease.postgres, .postgresOfSid])
    func databasesThatDifferInAByteStayTwo(release: DatabaseRelease) async throws {
        let server = try await PostgresServer.start(release)
        try server.sql("CREATE DATABASE bytes ENCODING 'SQL_ASCII' TEMPLATE template0")
        for byte: UInt8 in [0xE9, 0xE8] {
            try server.sql(
                bytes: quoted("CREATE DATABASE \"caf", byte, "\" ENCODING 'SQL_ASCII' TEMPLATE template0;\n"),
                database: "bytes")
        }
        let collected = try await server.target().poll()
        #expect(collected.partFailures == [])
        for family in ["pg_database_size_bytes", "pg_database_frozen_xid_age"] {
            let names = collected.samples.families.first { $0.descriptor.name == family }?.samples.map { $0.labels[0] }
            #expect(names?.contains("caf\\xe9") == true && names?.contains("caf\\xe8") == true, "\(family)")
        }
        #expect(Exposition([.init(collected.samples)]).duplicates == 0)
        server.stop()
    }

    @Test(
        arguments: [
            ([0x63, 0xC3, 0xA9], "cé"), ([0x63, 0xE9], "c\\xe9"), ([0xE9, 0x63], "\\xe9c"),
            ([0xF0, 0x9F], "\\xf0\\x9f"),
            ([], ""), ([0xC3, 0xA9, 0x05, 0xFF], "é\u{5}\\xff"),
        ] as [([UInt8], String)])
    func bytesThatAreNoTextAreWrittenOut(bytes: [UInt8], text: String) {
        #expect(CellText.decode(bytes.span) == text)
    }

    /// Databases and pools whose names differ in their Unicode form only: each has its own figures.
    @Test func namesThatDifferInUnicodeFormStayTwo() {
        let names = ["caf\u{e9}", "cafe\u{301}"]
        let header = "datname\tbackend_type\tstate\twait_event_type\tcount\tlongest_transaction\tlongest_state\n"
        let sessions = names.map { "\($0)\tclient backend\tactive\t\\N\t1\t\\N\t\\N\n" }.joined()
        let activity = PostgresActivity().samples(from: rows(header + sessions), of: session())
        #expect(activity[PostgresActivity.count].count == 2 * PostgresActivity.states.count)

        let pools = names.map { "\($0)\tapp\t0\t0\t1\t0\t0\t0\t0\t0\tsession\n" }.joined()
        let columns = "database\tuser\tcl_active\tcl_waiting\tsv_active\tsv_idle\tsv_used\tsv_tested\tsv_login\tmaxwait"
        let answers = [
            rows("\(columns)\tpool_mode\n\(pools)"), rows("name\tpool_size\n\(names[0])\t1\n\(names[1])\t4\n"),
        ]
        let ratios = PgBouncerPools().samples(from: answers)[PgBouncerPools.utilization].map(\.value)
        #expect(ratios == [.number(1), .number(0.25)])
    }
}

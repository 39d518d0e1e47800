import Foundation
import Metrics
import TestKit
import Testing

@testable import Postgres

/// Queries files that people bring along, on real servers.
@Suite struct QueryPeerTests {
    private func queries(_ name: String) throws -> [CustomQuery] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/queries/\(name).yaml")
        return try CustomQuery.read(SmallYAML.parse(try String(contentsOf: file, encoding: .utf8)))
    }

    private func poll(_ server: PostgresServer, _ queries: [CustomQuery]) async throws -> Collected {
        try await server.target(queries: queries).poll()
    }

    @Test(arguments: [DatabaseRelease.postgres, .postgresOfSid])
    func filesOfOtherProgramsWorkUnedited(release: DatabaseRelease) async throws {
        let server = try await PostgresServer.start(release)
        try server.sql("CREATE EXTENSION pg_stat_statements; CREATE TABLE vacuumed (value int)")
        try server.sql("VACUUM vacuumed")
        // Somebody who is idle.
        let idle = try server.target()
        _ = try await idle.poll()
        defer { withExtendedLifetime(idle) {} }
        for name in ["postgres-exporter-0.8", "postgres-exporter-0.10", "cloudnative-pg"] {
            let queries = try queries(name)
            let collected = try await poll(server, queries)
            #expect(collected.partFailures == [], "\(name)")
            #expect(Exposition([.init(collected.samples)]).duplicates == 0, "\(name)")
            let started = Double(try server.sql("SELECT extract(epoch FROM pg_postmaster_start_time())")) ?? 0
            #expect(abs((collected.samples.value("pg_postmaster_start_time_seconds") ?? 0) - started) < 0.001)
            switch name {
            case "postgres-exporter-0.8":
                let vacuumed = try #require(
                    collected.samples.value("pg_stat_user_tables_last_vacuum", "postgres", "public", "vacuumed"))
                #expect(abs(vacuumed - Date().timeIntervalSince1970) < 600)
                #expect(
                    collected.samples.value("pg_stat_user_tables_last_autovacuum", "postgres", "public", "vacuumed")
                        == 0)
                #expect(collected.samples.value("pg_database_size_bytes", "template1") != nil, "the file's own word")
                #expect(collected.samples.names.contains("pg_database_connection_limit"), "which costs the others none")
            case "postgres-exporter-0.10":
                let names = ["pg_stat_statements_calls", "pg_process_idle_seconds", "pg_stat_statements_calls_total"]
                #expect(collected.samples.names.isSuperset(of: names))
            default:
                #expect(collected.samples.names.isSuperset(of: ["backends_by_state_total", "on_the_primary_alive"]))
                #expect(collected.samples.value("checkpoints_timed") != nil)
            }
        }
        server.stop()
    }

    @Test(arguments: [DatabaseRelease.postgres, .postgresOfSid])
    func whatDisagreesIsNamedAndTheRestIsShown(release: DatabaseRelease) async throws {
        let server = try await PostgresServer.start(release)
        func query(_ name: String, _ text: String, _ columns: String) -> String {
            "\(name):\n  query: \(text)\n  metrics:\n\(columns)"
        }
        func column(_ name: String, _ usage: String) -> String { "    - \(name):\n        usage: \(usage)\n" }
        let file = [
            query("gone", "SELECT 1 AS here", column("here", "GAUGE") + column("absent", "GAUGE")),
            query("misspelt", "SELECT 'a' AS label, 1 AS here", column("lable", "LABEL") + column("here", "GAUGE")),
            query("word", "SELECT 'secret' AS value, 2 AS here", column("value", "GAUGE") + column("here", "GAUGE")),
            query("two", "SELECT 1 AS here; SELECT 2 AS here", column("here", "GAUGE")),
            query(
                "same", "SELECT 'a' AS label, n AS here FROM generate_series(1, 3) AS n",
                column("label", "LABEL") + column("here", "GAUGE")),
            query("negative", "SELECT -1 AS here", column("here", "COUNTER")),
            query("empty", "SELECT 1 AS here WHERE false", column("here", "GAUGE") + column("absent", "LABEL")),
            query(
                "well", "SELECT NULL AS here, 'NaN'::float8 AS there, 3 AS value",
                column("here", "GAUGE") + column("there", "GAUGE") + column("value", "GAUGE")),
            query(
                "times", "SELECT now() AS a, now()::timestamp AS b, current_date AS c, 'infinity'::timestamptz AS d",
                column("a", "GAUGE") + column("b", "GAUGE") + column("c", "GAUGE") + column("d", "GAUGE")),
        ].joined()
        let collected = try await poll(server, try CustomQuery.read(SmallYAML.parse(file)))
        func message(_ name: String) -> String { collected.failure(of: "postgres_query_\(name)")?.message ?? "" }
        #expect(message("gone").contains("does not return absent"))
        #expect(message("misspelt").contains("does not return lable"))
        #expect(message("word").contains("1 values of value are no numbers") && !message("word").contains("secret"))
        #expect(message("two").contains("multiple commands"))
        #expect(message("same").contains("2 rows have the same labels"))
        #expect(message("negative").contains("numbers from 0 up"))
        #expect(message("empty").contains("does not return absent"))
        #expect(Set(collected.partFailures.map(\.part)).count == 7)
        #expect(collected.samples.value("gone_here") == 1 && collected.samples.value("word_here") == 2)
        #expect(collected.samples.value("well_value") == 3)
        let now = Date().timeIntervalSince1970
        for name in ["times_a", "times_b"] { #expect(abs((collected.samples.value(name) ?? 0) - now) < 600, "\(name)") }
        let today = try #require(collected.samples.value("times_c"))
        #expect(today.truncatingRemainder(dividingBy: 86400) == 0 && abs(today - now) < 2 * 86400)
        #expect(collected.samples.value("times_d") == .infinity)
        server.stop()
    }

    @Test(
        arguments: [
            ("1970-01-01", 0.0), ("2024-02-29", 1_709_164_800), ("2024-11-28 20:15:03.5", 1_732_824_903.5),
            ("2024-11-28 20:15:03+01", 1_732_821_303), ("2024-11-28 20:15:03-03:30", 1_732_837_503),
            ("1969-12-31 23:59:59+00", -1), ("0001-01-01 BC", -62_167_219_200), ("10000-01-01", 253_402_300_800),
            ("2024-13-01", nil), ("2024-11-28T20:15:03", nil), ("12:00:00", nil), ("word", nil), ("1-2-3", nil),
            ("", nil),
            ("2024-11-28 20:15", nil), ("2024-11-28 20:15:03+x", nil), ("--", nil),
        ] as [(String, Double?)])
    func timesAreSecondsSince1970(text: String, seconds: Double?) {
        #expect(PostgresTime.seconds(in: text) == seconds)
    }

    @Test(
        arguments: [
            (">=10.0.0", 150020, true), (">=16.0.0", 150020, false), (">=10.0.0 <15.0.0", 150020, false),
            ("<10.0.0 || >=15.3.0", 150020, true), ("15.20.0", 150020, true), ("!=15.20.0", 150020, false),
            ("<17", 180006, false), ("> 17", 180006, nil), ("", 180006, nil), (">=a", 180006, nil),
            ("|| >=1", 180006, nil),
        ] as [(String, Int, Bool?)])
    func releasesAreRanges(text: String, version: Int, isIn: Bool?) {
        #expect(ServerReleases(text)?.contains(version) == isIn)
    }
}

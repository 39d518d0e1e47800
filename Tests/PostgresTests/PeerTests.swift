import Foundation
import Metrics
import TestKit
import Testing

@testable import Postgres

/// The exporters that users come from, on the same servers at the same time: what they have by default, we have under
/// the same name with the same value, or there is a reason here.
@Suite(OnPostgres(settings: ["autovacuum": "off"])) struct PeerTests {
    /// Families of the peers that we lack, by the beginning of their names. docs/migrating.md has the same list.
    static let lacking: [(prefix: String, reason: String)] = [
        ("pg_up", "given by the poll's outcome, outside this room"),
        ("pgbouncer_up", "given by the poll's outcome, outside this room"),
        ("pg_exporter_", "about that exporter itself; sidelong_collector_* here"),
        ("pg_scrape_collector_", "about that exporter itself; sidelong_collector_* here"),
        ("pgbouncer_exporter_", "about that exporter itself; sidelong_build_info here"),
        (
            "pg_stat_user_tables_",
            "a series for each table and column, and sizes that wait behind DDL; a query of one's own"
        ),
        ("pg_statio_user_tables_", "a series for each table and column; a query of one's own"),
        ("pg_stat_database_checksum_", "NULL without checksums: absent here, NaN there"),
    ]

    private struct Page {
        /// Values by family, then by the labels that both know.
        var series: [String: [[String: String]: Double]] = [:]

        init(text: String) throws {
            for line in text.split(separator: "\n") where line.hasPrefix("pg_") || line.hasPrefix("pgbouncer_") {
                let space = try #require(line.lastIndex(of: " "))
                let head = line[..<space]
                let name = String(head.prefix { $0 != "{" })
                var labels: [String: String] = [:]
                if let open = head.firstIndex(of: "{") {
                    for pair in head[head.index(after: open)...].dropLast().components(separatedBy: "\",") {
                        let parts = pair.split(separator: "=", maxSplits: 1)
                        labels[String(parts[0])] = parts[1].trimmingCharacters(in: ["\""])
                    }
                }
                labels["server"] = nil
                series[name, default: [:]][labels.filter { !$0.value.isEmpty }] = Double(
                    line[line.index(after: space)...])
            }
        }
    }

    private func page(of program: String, _ arguments: [String], dsn: String) async throws -> Page {
        let folder = try TemporaryFolder()
        let port = try freePort()
        let exporter = try ServerProcess(
            program, ["--web.listen-address=127.0.0.1:\(port)"] + arguments, environment: ["DATA_SOURCE_NAME": dsn],
            in: folder)
        var text = ""
        try await eventually("the page of \(program)") {
            try #require(exporter.isRunning, "\(exporter.output)")
            text = (try? Self.page(port: port)) ?? ""
            return text.contains("_up 1")
        }
        return try Page(text: text)
    }

    /// HTTP/1.0, because these servers would send a long page in chunks otherwise.
    private static func page(port: Int) throws -> String {
        let socket = try RawSocket(port: port)
        try socket.send("GET /metrics HTTP/1.0\r\n\r\n")
        return try HTTPAnswer(parsing: try socket.receiveAll()).text
    }

    private func compare(_ theirs: Page, with collected: Collected, volatile: [String]) throws {
        let ours = try Page(
            text: String(decoding: Exposition([.init(collected.samples)]).page(in: .text), as: UTF8.self))
        let missing = theirs.series.keys.filter { name in
            ours.series[name] == nil && !Self.lacking.contains { name.hasPrefix($0.prefix) }
        }
        #expect(missing.sorted() == [])
        for (name, series) in theirs.series where !volatile.contains(where: { name.hasPrefix($0) }) {
            for (labels, value) in series {
                guard let own = ours.series[name]?[labels] else { continue }
                #expect(abs(own - value) <= 0.001 * abs(value), "\(name) \(labels): theirs \(value), ours \(own)")
            }
        }
    }

    /// Counters move on between the two looks, and the sessions of the exporters differ.
    private let volatile = [
        "pg_stat_", "pg_locks_count", "pg_static", "pg_replication", "pg_wal", "pg_database_size_bytes",
        "pg_settings_application_name", "pg_settings_extra_float_digits",
    ]

    /// Everything that gives a family its first series: standbys, a slot for subscribers, a file in the archive, a
    /// prepared transaction, statistics that have been reset.
    private func furnish(_ server: PostgresServer, _ slot: String) async throws -> [PostgresServer] {
        let settings = ["max_prepared_transactions": "5"]
        let standbys = [
            try await server.standby(slot: "\(slot)_1", settings: settings),
            try await server.standby(slot: "\(slot)_2", settings: settings),
        ]
        try server.sql(
            """
            SELECT pg_create_logical_replication_slot('\(slot)_logical', 'pgoutput');
            SELECT pg_stat_reset();
            CREATE TABLE \(slot) (value int)
            """)
        try server.sql("BEGIN; INSERT INTO \(slot) VALUES (1); PREPARE TRANSACTION '\(slot)'")
        try server.sql("SELECT pg_switch_wal()")
        try await eventually("standbys that stream, and an archived file") {
            try server.sql("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == "2"
                && server.sql("SELECT archived_count > 0 FROM pg_stat_archiver") == "t"
        }
        return standbys
    }

    @Test(arguments: [
        ("prometheus-postgres-exporter", "old"), (DatabaseRelease.peers.path("prometheus-postgres-exporter"), "new"),
    ])
    func postgresExporterHasLittleThatWeLack(program: String, slot: String) async throws {
        let server = try await PostgresServer.start(
            settings: [
                "wal_level": "logical", "max_prepared_transactions": "5", "archive_mode": "on",
                "archive_command": "true",
            ])
        let standbys = try await furnish(server, slot)
        let dsn = "postgresql://postgres@127.0.0.1:\(server.port)/postgres?sslmode=disable"
        let theirs = try await page(of: program, [], dsn: dsn)
        let collected = try await server.target().poll()
        try compare(theirs, with: collected, volatile: volatile)
        let ours = try Page(
            text: String(decoding: Exposition([.init(collected.samples)]).page(in: .text), as: UTF8.self))
        let prefixes = ["pg_replication_slot", "pg_stat_repl"]
        for (name, series) in theirs.series where prefixes.contains(where: name.hasPrefix) {
            // NULL for physical slots: absent here, 0 there.
            if name.hasSuffix("confirmed_flush_lsn") { continue }
            #expect(ours.series[name]?.count ?? 0 >= series.count, "\(name): as many slots and standbys")
        }
        #expect(ours.series["pg_stat_replication_pg_wal_lsn_diff"]?.count == 2)
        #expect(ours.series["pg_replication_slots_slot_is_active"]?.count == 3)
        for standby in standbys { standby.stop() }
        defer { server.stop() }
        let size = theirs.series["pg_database_size_bytes"]?[["datname": "postgres"]]
        let ownSize = collected.samples.value("pg_database_size_bytes", "postgres")
        #expect(abs((size ?? 0) - (ownSize ?? 1e12)) < 1e6)
        let commits = theirs.series["pg_stat_database_xact_commit"]?.first { $0.key["datname"] == "postgres" }
        let ownCommits = collected.samples[
            PostgresDatabases.metrics.first { $0.column == "xact_commit" }!.descriptor
        ].first { $0.labels[1] == "postgres" }
        guard case .number(let committed)? = ownCommits?.value else { return #expect(Bool(false), "no commits") }
        #expect(committed >= commits?.value ?? .infinity)
    }

    @Test(arguments: [DatabaseRelease.pgBouncer, .pgBouncerOfSid])
    func pgBouncerExporterHasLittleThatWeLack(release: DatabaseRelease) async throws {
        let server = try OnPostgres.server
        let bouncer = try await PgBouncer.start(
            release, before: server, settings: ["ignore_startup_parameters": "extra_float_digits"])
        let client = try server.session("SELECT 1", database: "app", port: bouncer.port)
        #expect(try await client.exitStatus() == 0)
        let dsn = "postgres://stats@127.0.0.1:\(bouncer.port)/pgbouncer?sslmode=disable"
        let theirs = try await page(
            of: DatabaseRelease.peers.path("prometheus-pgbouncer-exporter"), ["--pgBouncer.connectionString=\(dsn)"],
            dsn: dsn)
        let address = try ConnectionString(parsing: "host=127.0.0.1 port=\(bouncer.port) user=stats")
        let collected = try await PgBouncerTarget(PgBouncerOptions(PostgresAccess(address))).collect(
            before: .after(.seconds(30)))
        // The exporters' own logins are clients and queries of the console.
        try compare(
            theirs, with: collected,
            volatile: [
                "pgbouncer_used_clients", "pgbouncer_free_clients", "pgbouncer_pools_client_active",
                "pgbouncer_stats_totals_queries_pooled", "pgbouncer_stats_totals_sql",
            ])
    }
}

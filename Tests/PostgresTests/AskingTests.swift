import Foundation
import Metrics
import TestKit
import Testing

@testable import Postgres

/// What is asked of a server, and what no longer is.
@Suite struct AskingTests {
    private func errors(_ server: PostgresServer) -> Int { server.log.components(separatedBy: "ERROR: ").count - 1 }

    @Test(arguments: [DatabaseRelease.postgres, .postgresOfSid])
    func whatTheServerDoesNotHaveIsAskedOnce(release: DatabaseRelease) async throws {
        let server = try await PostgresServer.start(
            release, settings: ["shared_preload_libraries": "", "allow_system_table_mods": "on"])
        // An extension that is not loaded, and a function that a server like Aurora does not have.
        try server.sql("CREATE EXTENSION pg_stat_statements")
        try server.sql("ALTER FUNCTION pg_catalog.mxid_age(xid) RENAME TO not_here")
        try server.createMonitor("monitor")
        let target = try server.target(user: "monitor")
        let first = try await target.poll()
        let missing = Set(["postgres_xid", "postgres_statements", "postgres_queries"])
        #expect(Set(first.partFailures.map(\.part)) == missing)
        #expect(first.partFailures.allSatisfy { $0.failure.reason == .unsupported })
        let refused = errors(server)
        #expect(refused == 3)
        for _ in 0..<5 {
            let next = try await target.poll()
            #expect(next.partFailures == [] && missing.isSubset(of: next.skipped), "the first word stands")
        }
        #expect(errors(server) == refused)
        server.stop()
    }

    @Test(arguments: [DatabaseRelease.postgres, .postgresOfSid])
    func whatNobodyWantsToSeeIsNotAsked(release: DatabaseRelease) async throws {
        let server = try await PostgresServer.start(release, settings: ["log_statement": "all"])
        try server.sql("CREATE EXTENSION pg_stat_statements")
        let wordings = ["locks": "FROM pg_catalog.pg_locks WHERE pid", "size": "pg_database_size", "slots": "safe_wal"]
        let all = try server.target()
        _ = try await all.poll()
        for (_, wording) in wordings { #expect(server.log.contains(wording), "\(wording)") }

        let marked = server.log.count
        let excluding = PostgresExclusions(parts: ["locks", "size"]) { family in
            // As `--metrics.exclude=pg_replication_slot*` and another pattern that fits a part of a part only.
            family.hasPrefix("pg_replication_slot") || family.hasPrefix("pg_stat_wal_w")
        }
        let target = try server.target(exclusions: excluding)
        let collected = try await target.poll()
        let asked = String(server.log.dropFirst(marked))
        for (_, wording) in wordings { #expect(!asked.contains(wording), "\(wording)") }
        #expect(target.parts.isDisjoint(with: ["postgres_locks", "postgres_size", "postgres_slots"]))
        #expect(collected.samples.names.contains("pg_stat_wal_bytes_total"), "a part with a wanted family is asked")
        #expect(PostgresParts.names.contains("statements") && PostgresParts.names.contains("locks"))
        server.stop()
    }

    @Test(arguments: [DatabaseRelease.postgres, .postgresOfSid])
    func databasesAreChosenByPattern(release: DatabaseRelease) async throws {
        let server = try await PostgresServer.start(release, settings: ["log_statement": "all"])
        for name in ["app_one", "app_test", "appxone", "other", #"it''s\"odd"#] {
            try server.sql("CREATE DATABASE \"\(name.replacing("\"", with: "\"\""))\"")
        }
        try server.sql("CREATE EXTENSION pg_stat_statements")
        func databases(_ patterns: String...) async throws -> [Set<String>] {
            let collected = try await server.target(databases: DatabaseFilter(patterns)).poll()
            #expect(collected.partFailures == [], "\(patterns)")
            return [
                ("pg_database_size_bytes", 0), ("pg_locks_count", 0), ("pg_stat_activity_count", 0),
                ("pg_stat_database_xact_commit", 1), ("pg_database_frozen_xid_age", 0),
            ].map { family, label in
                let samples = collected.samples.families.first { $0.descriptor.name == family }?.samples ?? []
                return Set(samples.map { $0.labels[label] }.filter { !$0.isEmpty })
            }
        }
        #expect(try await databases("app_*", "!*_test").allSatisfy { $0 == ["app_one"] })
        #expect(try await databases("app_one", "other").allSatisfy { $0 == ["app_one", "other"] })
        for found in try await databases("!app*") {
            #expect(found.isSuperset(of: ["postgres", "other"]) && found.isDisjoint(with: ["app_one", "appxone"]))
        }
        #expect(try await databases(#"it''s\"odd"#).allSatisfy { $0 == [#"it''s\"odd"#] })
        server.stop()
    }

    /// Three thousand databases, as rows of a catalog without files, cost no real series.
    @Test func zeroRowsDoNotPushOutRealOnes() async throws {
        let server = try await PostgresServer.start(settings: ["allow_system_table_mods": "on"])
        try server.sql("CREATE DATABASE busy")
        let columns = try server.sql(
            "SELECT string_agg(attname, ', ') FROM pg_attribute WHERE attrelid = 'pg_database'::regclass AND attnum > 2"
        )
        try server.sql(
            """
            INSERT INTO pg_database (oid, datname, \(columns))
            SELECT 100000 + n, 'tenant_' || n, \(columns) FROM pg_database, generate_series(1, 3000) AS n
            WHERE datname = 'busy'
            """)
        let holder = try server.session("BEGIN; LOCK TABLE pg_depend; SELECT pg_sleep(600)", database: "busy")
        try await eventually("the lock") {
            try server.sql("SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND database <> 0") != "0"
        }
        let samples = try await server.target().poll().samples
        #expect(samples.value("pg_locks_count", "busy", "accessexclusivelock") == 1)
        #expect(samples.sum("pg_locks_count") ?? 0 >= 1)
        #expect(samples.value("pg_stat_activity_count", "busy", "active", "client backend", "Timeout") == 1)
        #expect(samples.overfullFamilies.map(\.name) == [])
        holder.kill()
        server.stop()
    }
}

extension [String] {
    fileprivate func isDisjoint(with others: [String]) -> Bool { !contains { others.contains($0) } }
}

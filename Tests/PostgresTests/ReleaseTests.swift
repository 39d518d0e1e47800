import Foundation
import Metrics
import TestKit
import Testing

@testable import Postgres

/// Every part on every release that can be run here.
@Suite struct ReleaseTests {
    @Test(arguments: [DatabaseRelease.postgres, .postgresOfTrixie, .postgresOfSid])
    func everyPartAnswersOverOneConnection(release: DatabaseRelease) async throws {
        let deploy = URL(fileURLWithPath: #filePath).appending(path: "../../../deploy").standardized
        let schema = try String(contentsOf: deploy.appending(path: "gateway-schema.sql"), encoding: .utf8)
        let file = try String(contentsOf: deploy.appending(path: "gateway-queries.yaml"), encoding: .utf8)
        let queries = try CustomQuery.read(SmallYAML.parse(file))
        let server = try await PostgresServer.start(release, settings: ["wal_level": "logical"])
        try server.sql("CREATE EXTENSION pg_stat_statements; \(schema)")
        try server.sql(
            """
            SELECT pg_create_physical_replication_slot('standby', true);
            INSERT INTO organizations (name) VALUES ('one'), ('two');
            INSERT INTO users (organization_id, email) SELECT 1, 'user' || n FROM generate_series(1, 5) AS n;
            INSERT INTO redis_instances (organization_id, name, deleted_at) VALUES (1, 'a', NULL), (1, 'b', now());
            INSERT INTO api_keys (organization_id, key_hash, expires_at, revoked_at) VALUES
                (1, 'a', NULL, NULL), (1, 'b', now() - interval '1 day', NULL), (2, 'c', NULL, now()), (2, 'd', NULL, NULL);
            ALTER ROLE postgres CONNECTION LIMIT 30
            """)
        try server.createMonitor("monitor")
        try server.sql(
            """
            GRANT SELECT (id) ON organizations, users TO monitor;
            GRANT SELECT (id, deleted_at) ON redis_instances TO monitor;
            GRANT SELECT (id, expires_at, revoked_at) ON api_keys TO monitor
            """)
        let target = try server.target(
            user: "monitor", queries: queries, slowInterval: .seconds(3600))

        let first = try await target.poll()
        #expect(first.partFailures == [])
        let hasIO = release.name != DatabaseRelease.postgres.name
        #expect(Set(first.skipped) == Set(["postgres_receiver"] + (hasIO ? [] : ["postgres_io"])), "it has none")
        let samples = first.samples
        #expect(samples.value("organizations_total") == 2 && samples.value("users_total") == 5)
        #expect(samples.value("redis_instances_total") == 1)
        #expect(samples.value("api_keys_total", "active") == 2)
        #expect(samples.value("api_keys_total", "expired") == 1 && samples.value("api_keys_total", "revoked") == 1)
        let promised = Set((PostgresTarget.descriptors + queries.flatMap(\.descriptors)).map(\.name))
        #expect(
            samples.names.filter { !$0.hasPrefix("pg_settings_") }.isSubset(of: promised))
        for family in [
            "pg_static", "pg_postmaster_start_time_seconds", "pg_connections_used", "pg_connections_usable",
            "pg_stat_activity_count", "pg_stat_database_sessions", "pg_locks_count", "pg_locks_waiting",
            "pg_database_size_bytes", "pg_roles_connection_limit", "pg_replication_is_replica",
            "pg_replication_slot_retained_bytes", "pg_stat_wal_bytes_total", "pg_wal_segments",
            "pg_stat_archiver_archived_count", "pg_stat_bgwriter_checkpoints_timed_total", "pg_database_frozen_xid_age",
            "pg_settings_max_connections", "pg_replication_slots_slot_is_active", "pg_stat_statements_seconds_total",
            "database_queries_total",
        ] {
            #expect(samples.names.contains(family), "\(family)")
        }
        #expect(
            samples.value("pg_connections_usable") == 37 && (1...10).contains(samples.value("pg_connections_used") ?? 0)
        )
        #expect(samples.value("pg_roles_connection_limit", "monitor") == 1)
        #expect(samples.value("sidelong_postgres_privilege_missing", "pg_monitor") == 0)
        #expect(samples.value("sidelong_postgres_pooled") == 0)
        #expect(samples.value("pg_settings_statement_timeout_seconds") == 0, "the server's, not our own session's")
        let inserts = try #require(samples.value("database_queries_total", "insert", "server", ""))
        #expect(inserts >= 4)

        try server.sql("/* hint */ INSERT INTO organizations (name) VALUES ('three')")
        let second = try await target.poll()
        #expect(second.samples.value("database_queries_total", "insert", "server", "") == inserts + 1)
        #expect(second.samples.value("organizations_total") == 2, "kept for its ttl")
        #expect(second.samples.value("pg_settings_max_connections") == 40, "kept for the slow interval")
        #expect(Set(second.skipped).isSuperset(of: ["postgres_settings", "postgres_size", "postgres_query_users"]))
        #expect(server.sessions(of: "monitor") == (total: 1, most: 1))
        server.stop()
    }
}

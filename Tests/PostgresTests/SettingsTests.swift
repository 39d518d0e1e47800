import Metrics
import TestKit
import Testing

@testable import Postgres

/// Settings are shown as the server has them, not as our own session does.
@Suite struct SettingsTests {
    private static let names = ["default_transaction_read_only", "transaction_read_only"]

    /// Every transaction of ours is read-only, which says nothing about the server.
    @Test(arguments: [DatabaseRelease.postgres, .postgresOfSid])
    func aServerIsReadOnlyOnlyWhereOthersFindItSo(release: DatabaseRelease) async throws {
        let server = try await PostgresServer.start(release)
        let standby = try await server.standby(slot: "read_only")
        #expect(try await shown(by: server) == [0, 0])
        #expect(try await shown(by: standby) == [0, 1])
        for server in [server, standby] { #expect(try await shown(by: server) == seenByOthers(on: server)) }

        try server.sql("ALTER DATABASE postgres SET default_transaction_read_only = on")
        #expect(try await shown(by: server) == [1, 1])
        #expect(try await shown(by: server) == seenByOthers(on: server))
        standby.stop()
        server.stop()
    }

    /// Our own transactions are limited, and a server that limits nobody says so.
    @Test(arguments: [DatabaseRelease.postgres, .postgresOfSid])
    func limitsAreThoseOfOtherSessions(release: DatabaseRelease) async throws {
        let server = try await PostgresServer.start(release)
        let names = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]
        func shown() async throws -> [Double?] {
            let samples = try await server.target().poll().samples
            return names.map { samples.value("pg_settings_\($0)_seconds") }
        }
        #expect(try await shown() == [0, 0, 0])
        for name in names {
            try server.sql("ALTER SYSTEM SET \(name) = '7s'")
        }
        try server.sql("SELECT pg_reload_conf()")
        try await eventually("limits of the server's own") {
            try server.sql("SELECT count(*) FROM pg_settings WHERE setting = '7000' AND name LIKE '%timeout'") == "3"
        }
        #expect(try await shown() == [7, 7, 7])
        // The owner of a role may leave no time for anything: what we show is right, and that setting is not known.
        try server.sql("ALTER ROLE postgres SET statement_timeout = '1ms'")
        #expect(try await shown() == [nil, nil, nil])
        let kept = try server.target(queries: [customQuery("SELECT 1 AS value FROM pg_sleep(0.1)")])
        #expect(try await kept.poll().samples.value("test_value") == 1)
        server.stop()
    }

    private func shown(by server: PostgresServer) async throws -> [Double?] {
        let samples = try await server.target().poll().samples
        return Self.names.map { samples.value("pg_settings_\($0)") }
    }

    private func seenByOthers(on server: PostgresServer) throws -> [Double?] {
        try Self.names.map { name in
            try server.sql("SELECT setting FROM pg_settings WHERE name = '\(name)'") == "on" ? 1 : 0
        }
    }
}

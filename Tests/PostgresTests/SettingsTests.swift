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

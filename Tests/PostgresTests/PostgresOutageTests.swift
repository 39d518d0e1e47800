import Foundation
import Metrics
import TestKit
import Testing

@testable import Postgres

/// What happens when the server goes away in one way or another. One after the other, because they share the server.
@Suite(OnPostgres(settings: ["max_connections": "8", "superuser_reserved_connections": "3"]), .serialized)
struct PostgresOutageTests {
    @Test func aRestartIsNotEvenNoticed() async throws {
        let server = try OnPostgres.server
        try server.createMonitor("restarted")
        let target = try server.target(user: "restarted", slowInterval: .seconds(3600))
        _ = try await target.poll()
        server.stop()
        let failure = await #expect(throws: CollectorFailure.self) { try await target.poll() }
        #expect(failure?.reason == .connect)
        try await server.start()
        #expect(try await target.poll().partFailures == [])

        // Closed behind our back: replaced within the same poll, and everything is asked anew.
        try server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'restarted'")
        try await eventually("the end of the session") {
            try server.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'restarted'") == "0"
        }
        let after = try await target.poll()
        #expect(
            after.partFailures == []
                && after.skipped.allSatisfy {
                    $0.hasPrefix("postgres_statements")
                        || ["postgres_queries", "postgres_receiver", "postgres_io"].contains($0)
                })
        #expect(server.sessions(of: "restarted") == (total: 2, most: 1))
    }

    @Test func aStoppedServerCostsOneDeadlineAndComesBack() async throws {
        let server = try OnPostgres.server
        try server.createMonitor("stopped")
        let target = try server.target(user: "stopped")
        _ = try await target.poll()
        server.signal(SIGSTOP)
        for _ in 0..<3 {
            let failure = await #expect(throws: CollectorFailure.self) {
                try await target.poll(within: .milliseconds(300))
            }
            #expect(failure?.reason == .timeout)
        }
        server.signal(SIGCONT)
        // The role may connect once at a time, so this also shows that nothing of the attempts stays behind.
        try await eventually("recovery") { (try? await target.poll())?.partFailures == [] }
        // Not by the log: for a moment the server still logs in attempts that the target has given up long ago.
        try await eventually("the end of all other sessions") {
            try server.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'stopped'") == "1"
        }
    }

    @Test func withAllConnectionsTakenTheKeptOneGoesOn() async throws {
        let server = try OnPostgres.server
        try server.createMonitor("kept")
        try server.createMonitor("late")
        try server.sql("CREATE ROLE app LOGIN")
        let kept = try server.target(user: "kept")
        _ = try await kept.poll()
        var sessions: [ServerProcess] = []
        for _ in 0..<4 { sessions.append(try server.session("SET ROLE app; SELECT pg_sleep(602)")) }
        try await eventually("a full server") {
            try await kept.poll().samples.value("pg_connections_used") == 5
        }
        let collected = try await kept.poll()
        #expect(collected.samples.value("pg_connections_usable") == 5 && collected.partFailures == [])

        let late = try server.target(user: "late")
        let failure = await #expect(throws: CollectorFailure.self) { try await late.poll() }
        #expect(failure?.reason == .refused && failure?.message.contains("all connection slots are taken") == true)

        for session in sessions { session.kill() }
        try server.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(602)' AND pid <> pg_backend_pid()"
        )
        try await eventually("a free connection") { (try? await late.poll())?.partFailures == [] }
        #expect(server.sessions(of: "kept") == (total: 1, most: 1))
    }
}

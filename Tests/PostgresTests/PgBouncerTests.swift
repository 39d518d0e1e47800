import Foundation
import Metrics
import TestKit
import Testing

@testable import Postgres

@Suite(OnPostgres()) struct PgBouncerTests {
    private func target(_ bouncer: PgBouncer) throws -> PgBouncerTarget {
        let address = try ConnectionString(parsing: "host=127.0.0.1 port=\(bouncer.port) user=stats")
        return PgBouncerTarget(PgBouncerOptions(PostgresAccess(address, connectTimeout: .seconds(10))))
    }

    @Test(arguments: [DatabaseRelease.pgBouncer, .pgBouncerOfTrixie, .pgBouncerOfSid])
    func aPoolThatFillsUpIsSeenWhileItHappens(release: DatabaseRelease) async throws {
        let server = try OnPostgres.server
        let bouncer = try await PgBouncer.start(release, before: server, settings: ["default_pool_size": "2"])
        let target = try target(bouncer)
        func utilization() async throws -> Double? {
            try await target.collect(before: .after(.seconds(30))).samples
                .value("pgbouncer_pool_utilization_ratio", "app", "postgres")
        }
        let idle = try await target.collect(before: .after(.seconds(30)))
        #expect(idle.partFailures == [])
        let version = try #require(idle.samples[PgBouncerTarget.version].first?.labels.first)
        #expect(version.hasPrefix("PgBouncer 1."))
        #expect(idle.skipped == (PgBouncerVersion(version) < .withState ? ["pgbouncer_state"] : []))
        #expect(idle.samples.names.isSubset(of: Set(PgBouncerTarget.descriptors.map(\.name))))
        #expect(idle.samples.value("pgbouncer_pool_utilization_ratio", "app", "postgres") == nil, "no pool yet")

        let first = try server.session("SELECT pg_sleep(603)", database: "app", port: bouncer.port)
        try await eventually("half a pool") { try await utilization() == 0.5 }
        let second = try server.session("SELECT pg_sleep(603)", database: "app", port: bouncer.port)
        try await eventually("a full pool") { try await utilization() == 1 }
        let third = try server.session("SELECT pg_sleep(603)", database: "app", port: bouncer.port)
        var waits: [Double] = []
        try await eventually("a waiting client") {
            let samples = try await target.collect(before: .after(.seconds(30))).samples
            if samples.value("pgbouncer_pools_client_waiting_connections", "app", "postgres") == 1 {
                waits.append(samples.value("pgbouncer_pools_client_maxwait_seconds", "app", "postgres") ?? -1)
            }
            // PgBouncer's clock stands still while it is busy, so two looks may show the same.
            return waits.count >= 3 && waits.last ?? 0 > waits[0]
        }
        #expect(waits.contains { $0 != $0.rounded(.down) }, "microseconds included: \(waits)")
        for session in [first, second, third] { session.kill() }

        // No console session is left that a graceful shutdown would wait for.
        try await eventually("no other client") {
            try await target.collect(before: .after(.seconds(30))).samples.value("pgbouncer_used_clients") == 1
        }
        bouncer.send(SIGTERM)
        try await eventually("the end of PgBouncer") { !bouncer.isRunning }
    }

    /// The beginning of a session tells the release, so that SHOW VERSION would say what it said before.
    @Test func theVersionIsAskedForOnce() async throws {
        let bouncer = try await PgBouncer.start(before: try OnPostgres.server)
        let proxy = try FaultProxy(to: .port(bouncer.port))
        let address = try ConnectionString(parsing: "host=127.0.0.1 port=\(proxy.port) user=stats sslmode=disable")
        let target = PgBouncerTarget(
            PgBouncerOptions(PostgresAccess(address, connectTimeout: .seconds(10)), relaxedInterval: .zero))
        var versions: [String] = []
        // The first session begins, and the version is asked for.
        var expected = 2
        for _ in 0..<3 {
            let collected = try await target.collect(before: .after(.seconds(30)))
            versions += collected.samples[PgBouncerTarget.version].flatMap(\.labels)
            let release = PgBouncerVersion(try #require(versions.last))
            // What is asked, and the end of the session together with the beginning of the next.
            expected += 1 + Set(PgBouncerTarget.queriedParts.flatMap { $0.commands(for: release) }).count
            try await eventually("\(expected) messages") { proxy.roundTrips.count == expected }
        }
        #expect(versions.count == 3 && Set(versions).count == 1)
    }

    @Test func aDeadPostgresAndADeadPgBouncerLookDifferent() async throws {
        let server = try await PostgresServer.start()
        let bouncer = try await PgBouncer.start(before: server)
        let target = try target(bouncer)
        let warm = try server.session("SELECT 1", database: "app", port: bouncer.port)
        #expect(try await warm.exitStatus() == 0)
        server.stop()
        let client = try server.session("SELECT 1", database: "app", port: bouncer.port)
        try await eventually("a client that waits in vain") {
            let collected = try await target.collect(before: .after(.seconds(30)))
            let samples = collected.samples
            return collected.partFailures == []
                && samples.value("pgbouncer_pools_client_waiting_connections", "app", "postgres") == 1
                && samples.value("pgbouncer_pools_server_active_connections", "app", "postgres") == 0
                && samples.value("pgbouncer_pools_server_idle_connections", "app", "postgres") == 0
        }
        client.kill()
        bouncer.send(SIGKILL)
        let failure = await #expect(throws: CollectorFailure.self) {
            try await target.collect(before: .after(.seconds(30)))
        }
        #expect(failure?.reason == .connect || failure?.reason == .closed)
    }

    @Test func aStoppedPgBouncerCostsOneDeadline() async throws {
        let bouncer = try await PgBouncer.start(before: try OnPostgres.server)
        let target = try target(bouncer)
        bouncer.send(SIGSTOP)
        let failure = await #expect(throws: CollectorFailure.self) {
            try await target.collect(before: .after(.milliseconds(300)))
        }
        #expect(failure?.reason == .timeout)
        bouncer.send(SIGCONT)
        #expect(try await target.collect(before: .after(.seconds(30))).partFailures == [])
    }
}

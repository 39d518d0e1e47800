import Foundation
import Metrics
import TestKit
import Testing

@testable import Postgres

/// Several PgBouncers on one port, clients in groups, pools that go.
@Suite(OnPostgres()) struct PgBouncerProcessTests {
    private func target(_ place: String, relaxed: Duration = .zero) throws -> PgBouncerTarget {
        let address = try ConnectionString(parsing: "\(place) user=stats")
        return PgBouncerTarget(
            PgBouncerOptions(PostgresAccess(address, connectTimeout: .seconds(10)), relaxedInterval: relaxed))
    }

    private func poll(_ target: PgBouncerTarget) async throws -> Collected {
        try await target.collect(before: .after(.seconds(30)))
    }

    @Test(arguments: [DatabaseRelease.pgBouncer, .pgBouncerOfSid])
    func processesThatShareAPortAreNotTakenForOne(release: DatabaseRelease) async throws {
        let server = try OnPostgres.server
        let sockets = [try TemporaryFolder(), try TemporaryFolder()]
        let port = try freePort()
        var bouncers: [PgBouncer] = []
        for folder in sockets {
            try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.url.path)
            let settings = [
                "so_reuseport": "1", "listen_port": "\(port)", "unix_socket_dir": folder.url.path,
            ]
            bouncers.append(try await PgBouncer.start(release, before: server, settings: settings))
        }
        let shared = try target("host=127.0.0.1 port=\(port)")
        try await eventually("both processes") {
            try await poll(shared).samples.value("sidelong_pgbouncer_processes") == 2
        }
        let collected = try await poll(shared)
        #expect(collected.failure(of: "pgbouncer_stats")?.message.contains("so_reuseport") == true)
        #expect(!collected.samples.names.contains { $0.hasPrefix("pgbouncer_stats") }, "no counters that fall and rise")
        #expect(collected.samples.names.contains("pgbouncer_pools_client_active_connections"))

        // Each by its own socket is one, and its counters only grow.
        for folder in sockets {
            let own = try target("host=\(folder.url.path) port=\(port)")
            var last = -1.0
            for _ in 0..<3 {
                let samples = try await poll(own).samples
                #expect(samples.value("sidelong_pgbouncer_processes") == 1)
                let queries = try #require(
                    samples.value("pgbouncer_stats_totals_queries_pooled_total", "pgbouncer"))
                #expect(queries > last)
                last = queries
            }
        }
        for bouncer in bouncers { bouncer.send(SIGKILL) }
    }

    @Test(arguments: [DatabaseRelease.pgBouncer, .pgBouncerOfTrixie, .pgBouncerOfSid])
    func clientsAreCountedByWhatTheyAre(release: DatabaseRelease) async throws {
        let server = try OnPostgres.server
        let bouncer = try await PgBouncer.start(release, before: server)
        let target = try target("host=127.0.0.1 port=\(bouncer.port)", relaxed: .seconds(3600))
        // The other releases have sessions on the same server.
        let statement = "SELECT pg_sleep(\(bouncer.port))"
        let sessions = try (0..<2).map { _ in try server.session(statement, database: "app", port: bouncer.port) }
        try await eventually("both sessions") {
            try server.sql(
                "SELECT count(*) FROM pg_stat_activity WHERE query = '\(statement)' AND state = 'active'") == "2"
        }
        let first = try await poll(target).samples
        #expect(first.value("pgbouncer_client_connections", "app", "postgres", "psql", "active") == 2)
        let clients = first[PgBouncerClients.connections].map(\.labels)
        #expect(clients.contains { $0.starts(with: ["pgbouncer", "stats"]) }, "we are one as well")
        for session in sessions { session.kill() }
        let second = try await poll(target)
        #expect(second.skipped.contains("pgbouncer_clients"))
        #expect(second.samples.value("pgbouncer_client_connections", "app", "postgres", "psql", "active") == 2, "kept")
        bouncer.send(SIGKILL)
    }

    @Test func applicationsBeyondTheMostFrequentAreOther() {
        var clients = "database\tuser\tapplication_name\tstate\n"
        for number in 0..<100 {
            for _ in 0...(number < 50 ? 1 : 0) { clients += "app\tweb\tworker-\(number)\tactive\n" }
        }
        let samples = PgBouncerClients().samples(from: [rows(clients)])
        #expect(samples[PgBouncerClients.connections].count == 51 && samples.sum("pgbouncer_client_connections") == 150)
        #expect(samples.value("pgbouncer_client_connections", "app", "web", "worker-7", "active") == 2)
        #expect(samples.value("pgbouncer_client_connections", "app", "web", "other", "active") == 50)
    }

    /// PgBouncer 1.26 forgets a pool that nobody uses, and its counts with it.
    @Test func aPoolThatGoesTakesItsSeriesAlong() async throws {
        let server = try OnPostgres.server
        let bouncer = try await PgBouncer.start(
            .pgBouncerOfSid, before: server,
            settings: ["pool_idle_timeout": "1", "server_idle_timeout": "1", "autodb_idle_timeout": "1"])
        let target = try target("host=127.0.0.1 port=\(bouncer.port)")
        func pools() async throws -> Double? {
            try await poll(target).samples.value("pgbouncer_pools_server_active_connections", "app", "postgres")
        }
        for round in 0..<2 {
            // The client stays until the pool was seen, however long a poll takes on a busy machine.
            let sleep = "SELECT pg_sleep(\(600 + round))"
            let client = try server.session(sleep, database: "app", port: bouncer.port)
            try await eventually("the pool, round \(round)") { try await pools() != nil }
            try await eventually("the end of the client, round \(round)") {
                try server.sql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query = '\(sleep)'")
                return !client.isRunning
            }
            try await eventually("the end of the pool", within: .seconds(60)) { try await pools() == nil }
            let collected = try await poll(target)
            #expect(collected.partFailures == [])
            let values = collected.samples.families.flatMap(\.samples).compactMap { sample in
                if case .number(let value) = sample.value { value } else { nil }
            }
            #expect(values.allSatisfy { $0 >= 0 } && values.count > 20)
        }
        bouncer.send(SIGKILL)
    }
}

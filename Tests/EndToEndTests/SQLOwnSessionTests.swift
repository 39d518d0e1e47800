import Foundation
import TestKit
import Testing

/// Sessions of Sidelong's own are on no series of the database's wire, whichever way they take. Needs CAP_NET_RAW.
@Suite struct SQLOwnSessionTests {
    /// The ways to a server: its port, its Unix socket, and through a pool.
    private enum Way: String, CaseIterable {
        case port, socket, pool
    }

    /// psql over the Unix socket, which the capture does not see.
    private func ask(_ postgres: PostgresServer, _ text: String) throws -> String {
        let run = try ServerProcess.run(
            DatabaseRelease.postgres.path("psql"),
            [
                "-XAtq", "-h", postgres.socketFolder, "-p", "\(postgres.port)", "-U", "postgres", "-d", "postgres",
                "-c",
                text,
            ])
        guard run.status == 0 else { throw NeverHappened(description: "psql: \(run.output)") }
        return run.output.trimmingCharacters(in: .newlines)
    }

    /// Series of the database's wire that are not 0, and those of the connections to it.
    private func counted(_ sidelong: Sidelong) throws -> [String] {
        try sidelong.page().split(separator: "\n").map(String.init).filter { line in
            let isOfWire =
                line.hasPrefix("database_") && !line.contains(#"source="server""#)
                || line.hasPrefix("sidelong_wire_") && line.contains(#"protocol="postgres""#)
            return isOfWire && !line.hasPrefix("database_query_seconds_total") && !line.hasSuffix(" 0")
        }
    }

    private func lastPoll(_ sidelong: Sidelong) throws -> Double {
        try sidelong.value(#"sidelong_collector_last_success_timestamp_seconds{collector="postgres"}"#) ?? 0
    }

    private func ignored(_ sidelong: Sidelong) throws -> Double {
        try sidelong.value(#"sidelong_wire_packets_ignored_total{reason="own"}"#) ?? 0
    }

    @Test(arguments: ["port", "socket", "pool"])
    func anIdleServerHasNoStatements(name: String) async throws {
        let way = try #require(Way(rawValue: name))
        let postgres = try await PostgresServer.start()
        try postgres.sql("CREATE EXTENSION pg_stat_statements")
        try postgres.sql(Project.text("deploy/gateway-schema.sql"))
        let pool = try await PgBouncer.start(.pgBouncerOfSid, before: postgres)
        let server =
            switch way {
            case .port: "host=127.0.0.1 port=\(postgres.port) user=postgres dbname=postgres"
            case .socket: "host=\(postgres.socketFolder) port=\(postgres.port) user=postgres dbname=postgres"
            case .pool: "host=127.0.0.1 port=\(pool.port) user=postgres dbname=app"
            }
        // What a pool asks of its server is its own traffic: between them nobody can tell whom it asks for.
        let ports = way == .pool ? "\(pool.port)" : "\(pool.port),\(postgres.port)"
        let sidelong = try await Sidelong([
            "--redis.addr=127.0.0.1:1", "--wire.interfaces=lo", "--wire.buffer=16MiB", "--wire.postgres-ports=\(ports)",
            "--postgres.dsn", server, "--pgbouncer.dsn", "host=127.0.0.1 port=\(pool.port) user=stats dbname=pgbouncer",
            "--postgres.queries-file=\(Project.root.appending(path: "deploy/gateway-queries.yaml").path)",
            "--postgres.interval=100ms", "--pgbouncer.interval=100ms", "--poll.align=off",
        ])
        try await sidelong.captures()
        try await sidelong.isReady()
        #expect(try sidelong.value("pg_up") == 1 && sidelong.value("pgbouncer_up") == 1)
        // New sessions come from other ports, while the last packets of the old ones are still on their way.
        for _ in 0..<3 {
            _ = try ask(
                postgres, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sidelong'")
            for _ in 0..<5 {
                let before = try lastPoll(sidelong)
                try await eventually("another poll") { try lastPoll(sidelong) > before }
            }
        }
        let before = try ignored(sidelong)
        try await eventually("the wire's figures of all that") { try ignored(sidelong) > max(before, 100) }
        #expect(try counted(sidelong) == [])
        // What others ask is seen.
        let other = try postgres.session("SELECT 1", database: way == .pool ? "app" : "postgres", port: pool.port)
        _ = try? await other.exitStatus()
        try await eventually("the one of another program") { try counted(sidelong) != [] }
    }
}

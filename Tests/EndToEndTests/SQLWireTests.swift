import Foundation
import TestKit
import Testing

/// Live capture of sessions on the loopback, with pg_stat_statements as the witness. Needs CAP_NET_RAW.
@Suite struct SQLWireTests {
    private static let flags = ["--redis.addr=127.0.0.1:1", "--wire.interfaces=lo", "--wire.buffer=64MiB"]
    private static let types = ["select", "insert", "update", "delete", "transaction"]

    /// A server with the tables of pgbench, whose own statements are forgotten.
    private func server(_ release: DatabaseRelease) async throws -> PostgresServer {
        let postgres = try await PostgresServer.start(release)
        try postgres.sql("CREATE EXTENSION pg_stat_statements")
        try pgbench(["-i", "-q"], port: postgres.port, database: "postgres")
        return postgres
    }

    private func pgbench(_ arguments: [String], port: Int, database: String) throws {
        let run = try ServerProcess.run(
            DatabaseRelease.postgres.path("pgbench"),
            arguments + ["-h", "127.0.0.1", "-p", "\(port)", "-U", "postgres", database])
        guard run.status == 0 else { throw NeverHappened(description: "pgbench: \(run.output)") }
    }

    /// What the server has counted, by first word.
    private func counts(_ postgres: PostgresServer) throws -> [String: Double] {
        let lines = try postgres.sql(
            """
            SELECT lower(substring(query, '^[A-Za-z]+')), sum(calls) FROM pg_stat_statements
            WHERE query NOT LIKE '%pg_stat_statements%' GROUP BY 1
            """)
        var result: [String: Double] = [:]
        for line in lines.split(separator: "\n") {
            let cells = line.split(separator: "|")
            guard cells.count == 2 else { continue }
            let isTransaction = ["begin", "end", "commit"].contains(cells[0])
            result[isTransaction ? "transaction" : String(cells[0]), default: 0] += Double(cells[1]) ?? 0
        }
        return result
    }

    private func wire(_ sidelong: Sidelong, _ type: String, port: Int? = nil) throws -> Double {
        let place = port.map { #",port="\#($0)""# } ?? ""
        return try sidelong.value(#"database_queries_total{type="\#(type)",source="wire"\#(place)}"#) ?? 0
    }

    /// Every statement of pgbench in its three modes is counted as the server counts it.
    @Test(arguments: [DatabaseRelease.postgres, .postgresOfSid])
    func everyStatementIsCounted(release: DatabaseRelease) async throws {
        let postgres = try await server(release)
        let sidelong = try await Sidelong(
            Self.flags + ["--postgres.dsn=postgres://postgres@127.0.0.1:\(postgres.port)/postgres"])
        try await sidelong.captures()
        try postgres.sql("SELECT pg_stat_statements_reset()")
        for mode in ["simple", "extended", "prepared"] {
            try pgbench(["-n", "-c", "2", "-t", "100", "-M", mode], port: postgres.port, database: "postgres")
        }
        let before = try counts(postgres)
        #expect(before["update"] == 1_800)
        // Of a prepared BEGIN or END the server counts the first execution only, so these are pgbench's own count.
        try await eventually("a BEGIN and an END of each transaction") { try wire(sidelong, "transaction") == 1_200 }
        for type in Self.types where type != "select" && type != "transaction" {
            try await eventually("\(type) on the wire as in \(before)") {
                try wire(sidelong, type) == before[type] ?? 0
            }
        }
        let accounts = #"database_table_query_duration_seconds_count{table="pgbench_accounts",type="update"}"#
        #expect(try sidelong.value(accounts) == 600)
        let unmeasured = try sidelong.page().split(separator: "\n").filter {
            $0.contains("unmeasured") && $0.contains("postgres") && !$0.hasSuffix(" 0")
        }
        #expect(unmeasured.isEmpty, "\(unmeasured)")
        #expect(try sidelong.value(#"database_transactions_total{outcome="committed"}"#) == 600)
    }

    /// Through a pool both hops are seen, each with its port, and none of Sidelong's own sessions.
    @Test(arguments: ["session", "transaction", "statement"])
    func bothHopsOfAPoolAreCounted(mode: String) async throws {
        let postgres = try await server(.postgres)
        let pool = try await PgBouncer.start(.pgBouncerOfSid, before: postgres, settings: ["pool_mode": mode])
        let ports = [pool.port, postgres.port]
        let sidelong = try await Sidelong(
            Self.flags + [
                "--postgres.dsn=postgres://postgres@127.0.0.1:\(postgres.port)/postgres",
                "--pgbouncer.dsn=postgres://stats@127.0.0.1:\(pool.port)/pgbouncer",
                "--wire.postgres-ports=\(ports[0]),\(ports[1])", "--pgbouncer.interval=200ms",
            ])
        try await sidelong.captures()
        let folder = try TemporaryFolder()
        let script = try folder.write(
            "SELECT abalance FROM pgbench_accounts WHERE aid = 1;\n", to: "read.sql")
        for protocolMode in ["simple", "prepared"] {
            try pgbench(
                ["-n", "-c", "2", "-t", "250", "-M", protocolMode, "-f", script], port: pool.port, database: "app")
        }
        for port in ports {
            let read = #"{table="pgbench_accounts",type="select",port="\#(port)"}"#
            try await sidelong.waits(for: "database_table_query_duration_seconds_count" + read, toBe: 1_000)
        }
        #expect(try sidelong.value("database_user_query_duration_seconds_count{database=\"pgbouncer\"") == nil)
        #expect(try !sidelong.page().contains(#"database="pgbouncer",user="stats",port"#))
    }
}

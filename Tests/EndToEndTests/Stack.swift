import Foundation
import TestKit

/// Redis, Postgres, PgBouncer, the example queries, the machine.
struct Stack {
    let redis: RedisServer
    let postgres: PostgresServer
    let pgBouncer: PgBouncer
    let sidelong: Sidelong

    init() async throws {
        redis = try await RedisServer()
        postgres = try await PostgresServer.start()
        pgBouncer = try await PgBouncer.start(before: postgres)
        try redis.cli("SET", "k", "v")
        try postgres.sql(try Project.text("deploy/gateway-schema.sql"))
        sidelong = try await Sidelong([
            "--redis.addr=\(redis.address)",
            "--postgres.dsn=postgres://postgres@127.0.0.1:\(postgres.port)/postgres",
            "--pgbouncer.dsn=host=127.0.0.1 port=\(pgBouncer.port) user=stats",
            "--postgres.queries-file=\(Project.root.appending(path: "deploy/gateway-queries.yaml").path)",
        ])
        try await sidelong.isReady()
        for up in ["redis_up", "pg_up", "pgbouncer_up"] { try await sidelong.waits(for: up, toBe: 1) }
    }
}

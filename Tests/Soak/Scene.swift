import Foundation
import TestKit

/// Everything that takes part: three servers, a proxy before each of them, the program, and a Prometheus that scrapes
/// it every second.
final class Scene: Sendable {
    let redis: RedisServer
    let postgres: PostgresServer
    let pgBouncer: PgBouncer
    let proxies: [FaultProxy]
    let sidelong: Sidelong
    let prometheus: PrometheusServer
    let start: Date

    init() async throws {
        redis = try await RedisServer()
        postgres = try await PostgresServer.start()
        pgBouncer = try await PgBouncer.start(before: postgres)
        proxies = try [redis.port, postgres.port, pgBouncer.port].map { try FaultProxy(to: .port($0)) }
        let ports = proxies.map(\.port)
        sidelong = try await Sidelong([
            "--redis.addr=127.0.0.1:\(ports[0])", "--wire.interfaces=lo", "--wire.redis-ports=\(redis.port)",
            "--postgres.dsn=postgres://postgres@127.0.0.1:\(ports[1])/postgres",
            "--pgbouncer.dsn=postgres://stats@127.0.0.1:\(ports[2])/pgbouncer",
            "--redis.interval=1s", "--postgres.interval=1s", "--pgbouncer.interval=1s", "--host.interval=1s",
            "--retry.attempts=100", "--retry.delay=100ms", "--keys.hot=10",
        ])
        prometheus = try await PrometheusServer(targets: ["127.0.0.1:\(sidelong.port)"])
        try await sidelong.isReady()
        start = Date()
    }

    /// Waits until every server is watched again.
    func isWell() async throws {
        for up in ["redis_up", "pg_up", "pgbouncer_up"] {
            try await sidelong.waits(for: up, toBe: 1, within: .seconds(60))
        }
    }
}

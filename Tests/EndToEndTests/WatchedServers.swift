import Foundation
import Glibc
import TestKit
import Testing

/// One Redis, one Postgres and one PgBouncer, behind a proxy each, and a Sidelong that watches them through those.
struct WatchedServers: Sendable {
    /// The ways to a server that a fault may lie on.
    enum Target: String, CaseIterable, CustomTestStringConvertible {
        case redis = "Redis"
        case redisSocket = "Redis on a unix socket"
        case postgres = "Postgres"
        case pgBouncer = "PgBouncer"

        var testDescription: String { rawValue }

        /// The name of the collector.
        var collector: String {
            switch self {
            case .redis, .redisSocket: "redis"
            case .postgres: "postgres"
            case .pgBouncer: "pgbouncer"
            }
        }

        var up: String {
            switch self {
            case .redis, .redisSocket: "redis_up"
            case .postgres: "pg_up"
            case .pgBouncer: "pgbouncer_up"
            }
        }

        /// A family that only this server fills.
        var family: String {
            switch self {
            case .redis, .redisSocket: "redis_memory_used_bytes"
            case .postgres: "pg_settings_max_connections"
            case .pgBouncer: "pgbouncer_databases_pool_size"
            }
        }
    }

    let proxies: [Target: FaultProxy]
    let sidelong: Sidelong

    /// Timers that are quicker than usual, and slow enough for thirty of these at a time; the rules are the same.
    static let timers = [
        "--redis.interval=500ms", "--postgres.interval=1s", "--pgbouncer.interval=1s", "--host.interval=1m",
        "--retry.delay=50ms",
    ]

    /// Starts the proxies and a Sidelong, and waits until all is well.
    ///
    /// - Parameter target: decides how Redis is watched.
    static func watched(for target: Target, _ more: [String] = timers) async throws -> WatchedServers {
        let servers = try OnServers.servers
        let folder = servers.redis.folder
        let path = folder.path("\(UUID().uuidString.prefix(8)).sock")
        let redis =
            target == .redisSocket
            ? try FaultProxy(to: .path(folder.path("redis.sock")), at: .path(path))
            : try FaultProxy(to: .port(servers.redis.port))
        let postgres = try FaultProxy(to: .port(servers.postgres.port))
        let pgBouncer = try FaultProxy(to: .port(servers.pgBouncer.port))
        let sidelong = try await Sidelong(
            [
                "--redis.addr=" + (target == .redisSocket ? "unix://\(path)" : "127.0.0.1:\(redis.port)"),
                "--postgres.dsn=postgres://postgres@127.0.0.1:\(postgres.port)/postgres",
                "--pgbouncer.dsn=host=127.0.0.1 port=\(pgBouncer.port) user=stats", "--wire.interfaces=off",
            ] + more)
        let watched = WatchedServers(
            proxies: [.redis: redis, .redisSocket: redis, .postgres: postgres, .pgBouncer: pgBouncer],
            sidelong: sidelong)
        for target in Target.allCases { try await sidelong.waits(for: target.up, toBe: 1, within: .seconds(60)) }
        return watched
    }

    /// The proxy that a target is watched through.
    func proxy(of target: Target) throws -> FaultProxy { try #require(proxies[target]) }

    /// Failed polls of a target for one of the reasons, or for any.
    func failures(of target: Target, because reasons: [String]? = nil) throws -> Double {
        let prefix = "sidelong_collector_failures_total{collector=\"\(target.collector)\",reason=\""
        return try sidelong.page().split(separator: "\n").filter { line in
            guard line.hasPrefix(prefix) else { return false }
            return reasons?.contains { line.dropFirst(prefix.count).hasPrefix("\($0)\"") } ?? true
        }.reduce(0) { $0 + (Double($1.split(separator: " ").last ?? "") ?? 0) }
    }
}

/// Gives a suite one Redis, one Postgres and one PgBouncer of its own, which end with it.
struct OnServers: SuiteTrait, TestScoping {
    struct Servers: Sendable {
        let redis: RedisServer
        let postgres: PostgresServer
        let pgBouncer: PgBouncer
    }

    @TaskLocal private static var current: Servers?

    static var servers: Servers {
        get throws { try #require(current) }
    }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let redis = try await RedisServer(
            "redis-server", ["unixsocket \(folder.path("redis.sock"))"], in: folder)
        let postgres = try await PostgresServer.start(settings: ["max_connections": "100"])
        let pgBouncer = try await PgBouncer.start(before: postgres)
        let servers = Servers(redis: redis, postgres: postgres, pgBouncer: pgBouncer)
        try await Self.$current.withValue(servers) { try await function() }
        redis.kill()
        postgres.stop()
    }
}

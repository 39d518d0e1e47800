import Foundation

/// A whole installation under load: what dashboards, alerts and recording rules are meant for.
///
/// One Sidelong stands beside a busy Redis, its Postgres and its PgBouncer, and captures the loopback. A second one
/// watches several servers at once, so that its series carry `target`, as a role without privileges and under the
/// limits of a container. A Prometheus scrapes both every second. Needs CAP_NET_RAW.
public final class LoadedStack: Sendable {
    /// The primary that is under load.
    public let redis: RedisServer
    /// A Valkey that copies the primary.
    public let replica: RedisServer
    /// A cluster of one node.
    public let cluster: RedisServer
    public let postgres: PostgresServer
    public let standby: PostgresServer
    public let pgBouncer: PgBouncer
    public let gateway: Gateway
    public let sidelong: Sidelong
    /// The Sidelong with several targets, whose addresses are those of ``replica``, ``cluster`` and both Postgres.
    public let secondSidelong: Sidelong
    public let prometheus: PrometheusServer
    private let load: [ServerProcess]

    /// Two alerts: one that fires for every Redis, and one that stays pending.
    public static let twoAlerts = """
        groups:
          - name: stack
            rules:
              - {alert: RedisIsThere, expr: redis_up == 1, labels: {severity: info}}
              - {alert: RedisIsThereForLong, expr: redis_up == 1, for: 1h, labels: {severity: info}}

        """

    /// Starts everything, the load included; not everything has been seen by Prometheus yet when it returns.
    ///
    /// - Parameter rules: the text of a rule file for Prometheus.
    public init(rules: String = LoadedStack.twoAlerts) async throws {
        async let busyRedis = RedisLoad.server()
        async let busyPostgres = PostgresLoad.server()
        let (redis, postgres) = try await (busyRedis, busyPostgres)
        async let copy = Self.valkey(replicaOf: redis)
        async let node = RedisServer(
            Project.root.appending(path: ".build/tools/redis-8.2/redis-server").path, ["cluster-enabled yes"])
        async let standbyOfPostgres = postgres.standby()
        let (replica, cluster, standby) = try await (copy, node, standbyOfPostgres)
        // SHOW STATE is newer than the PgBouncer of Debian 12.
        pgBouncer = try await PgBouncer.start(
            .pgBouncerOfTrixie, before: postgres, settings: ["default_pool_size": "2"])
        try cluster.cli("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
        // Its release counts keys by size.
        try await eventually("the cluster") { try cluster.cli("RPUSH", "list", "a", "b").hasSuffix("2") }
        (self.redis, self.postgres) = (redis, postgres)
        (self.replica, self.cluster, self.standby) = (replica, cluster, standby)
        gateway = try await Gateway(.nginx)

        let keys = try gateway.keysFile(Gateway.listedKey, named: "shop")
        let watchingGateway = ["--wire.http-ports=\(gateway.port)", "--http.api-keys-file=\(keys)"]
        sidelong = try await Sidelong(Self.watching(redis, postgres, pgBouncer) + watchingGateway)
        secondSidelong = try await Sidelong(Self.watching([replica, cluster], [postgres, standby]))
        prometheus = try await PrometheusServer(
            targets: [sidelong, secondSidelong].map { "127.0.0.1:\($0.port)" }, rules: rules)
        let onPostgres = try await PostgresLoad.start(on: postgres, through: pgBouncer)
        load = try RedisLoad.start(on: redis, refusedBy: replica) + onPostgres + [gateway.load()]
    }

    /// Ends the load and the databases; the rest ends with the last reference.
    public func stop() {
        load.forEach { $0.kill() }
        [standby, postgres].forEach { $0.stop() }
    }

    private static let often = [
        "--redis.interval=500ms", "--postgres.interval=500ms", "--pgbouncer.interval=500ms", "--host.interval=500ms",
    ]

    private static func watching(_ redis: RedisServer, _ postgres: PostgresServer, _ pgBouncer: PgBouncer) -> [String] {
        let queries = Project.root.appending(path: "deploy/gateway-queries.yaml").path
        return often + [
            "--redis.addr=\(redis.address)", "--wire.interfaces=lo", "--wire.buffer=16MiB", "--keys.hot=10",
            "--keys.probe=user:7:profile", "--keys.interval=1s", "--keys.sizes=on", "--keys.check-streams=events",
            "--keys.group=project:{project}:quota=quota", "--redis.queue=events=events",
            "--postgres.dsn=postgres://postgres@127.0.0.1:\(postgres.port)/postgres",
            "--postgres.queries-file=\(queries)", "--pgbouncer.dsn=host=127.0.0.1 port=\(pgBouncer.port) user=stats",
        ]
    }

    private static func watching(_ redis: [RedisServer], _ postgres: [PostgresServer]) -> [String] {
        let container = Project.root.appending(path: "Tests/Fixtures/host/v2-container").path
        return often + redis.map { "--redis.addr=\($0.address)" }
            + postgres.map { "--postgres.dsn=postgres://\(PostgresLoad.stranger)@127.0.0.1:\($0.port)/postgres" }
            + ["--wire.interfaces=off", "--host.procfs=\(container)/proc", "--host.cgroupfs=\(container)/cgroup"]
    }

    private static func valkey(replicaOf redis: RedisServer) async throws -> RedisServer {
        let program = Project.root.appending(path: ".build/tools/valkey/usr/bin/valkey-server").path
        let replica = try await RedisServer(program, ["replicaof 127.0.0.1 \(redis.port)"])
        try await eventually("the replica's link") { try replica.cli("INFO", "replication").contains("link_status:up") }
        return replica
    }
}

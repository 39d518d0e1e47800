// The one list of what is polled. A new collector is one line here.

import Host
import Metrics
import Postgres

/// The sources that a configuration asks for.
enum Sources {
    static let redisUp = Descriptor(
        .gauge, "redis_up", help: "Whether the newest poll of Redis worked (1) or not (0).")

    static let postgresUp = Descriptor(
        .gauge, "pg_up", help: "Whether the newest poll of Postgres worked (1) or not (0).")
    static let pgBouncerUp = Descriptor(
        .gauge, "pgbouncer_up", help: "Whether the newest poll of PgBouncer worked (1) or not (0).")

    /// All that stay while the configuration does, in the order of `sidelong check`.
    ///
    /// - Parameter former: the sources of an earlier configuration, and what they knew. Those of Redis that are the
    ///   same in both are taken over with their connection and their counts.
    static func all(of configuration: Configuration, _ wire: Wire, after former: Former? = nil) -> [Source] {
        let sources =
            RedisSources(configuration.settings, wire).fixed(after: former) + postgres(configuration, wire)
            + pgBouncer(configuration.settings, wire)
            + machine(configuration.settings) + traffic(configuration.settings, wire)
        let excluded = configuration.settings[Options.metricsExclude].map(NamePattern.init)
        return sources.map { source in
            var source = source
            source.excluded = excluded
            return source
        }
    }

    /// Those whose members come and go.
    static func groups(of configuration: Configuration, _ wire: Wire) -> [SourceGroup] {
        RedisSources(configuration.settings, wire).groups
    }

    /// What was before a configuration.
    struct Former: Sendable {
        let settings: Settings
        let reports: [Report]
    }

    private static func postgres(_ configuration: Configuration, _ wire: Wire) -> [Source] {
        let settings = configuration.settings
        let addresses = settings[Options.postgresAddresses]
        let excluded = settings[Options.metricsExclude].map(NamePattern.init)
        return zip(addresses, addresses.targets).map { address, target in
            let access = access(address, settings, wire)
            let options = PostgresOptions(
                access, timeout: Self.databaseTimeout, queries: configuration.queries,
                databases: DatabaseFilter(settings[Options.postgresDatabases]),
                exclusions: PostgresExclusions(parts: Set(settings[Options.postgresExclude])) { family in
                    excluded.contains { $0.matches(family) }
                })
            return Source(
                collector: PostgresTarget(options), address: target, isOneOfSeveral: addresses.count > 1,
                interval: settings[Options.postgresInterval], timeout: Self.databaseTimeout, up: postgresUp,
                retry: RetryPolicy(settings), origin: .server("pg_postmaster_start_time_seconds"))
        }
    }

    private static func pgBouncer(_ settings: Settings, _ wire: Wire) -> [Source] {
        let addresses = settings[Options.pgBouncerAddresses]
        return addresses.map { address in
            let access = access(address, settings, wire)
            return Source(
                collector: PgBouncerTarget(PgBouncerOptions(access)), address: address.target,
                isOneOfSeveral: addresses.count > 1, interval: settings[Options.pgBouncerInterval],
                timeout: Self.databaseTimeout, up: pgBouncerUp, retry: RetryPolicy(settings))
        }
    }

    /// How a server is reached. The capture leaves these connections out.
    private static func access(_ address: ConnectionString, _ settings: Settings, _ wire: Wire) -> PostgresAccess {
        var access = PostgresAccess(address, passwordFile: settings[Options.postgresPasswordFile])
        access.watch = wire.ownConnections
        access.memory = wire.memory
        return access
    }

    private static func machine(_ settings: Settings) -> [Source] {
        let collectors: [any Collector] = [
            HostCollector(procfs: settings[Options.hostProcFS], cgroupfs: settings[Options.hostCgroupFS]),
            SelfProcess(),
        ]
        return collectors.map { collector in
            Source(
                collector: collector, address: "", interval: settings[Options.hostInterval],
                timeout: Self.fileTimeout, up: nil, retry: nil)
        }
    }

    /// What the wire measures; only where a capture is wanted. It is in memory already, and as new as what a Redis says
    /// of itself; where that is asked more often than once a second, once a second.
    private static func traffic(_ settings: Settings, _ wire: Wire) -> [Source] {
        guard wire.settings.interfaces != .off else { return [] }
        var collectors: [any Collector] = [WireCollector(wire: wire)]
        if let file = wire.settings.http.keysFile { collectors.append(APIKeyCollector(file, wire.engine)) }
        let interval = max(.seconds(1), min(.seconds(5), settings[Options.redisInterval]))
        return collectors.map { collector in
            Source(
                collector: collector, address: "", interval: interval, timeout: .seconds(1), up: nil, retry: nil,
                origin: .firstSight)
        }
    }

    /// Reading a few small files takes far less, unless the machine is in trouble.
    static let fileTimeout = Duration.seconds(2)

    /// For a whole poll, connecting included; the server's own limits on our statements are derived from it.
    private static let databaseTimeout = Duration.seconds(5)
}

extension RetryPolicy {
    init(_ settings: Settings) {
        self.init(attempts: settings[Options.retryAttempts], delay: settings[Options.retryDelay])
    }
}

// The one list of what is polled. A new collector is one line here.

import Host
import Metrics
import Postgres
import Redis

/// The sources that a configuration asks for.
enum Sources {
    static let redisUp = Descriptor(
        .gauge, "redis_up", help: "Whether the newest poll of Redis worked (1) or not (0).")

    static let postgresUp = Descriptor(
        .gauge, "pg_up", help: "Whether the newest poll of Postgres worked (1) or not (0).")
    static let pgBouncerUp = Descriptor(
        .gauge, "pgbouncer_up", help: "Whether the newest poll of PgBouncer worked (1) or not (0).")

    /// All of them, in the order of `sidelong check`.
    ///
    /// - Parameter former: the sources of an earlier configuration, and what they knew. Those of Redis that are the
    ///   same in both are taken over with their connection and their counts.
    static func all(of configuration: Configuration, _ wire: Wire, after former: Former? = nil) -> [Source] {
        let sources =
            redis(configuration.settings, wire, after: former) + postgres(configuration)
            + pgBouncer(configuration.settings)
            + machine(configuration.settings) + traffic(wire)
        let excluded = configuration.settings[Options.metricsExclude].map(NamePattern.init)
        return sources.map { source in
            var source = source
            source.excluded = excluded
            return source
        }
    }

    /// What was before a configuration.
    struct Former: Sendable {
        let settings: Settings
        let reports: [Report]
    }

    /// Two for each target: the server itself, and its process where that can be seen.
    private static func redis(_ settings: Settings, _ wire: Wire, after former: Former?) -> [Source] {
        if let former, settings.agrees(with: former.settings, onOptionsOf: ["redis", "retry", "keys", "host"]) {
            return former.reports.map(\.source).filter { ["redis", "redis_process"].contains($0.collector.name) }
        }
        let addresses = settings[Options.redisAddresses]
        wire.begin(addresses)
        return addresses.flatMap { address in
            let hint = RedisProcessHint(port: address.localPort)
            // The search for the process does not wait for the first poll of a Redis that was known before.
            let known = former?.reports.first {
                $0.source.collector.name == "redis" && $0.source.address == address.label
            }
            hint.report(processID: known?[RedisFamilies.processID].flatMap(Int.init(exactly:)))
            let latencies = KeyLatencies(wire.settings)
            let companion = RedisCompanion(wire, address, latencies, probing: settings[Options.keysProbe])
            var access = RedisSettings(settings)
            access.watch = wire.ownConnections
            let target = RedisTarget(address, access, companion: companion)
            let observed = ObservedCollector(collector: target) { samples in
                hint.report(processID: samples.first(RedisFamilies.processID).flatMap(Int.init(exactly:)))
                let connecting = target.currentStatus.lastConnectDuration
                samples.add(RedisExporterSamples.connectTime, ifKnown: connecting?.seconds)
                samples.add(latencies.samples)
                let status = target.currentStatus
                wire.polled(address, status)
            }
            let process = RedisProcessCollector(procfs: settings[Options.hostProcFS], hint: hint)
            return [
                Source(
                    collector: observed, address: address.label, isOneOfSeveral: addresses.count > 1,
                    interval: settings[Options.redisInterval], timeout: settings[Options.redisTimeout], up: redisUp,
                    retry: RetryPolicy(settings)),
                Source(
                    collector: process, address: address.label, isOneOfSeveral: addresses.count > 1,
                    interval: settings[Options.hostInterval], timeout: Self.fileTimeout, up: nil, retry: nil),
            ]
        }
    }

    private static func postgres(_ configuration: Configuration) -> [Source] {
        let settings = configuration.settings
        let addresses = settings[Options.postgresAddresses]
        let excluded = settings[Options.metricsExclude].map(NamePattern.init)
        return addresses.map { address in
            let access = PostgresAccess(address, passwordFile: settings[Options.postgresPasswordFile])
            let options = PostgresOptions(
                access, timeout: Self.databaseTimeout, queries: configuration.queries,
                databases: DatabaseFilter(settings[Options.postgresDatabases]),
                exclusions: PostgresExclusions(parts: Set(settings[Options.postgresExclude])) { family in
                    excluded.contains { $0.matches(family) }
                })
            return Source(
                collector: PostgresTarget(options), address: address.target, isOneOfSeveral: addresses.count > 1,
                interval: settings[Options.postgresInterval], timeout: Self.databaseTimeout, up: postgresUp,
                retry: RetryPolicy(settings))
        }
    }

    private static func pgBouncer(_ settings: Settings) -> [Source] {
        let addresses = settings[Options.pgBouncerAddresses]
        return addresses.map { address in
            let access = PostgresAccess(address, passwordFile: settings[Options.postgresPasswordFile])
            return Source(
                collector: PgBouncerTarget(PgBouncerOptions(access)), address: address.target,
                isOneOfSeveral: addresses.count > 1, interval: settings[Options.pgBouncerInterval],
                timeout: Self.databaseTimeout, up: pgBouncerUp, retry: RetryPolicy(settings))
        }
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

    /// What the wire measures is in memory already; only where a capture is wanted.
    private static func traffic(_ wire: Wire) -> [Source] {
        guard wire.settings.interfaces != .off else { return [] }
        return [
            Source(
                collector: WireCollector(wire: wire), address: "", interval: .seconds(1), timeout: .seconds(1),
                up: nil, retry: nil)
        ]
    }

    /// Reading a few small files takes far less, unless the machine is in trouble.
    private static let fileTimeout = Duration.seconds(2)

    /// For a whole poll, connecting included; the server's own limits on our statements are derived from it.
    private static let databaseTimeout = Duration.seconds(5)
}

extension RetryPolicy {
    fileprivate init(_ settings: Settings) {
        self.init(attempts: settings[Options.retryAttempts], delay: settings[Options.retryDelay])
    }
}

extension RedisAddress {
    /// The port, where the address is this machine's own; another Redis may have the same port elsewhere.
    fileprivate var localPort: Int? {
        guard case .tcp(let host, let port) = endpoint else { return nil }
        return host == "localhost" || host == "::1" || host.hasPrefix("127.") ? Int(port) : nil
    }
}

extension RedisSettings {
    fileprivate init(_ settings: Settings) {
        self.init(
            user: settings[Options.redisUser], password: settings[Options.redisPassword],
            passwordFile: settings[Options.redisPasswordFile],
            tls: RedisTLSSettings(
                caFile: settings[Options.redisCAFile], certificateFile: settings[Options.redisCertificateFile],
                keyFile: settings[Options.redisKeyFile], serverName: settings[Options.redisServerName],
                skipsVerification: settings[Options.redisSkipVerify]),
            connectTimeout: settings[Options.redisConnectTimeout], timeout: settings[Options.redisTimeout],
            histogramInterval: Self.interval(settings, polls: 3, atMost: .seconds(15)),
            percentilesInterval: Self.interval(settings, polls: 12, atMost: .seconds(60)))
    }

    /// For what costs Redis about half as much as the rest of a poll does. Latency histograms, of which Prometheus
    /// takes rates, are asked as often as it usually scrapes; percentiles, which are of the server's whole life, once a
    /// minute. With a longer interval that may be every poll.
    private static func interval(_ settings: Settings, polls: Int, atMost limit: Duration) -> Duration {
        let interval = settings[Options.redisInterval]
        // Half a poll less, so that the last of these polls is never just too early.
        return max(min(interval * polls, limit) - interval / 2, .zero)
    }
}

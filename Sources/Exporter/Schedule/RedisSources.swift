// The sources of Redis: servers, primaries that Sentinels name, and the nodes of clusters.

import Host
import Metrics
import Redis
import Traffic

/// Makes the sources that `--redis.addr` asks for.
struct RedisSources: Sendable {
    private let settings: Settings
    private let wire: Wire
    private let places: [RedisPlace]
    /// Whether series say whose they are. The nodes of a cluster always do, since their number changes.
    private let isOneOfSeveral: Bool

    private let excluded: [NamePattern]

    init(_ settings: Settings, _ wire: Wire) {
        excluded = settings[Options.metricsExclude].map(NamePattern.init)
        self.settings = settings
        self.wire = wire
        places = settings[Options.redisAddresses]
        isOneOfSeveral = places.count > 1 || places.contains { if case .cluster = $0 { true } else { false } }
    }

    /// The sources of everything but clusters.
    ///
    /// - Parameter former: those of an earlier configuration; where no option of theirs has changed they are taken
    ///   over, with their connection and their counts.
    func fixed(after former: Sources.Former?) -> [Source] {
        if let former, settings.agrees(with: former.settings, onOptionsOf: ["redis", "retry", "keys", "host"]) {
            let kept = former.reports.map(\.source).filter {
                $0.group == nil && ["redis", "redis_process"].contains($0.collector.name)
            }
            for source in kept { ((source.collector as? ObservedCollector)?.collector as? RedisTarget)?.askAgain() }
            return kept
        }
        wire.begin(places.compactMap { if case .server(let address) = $0 { address } else { nil } })
        return places.flatMap { place in
            switch place {
            case .server(let address): sources(of: address, port: address.localPort, after: former)
            case .primary(let group): sources(of: group)
            case .cluster: [Source]()
            }
        }
    }

    /// The clusters.
    var groups: [SourceGroup] {
        places.compactMap { place in
            guard case .cluster(let address) = place else { return nil }
            let (name, limit, access) = ("\(place)", settings[Options.redisMaxNodes], self.access)
            return SourceGroup(
                name: name, interval: settings[Options.redisInterval],
                discovery: { known, tell in
                    let known = known.compactMap(address.node)
                    let cluster = RedisCluster(address, access, limit: limit, known: known) { nodes in
                        tell(nodes.map { member($0, of: name) })
                    }
                    return Source(
                        collector: cluster, address: place.label, isOneOfSeveral: true,
                        interval: RedisCluster.interval, timeout: Self.discoveryTimeout, up: nil, retry: nil)
                },
                recall: { label in address.node(label).map { member($0, of: name) } })
        }
    }

    /// How all of them are spoken to. The capture leaves these connections out.
    private var access: RedisSettings {
        var access = RedisSettings(settings)
        access.watch = wire.ownConnections
        access.memory = wire.memory
        return access
    }

    private func member(_ node: RedisAddress, of group: String) -> SourceGroup.Member {
        SourceGroup.Member(name: node.label) { delay in
            sources(of: node, port: node.localPort).filter { $0.up != nil || node.localPort != nil }.map { source in
                var source = source
                (source.group, source.delay, source.excluded) = (group, delay, excluded)
                return source
            }
        }
    }

    /// Two for each server: the server itself, and its process where that can be seen.
    private func sources(of address: RedisAddress, port: Int?, after former: Sources.Former? = nil) -> [Source] {
        sources(label: address.label, port: port, retry: RetryPolicy(settings), after: former) {
            RedisTarget(address, access, companion: $0)
        }
    }

    /// The same for a primary. The Sentinels are asked in every interval, also while nothing works.
    private func sources(of group: SentinelAddress) -> [Source] {
        var retry = RetryPolicy(settings)
        retry.longestPause = settings[Options.redisInterval]
        return sources(label: group.name, port: nil, retry: retry) {
            RedisTarget(group, access, companion: $0)
        }
    }

    private func sources(
        label: String, port: Int?, retry: RetryPolicy, after former: Sources.Former? = nil,
        _ target: (RedisCompanion) -> RedisTarget
    ) -> [Source] {
        let hint = RedisProcessHint(port: port)
        // The search for the process does not wait for the first poll of a Redis that was known before.
        let known = former?.reports.first { $0.source.collector.name == "redis" && $0.source.address == label }
        if let known { hint.report(processID: known[RedisTarget.processID].flatMap(Int.init(exactly:))) }
        let latencies = KeyLatencies(wire.settings)
        let target = target(RedisCompanion(wire, label, latencies, probing: settings[Options.keysProbe]))
        let observed = ObservedCollector(collector: target, observeFailure: hint.reportNothing) { [wire] samples in
            hint.report(processID: samples.first(RedisTarget.processID).flatMap(Int.init(exactly:)))
            let connecting = target.currentStatus.lastConnectDuration
            samples.add(RedisExporterSamples.connectTime, ifKnown: connecting?.seconds)
            samples.add(latencies.samples)
            let status = target.currentStatus
            if let address = status.address { wire.polled(label, address, status) }
        }
        let process = RedisProcessCollector(procfs: settings[Options.hostProcFS], hint: hint)
        return [
            Source(
                collector: observed, address: label, isOneOfSeveral: isOneOfSeveral,
                interval: settings[Options.redisInterval], timeout: settings[Options.redisTimeout],
                up: Sources.redisUp, retry: retry, comesAlone: true, origin: .server("redis_start_time_seconds")),
            Source(
                collector: process, address: label, isOneOfSeveral: isOneOfSeveral,
                interval: settings[Options.hostInterval], timeout: Sources.fileTimeout, up: nil, retry: nil),
        ]
    }

    /// Several nodes may have to be tried.
    private static let discoveryTimeout = Duration.seconds(5)
}

extension RedisAddress {
    /// The port, where the address is this machine's own; another Redis may have the same port elsewhere.
    fileprivate var localPort: Int? {
        guard case .tcp(let host, let port) = endpoint else { return nil }
        return host == "localhost" || host == "::1" || host.hasPrefix("127.") ? Int(port) : nil
    }
}

extension RedisSettings {
    init(_ settings: Settings) {
        self.init(
            user: settings[Options.redisUser], password: settings[Options.redisPassword],
            passwordFile: settings[Options.redisPasswordFile],
            tls: RedisTLSSettings(
                caFile: settings[Options.redisCAFile], certificateFile: settings[Options.redisCertificateFile],
                keyFile: settings[Options.redisKeyFile], serverName: settings[Options.redisServerName],
                skipsVerification: settings[Options.redisSkipVerify]),
            connectTimeout: settings[Options.redisConnectTimeout], timeout: settings[Options.redisTimeout],
            histogramInterval: Self.interval(settings, polls: 3, atMost: .seconds(15)),
            ownHistogramInterval: Self.interval(settings, polls: 12, atMost: .seconds(60)),
            percentilesInterval: Self.interval(settings, polls: 60, atMost: .seconds(300)))
        keys.checked = settings[Options.keysCheck]
        keys.checkedSingly = settings[Options.keysCheckSingle]
        keys.counted = settings[Options.keysCount]
        keys.streams = settings[Options.keysCheckStreams]
        keys.streamsSingly = settings[Options.keysCheckSingleStreams]
        keys.queues = settings[Options.redisQueues]
        keys.ownQueues = settings[Options.redisQueue]
        keys.samplesSizes = settings[Options.keysSizes] == .on
        keys.queueLabel = { JudgedName.of($0) }
        keys.interval = settings[Options.keysInterval]
        let excluded = settings[Options.metricsExclude].map(NamePattern.init)
        keys.excludes = { family in excluded.contains { $0.matches(family) } }
        sentinelUser = settings[Options.redisSentinelUser]
        sentinelPassword = settings[Options.redisSentinelPassword]
        sentinelPasswordFile = settings[Options.redisSentinelPasswordFile]
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

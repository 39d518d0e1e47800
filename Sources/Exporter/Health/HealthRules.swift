// What the components of the health page mean: which samples are looked at, and from when on it is degraded or
// unhealthy.

import Capture
import Host
import Metrics
import Traffic

/// The thresholds of the health page, from the options.
struct HealthRules: Sendable {
    let memory: Thresholds
    let connections: Thresholds
    let hitRate: Thresholds
    let responseTime: Thresholds
    let errorRate: Thresholds
    let gatewayErrorRate: Thresholds?
    let gatewayP95: Thresholds?
    /// Nil where no port is read as HTTP.
    let gatewayWindow: GatewayWindow?

    init(_ settings: Settings, gateway: GatewayWindow? = nil) {
        memory = settings[Options.healthMemory]
        connections = settings[Options.healthConnections]
        hitRate = settings[Options.healthHitRate]
        responseTime = settings[Options.healthResponseTime]
        errorRate = settings[Options.healthErrorRate]
        gatewayErrorRate = settings[Options.healthGatewayErrorRate]
        gatewayP95 = settings[Options.healthGatewayP95]
        gatewayWindow = gateway
    }

    /// Every component this program can show; only those whose source is configured appear.
    var components: [Health.Component] {
        [
            Health.Component(name: "redis", collector: "redis") { target($0) },
            Health.Component(name: "redis_memory", collector: "redis", applies: \.holdsData) { redisMemory($0) },
            Health.Component(name: "redis_connections", collector: "redis") { redisConnections($0) },
            Health.Component(name: "redis_performance", collector: "redis") { redisPerformance($0) },
            Health.Component(name: "redis_persistence", collector: "redis", applies: \.holdsData) {
                redisPersistence($0)
            },
            Health.Component(name: "redis_replication", collector: "redis", applies: \.holdsData) {
                redisReplication($0)
            },
            Health.Component(name: "database", collector: "postgres") { database($0) },
            Health.Component(name: "pgbouncer", collector: "pgbouncer") { pgBouncer($0) },
            Health.Component(name: "capture", collector: "wire") { capture($0) },
            Health.Component(name: "host", collector: "host") { host($0) },
        ] + gatewayComponents
    }

    /// A target that answered: how fast, what it did not let us see, and what to grant for that.
    func target(_ report: Report) -> ComponentHealth {
        let milliseconds = (report.lastDuration ?? .zero).seconds * 1000
        var findings = ["answered in \(Figure.time(milliseconds / 1000))"]
        let failed = report.tallies.dropFirst().compactMap { tally in tally.failure.map { (tally.name, $0) } }
        if !failed.isEmpty {
            findings.append("not available: " + failed.map { "\($0) (\($1.reason.rawValue))" }.joined(separator: ", "))
        }
        for (_, failure) in failed where failure.reason == .denied && !findings.contains(failure.message) {
            findings.append(failure.message)
        }
        return ComponentHealth(responseTime.status(ofHigh: milliseconds), findings.joined(separator: "; "))
    }

    /// The capture: whether everything that was asked for is captured, whether packets get lost, and whether that is
    /// what clients send.
    func capture(_ report: Report) -> ComponentHealth {
        let part = report.tallies.first { $0.name == WireCollector.capturePart }
        if let failure = part?.failure { return ComponentHealth(.degraded, failure.message) }
        if let dropped = report.growth(of: CaptureFamilies.dropped), dropped > 0 {
            return ComponentHealth(
                .degraded,
                "\(Figure.short(dropped)) packets dropped just now; a larger --wire.buffer helps against bursts")
        }
        let remarks = report.snapshot?.remarks ?? []
        let troubles = remarks.filter(\.isTrouble)
        if !troubles.isEmpty {
            return ComponentHealth(.degraded, troubles.map(\.message).joined(separator: "; "))
        }
        let connections = report.ofEachTarget(WireFamilies.connections).reduce(0, +)
        var findings = ["\(Figure.short(connections)) connections"]
        let isOfSeveral = report.snapshot?.targeted.isEmpty == false
        if let least = report.ofEachTarget(Coverage.ratio).min() {
            let percent = "\(Figure.short(least * 100)) %"
            findings.append(
                isOfSeveral
                    ? "at least \(percent) of each Redis' commands measured" : "\(percent) of Redis' commands measured")
        }
        let notes = remarks.map(\.message)
        return ComponentHealth(.healthy, (findings.joined(separator: ", ") + notes.map { "; \($0)" }.joined()))
    }

    /// The machine: memory that programs can still get.
    func host(_ report: Report) -> ComponentHealth {
        guard let total = report[Host.memoryTotal], total > 0,
            let available = report[Host.memoryAvailable]
        else { return ComponentHealth(.degraded, "memory is unknown: /proc/meminfo could not be read") }
        let used = (1 - available / total) * 100
        let message = "memory \(Figure.short(used)) % in use"
        return ComponentHealth(used >= memory.critical ? .degraded : .healthy, message)
    }
}

extension Thresholds {
    /// Where high is bad.
    func status(ofHigh value: Double) -> HealthStatus {
        value >= critical ? .unhealthy : value >= warning ? .degraded : .healthy
    }

    /// Where low is bad.
    func status(ofLow value: Double) -> HealthStatus {
        value < critical ? .unhealthy : value < warning ? .degraded : .healthy
    }
}

extension Report {
    /// The value of a family without labels in the newest snapshot; nil when it is absent.
    subscript(family: Descriptor) -> Double? { snapshot?.samples.first(family) }

    /// The values of such a family in the newest snapshot, one for each target where the collector knows several.
    func ofEachTarget(_ family: Descriptor) -> [Double] {
        guard let snapshot else { return [] }
        return ([snapshot.samples] + snapshot.targeted.map(\.samples)).compactMap { $0.sum(of: family) }
    }

    /// How much a counter grew between the last two snapshots, over all of its series; nil when it cannot be told.
    func growth(of family: Descriptor) -> Double? {
        guard let before = previous?.samples.sum(of: family), let now = snapshot?.samples.sum(of: family),
            now >= before
        else { return nil }
        return now - before
    }
}

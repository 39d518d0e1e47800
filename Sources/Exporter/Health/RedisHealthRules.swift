// The components that look at Redis' own figures.

import Metrics
import Redis

extension HealthRules {
    /// Memory in use against `maxmemory`.
    func redisMemory(_ report: Report) -> ComponentHealth {
        guard let used = report[RedisTarget.usedMemory] else { return unknown("used_memory") }
        guard let limit = report[RedisTarget.maxMemory], limit > 0 else {
            return ComponentHealth(.healthy, "\(megabytes(used)) in use; maxmemory is not set")
        }
        let percent = used / limit * 100
        return ComponentHealth(
            memory.status(ofHigh: percent),
            "\(megabytes(used)) of \(megabytes(limit)) in use (\(Figure.short(percent)) %)")
    }

    /// Clients against `maxclients`, and whether any was turned away since the poll before.
    func redisConnections(_ report: Report) -> ComponentHealth {
        guard let clients = report[RedisTarget.connectedClients] else { return unknown("connected_clients") }
        let known = report[RedisTarget.maxClients] ?? report[RedisTarget.configuredMaxClients]
        guard let limit = known, limit > 0 else {
            return ComponentHealth(.healthy, "\(Figure.short(clients)) clients; the limit is unknown")
        }
        let percent = clients / limit * 100
        let message = "\(Figure.short(clients)) of \(Figure.short(limit)) clients (\(Figure.short(percent)) %)"
        let rejected = report.growth(of: RedisTarget.rejectedConnections) ?? 0
        guard rejected == 0 else {
            return ComponentHealth(.unhealthy, "\(message); \(Figure.short(rejected)) rejected just now")
        }
        return ComponentHealth(connections.status(ofHigh: percent), message)
    }

    /// Hit rate and share of failed commands between the last two polls; too little traffic is no verdict. The hit rate
    /// is that of the clients: an empty queue that is looked at is no miss of theirs.
    func redisPerformance(_ report: Report) -> ComponentHealth {
        let hits = report.growth(of: RedisTarget.keyspaceHits, without: RedisTarget.ownKeyspaceHits)
        let misses = report.growth(of: RedisTarget.keyspaceMisses, without: RedisTarget.ownKeyspaceMisses)
        let commands = report.growth(of: RedisTarget.commandsProcessed) ?? 0
        let errors = report.growth(of: RedisTarget.commandErrors) ?? 0
        guard report[RedisTarget.commandsProcessed] != nil else { return unknown("total_commands_processed") }
        var status = HealthStatus.healthy
        var findings: [String] = []
        if hits + misses >= Self.leastTraffic {
            let rate = hits / (hits + misses) * 100
            status = max(status, hitRate.status(ofLow: rate))
            findings.append("hit rate \(Figure.short(rate)) %")
        }
        if commands >= Self.leastTraffic {
            let rate = errors / commands * 100
            status = max(status, errorRate.status(ofHigh: rate))
            findings.append("\(Figure.short(rate)) % of commands failed")
        }
        return ComponentHealth(
            status, findings.isEmpty ? "too little traffic to judge" : findings.joined(separator: ", "))
    }

    /// Whether the last save and the last write of the append-only file worked.
    func redisPersistence(_ report: Report) -> ComponentHealth {
        if report[RedisTarget.loading] == 1 { return ComponentHealth(.degraded, "loading its data") }
        if report[RedisTarget.lastWrite] == 0 && report[RedisTarget.appendOnlyFile] == 1 {
            return ComponentHealth(.unhealthy, "the last write of the append-only file failed; see the disk")
        }
        if report[RedisTarget.lastSave] == 0 {
            return ComponentHealth(.unhealthy, "the last background save failed; see the disk and Redis' log")
        }
        guard let changes = report[RedisTarget.changesSinceSave] else {
            return unknown("rdb_changes_since_last_save")
        }
        return ComponentHealth(.healthy, "\(Figure.short(changes)) changes since the last save")
    }

    /// A replica's link to its master, or a master's replicas.
    func redisReplication(_ report: Report) -> ComponentHealth {
        let links = report.snapshot?.samples.numbers(of: RedisTarget.primaryLink) ?? []
        if links.contains(0) { return ComponentHealth(.unhealthy, "the link to the master is down") }
        if !links.isEmpty { return ComponentHealth(.healthy, "a replica with its link up") }
        guard let replicas = report[RedisTarget.connectedReplicas] else { return unknown("connected_slaves") }
        return ComponentHealth(.healthy, "a master with \(Figure.short(replicas)) replicas")
    }

    /// Reads or commands between two polls below which a rate says nothing.
    private static let leastTraffic = 20.0

    private func unknown(_ field: String) -> ComponentHealth {
        ComponentHealth(.degraded, "unknown: INFO has no \(field), or may not be asked")
    }

    private func megabytes(_ bytes: Double) -> String {
        "\(Figure.short(bytes / 1_048_576)) MiB"
    }
}

extension Report {
    /// Whether the Redis keeps anything: a Sentinel has no memory to fill, nothing to save and no replicas of its own.
    var holdsData: Bool { self[RedisTarget.sentinelMasters] == nil }
}

extension Report {
    /// The growth of a counter, of which another counts a part that is ours.
    fileprivate func growth(of family: Descriptor, without own: Descriptor) -> Double {
        max(0, (growth(of: family) ?? 0) - (growth(of: own) ?? 0))
    }
}

// The figures of one Redis at one moment, to be scraped or printed.

import Metrics

/// What the engine had counted of a target of Redis when the snapshot was taken.
public struct RedisSnapshot: ProtocolSnapshot {
    let wire: WireSnapshot
    let counts: RedisCounts
    let labels: [GroupLabel?]
    let commands: [String]
    let hotKeys: [HotKey]?
    let queues: QueueSnapshot
    let channels: [String: ChannelFigures]

    init(_ books: borrowing RedisBooks, target: String?) {
        wire = books.wireSnapshot(target: target)
        counts = books.counts
        labels = books.keys.labels
        commands = books.commands.names
        hotKeys = books.hotKeys.isWanted ? books.hotKeys.shown : nil
        queues = books.queues.snapshot
        channels = books.channels.named.byLabel
    }

    /// Whose figures these are; nil where there is one target only.
    public var target: String? { wire.target }
    /// Connections that were followed.
    public var connections: Int { wire.connections }
    /// Commands paired with their reply.
    public var pairedCommands: UInt64 { wire.requests }
    /// Connections that fell out of sync, by reason.
    public var resyncs: [(reason: String, count: UInt64)] { wire.resyncs }
    /// Commands seen and not measured, by reason.
    public var unmeasuredCommands: [(reason: String, count: UInt64)] { wire.unmeasured }

    /// A group's labels. A slot without a group is `other`.
    func label(_ slot: Int) -> (name: String, project: String) {
        guard slot < labels.count, let label = labels[slot] else { return ("other", "") }
        return (String(printable: label.name), String(printable: label.project))
    }

    func addFamilies(to samples: inout Samples) {
        addCommands(to: &samples)
        addPairs(to: &samples)
        addQueued(to: &samples)
        addGroups(to: &samples)
        addUsers(to: &samples)
        addQueues(to: &samples)
        for key in hotKeys ?? [] {
            samples.add(RedisTrafficFamilies.hotKeyCommands, Double(key.commands), String(printable: key.key))
        }
    }

    private func addCommands(to samples: inout Samples) {
        let buckets = counts.scale.buckets
        for (row, command) in counts.commands.commands.enumerated() {
            let value = counts.commands.histograms.value(row, buckets)
            samples.add(
                RedisTrafficFamilies.commandDuration,
                Sample(labels: [commands[Int(command)], "wire"], value: .histogram(value)))
        }
        for (row, command) in counts.blocking.commands.enumerated() {
            let value = counts.blocking.histograms.value(row, buckets)
            samples.add(
                RedisTrafficFamilies.blockingCommandDuration,
                Sample(labels: [commands[Int(command)]], value: .histogram(value)))
        }
        samples.add(RedisTrafficFamilies.pipelineDepth, Sample(value: .histogram(counts.depths.value)))
    }

    private func addPairs(to samples: inout Samples) {
        for (row, pair) in counts.pairs.pairs.enumerated() {
            guard let pair else { continue }
            addPair(row, pair.group, commands[Int(pair.item)], to: &samples)
        }
        if counts.pairs.histograms.count(counts.pairs.rest) > 0 {
            addPair(counts.pairs.rest, counts.otherGroup, "other", to: &samples)
        }
    }

    private func addPair(_ row: Int, _ group: Int, _ command: String, to samples: inout Samples) {
        let (name, project) = label(group)
        let value = counts.pairs.histograms.value(row, counts.scale.buckets)
        samples.add(
            RedisTrafficFamilies.keyCommandDuration,
            Sample(labels: [name, command, "wire", project], value: .histogram(value)))
    }

    private func addQueued(to samples: inout Samples) {
        let rows = counts.queuedPairs
        for (row, pair) in rows.pairs.enumerated() {
            guard let pair else { continue }
            let (name, project) = label(pair.group)
            samples.add(
                RedisTrafficFamilies.keyQueuedCommands, Double(rows.histograms.count(row)), name,
                commands[Int(pair.item)], project)
        }
        let rest = rows.histograms.count(rows.rest)
        if rest > 0 { samples.add(RedisTrafficFamilies.keyQueuedCommands, Double(rest), "other", "other", "") }
    }

    private func addGroups(to samples: inout Samples) {
        for (slot, figures) in counts.groups.enumerated() where figures != GroupFigures() {
            let (name, project) = label(slot)
            samples.add(RedisTrafficFamilies.keyHits, Double(figures.hits), name, project)
            samples.add(RedisTrafficFamilies.keyMisses, Double(figures.misses), name, project)
            samples.add(RedisTrafficFamilies.keyRequestBytes, Double(figures.requestBytes), name, project)
            samples.add(RedisTrafficFamilies.keyResponseBytes, Double(figures.replyBytes), name, project)
        }
    }

    private func addUsers(to samples: inout Samples) {
        for (user, name) in counts.users.names.enumerated() {
            let shown = String(printable: name)
            let value = counts.users.histograms.value(user, counts.scale.buckets)
            if value.count > 0 {
                samples.add(RedisTrafficFamilies.userCommandDuration, Sample(labels: [shown], value: .histogram(value)))
            }
            for (place, error) in counts.users.errors.enumerated() where counts.users.errorCount(user, place) > 0 {
                samples.add(
                    RedisTrafficFamilies.userCommandErrors, Double(counts.users.errorCount(user, place)), shown,
                    String(printable: error.bytes))
            }
        }
    }
}

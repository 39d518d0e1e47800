// The engine's figures at one moment, for whoever scrapes or prints them.

public import Metrics

/// What the engine had counted when the snapshot was taken.
///
/// A value: taking one is cheap, and turning it into samples is done where no packet waits.
public struct TrafficSnapshot: Sendable {
    let counts: RedisCounts
    let labels: [GroupLabel?]
    let commands: [String]
    let hotKeys: [HotKey]?
    /// Connections that were followed.
    public let connections: Int
    /// Whose figures these are; nil where there is one target only.
    public let target: String?

    init(_ books: borrowing RedisBooks, target: String?) {
        counts = books.counts
        labels = books.keys.labels
        commands = books.commands.names
        hotKeys = books.hotKeys.isWanted ? books.hotKeys.shown : nil
        connections = books.connections
        self.target = target
    }

    /// Commands paired with their reply.
    public var pairedCommands: UInt64 { counts.paired }
    /// Commands seen and not measured, by reason.
    public var unmeasuredCommands: [(reason: String, count: UInt64)] {
        UnmeasuredReason.allCases.map { ($0.label, counts.unmeasured[$0.rawValue]) }
    }

    /// A group's labels. A slot without a group is `other`.
    func label(_ slot: Int) -> (name: String, project: String) {
        guard slot < labels.count, let label = labels[slot] else { return ("other", "") }
        return (String(printable: label.name), String(printable: label.project))
    }

    /// The samples of all families that belong to the target; of all families where there is one only.
    public func samples() -> Samples {
        var samples = Samples(bounded: false)
        addCommands(to: &samples)
        addPairs(to: &samples)
        addQueued(to: &samples)
        addGroups(to: &samples)
        addUsers(to: &samples)
        addConnections(to: &samples)
        addSegments(to: &samples)
        if target == nil { addPackets(to: &samples) }
        for key in hotKeys ?? [] {
            samples.add(TrafficFamilies.hotKeyCommands, Double(key.commands), String(printable: key.key))
        }
        return samples
    }

    private func addCommands(to samples: inout Samples) {
        let buckets = counts.scale.buckets
        for (row, command) in counts.commands.commands.enumerated() {
            let value = counts.commands.histograms.value(row, buckets)
            samples.add(
                TrafficFamilies.commandDuration,
                Sample(labels: [commands[Int(command)], "wire"], value: .histogram(value)))
        }
        for (row, command) in counts.blocking.commands.enumerated() {
            let value = counts.blocking.histograms.value(row, buckets)
            samples.add(
                TrafficFamilies.blockingCommandDuration,
                Sample(labels: [commands[Int(command)]], value: .histogram(value)))
        }
        let depth = counts.depth.value(0, Self.depthBuckets, scale: 1)
        samples.add(TrafficFamilies.pipelineDepth, Sample(value: .histogram(depth)))
    }

    private static let depthBuckets = Buckets(PipelineDepth.bounds)

    private func addPairs(to samples: inout Samples) {
        for (row, pair) in counts.pairs.pairs.enumerated() {
            guard let pair else { continue }
            addPair(row, pair.group, commands[Int(pair.command)], to: &samples)
        }
        if counts.pairs.histograms.count(counts.pairs.rest) > 0 {
            addPair(counts.pairs.rest, counts.otherGroup, "other", to: &samples)
        }
    }

    private func addPair(_ row: Int, _ group: Int, _ command: String, to samples: inout Samples) {
        let (name, project) = label(group)
        let value = counts.pairs.histograms.value(row, counts.scale.buckets)
        samples.add(
            TrafficFamilies.keyCommandDuration,
            Sample(labels: [name, command, "wire", project], value: .histogram(value)))
    }

    private func addQueued(to samples: inout Samples) {
        let rows = counts.queuedPairs
        for (row, pair) in rows.pairs.enumerated() {
            guard let pair else { continue }
            let (name, project) = label(pair.group)
            samples.add(
                TrafficFamilies.keyQueuedCommands, Double(rows.histograms.count(row)), name,
                commands[Int(pair.command)], project)
        }
        let rest = rows.histograms.count(rows.rest)
        if rest > 0 { samples.add(TrafficFamilies.keyQueuedCommands, Double(rest), "other", "other", "") }
    }

    private func addGroups(to samples: inout Samples) {
        for (slot, figures) in counts.groups.enumerated() where figures != GroupFigures() {
            let (name, project) = label(slot)
            samples.add(TrafficFamilies.keyHits, Double(figures.hits), name, project)
            samples.add(TrafficFamilies.keyMisses, Double(figures.misses), name, project)
            samples.add(TrafficFamilies.keyRequestBytes, Double(figures.requestBytes), name, project)
            samples.add(TrafficFamilies.keyResponseBytes, Double(figures.replyBytes), name, project)
        }
    }

    private func addUsers(to samples: inout Samples) {
        for (user, name) in counts.users.names.enumerated() {
            let shown = String(printable: name)
            let value = counts.users.histograms.value(user, counts.scale.buckets)
            if value.count > 0 {
                samples.add(TrafficFamilies.userCommandDuration, Sample(labels: [shown], value: .histogram(value)))
            }
            for (place, error) in counts.users.errors.enumerated() where counts.users.errorCount(user, place) > 0 {
                samples.add(
                    TrafficFamilies.userCommandErrors, Double(counts.users.errorCount(user, place)), shown,
                    String(printable: error.bytes))
            }
        }
    }

    private func addConnections(to samples: inout Samples) {
        samples.add(TrafficFamilies.commands, Double(counts.paired))
        for (reason, count) in unmeasuredCommands {
            samples.add(TrafficFamilies.unmeasuredCommands, Double(count), reason)
        }
        for reason in ResyncReason.allCases {
            samples.add(TrafficFamilies.resyncs, Double(counts.resyncs[reason.rawValue]), reason.label)
        }
        samples.add(TrafficFamilies.connections, Double(connections))
        samples.add(TrafficFamilies.evictedConnections, Double(counts.evictedConnections))
        samples.add(TrafficFamilies.clockSteps, Double(counts.clockSteps))
    }

    /// The samples of the families that belong to no target but to interfaces; the first snapshot has all of them.
    public func packetSamples() -> Samples {
        var samples = Samples(bounded: false)
        addPackets(to: &samples)
        return samples
    }

    private func addPackets(to samples: inout Samples) {
        for interface in counts.interfaces {
            samples.add(TrafficFamilies.packets, Double(interface.packets), interface.name)
            samples.add(TrafficFamilies.bytes, Double(interface.bytes), interface.name)
        }
        for fault in PacketFault.allCases {
            samples.add(TrafficFamilies.ignoredPackets, Double(counts.faults[fault.rawValue]), fault.label)
        }
    }

    private func addSegments(to samples: inout Samples) {
        samples.add(TrafficFamilies.irregularSegments, Double(counts.repeatedSegments), "repeated")
        samples.add(TrafficFamilies.irregularSegments, Double(counts.otherInterfaceSegments), "other_interface")
        samples.add(TrafficFamilies.irregularSegments, Double(counts.earlySegments), "early")
        samples.add(TrafficFamilies.irregularSegments, Double(counts.gaps), "gap")
    }
}

// INFO as a whole: one walk over the reply, in which each line finds the family that knows it.

import Metrics

/// What a reply to INFO holds.
struct InfoReply: Sendable {
    static let skippedLines = Descriptor(
        .gauge, "sidelong_redis_info_skipped_lines",
        help: "Lines of the newest INFO that made no sense: no colon, or no number where one belongs.")
    static let activeConnections = Descriptor(
        .gauge, "redis_connections_active",
        help: "Client connections, without those of replicas (INFO connected_clients).")

    static let descriptors =
        InfoFields.all.map(\.descriptor) + CommandStatistics.descriptors
        + [LatencyPercentiles.percentiles, ErrorStatistics.errors]
        + Keyspace.descriptors + Replication.descriptors + SentinelMasters.descriptors + Threads.descriptors
        + [Modules.info] + InstanceInfo.descriptors + [skippedLines, activeConnections]

    private(set) var samples = Samples()
    private(set) var commands = CommandStatistics()
    /// Percentiles, where the reply has them; the forms of INFO that new servers are asked for leave them out.
    private(set) var percentiles = LatencyPercentiles()
    private(set) var instance = InstanceInfo()
    /// Lines that made no sense.
    private(set) var skipped = 0

    /// What is done with a field that is known by its whole name; a few are numbers and words at once.
    private struct Known {
        var field: InfoField?
        var word: Int?
    }

    private static let names = InfoFields.all.map(\.field) + InstanceInfo.names
    private static let index = NameIndex(names)
    /// In the order of `names`; the index finds the first of two.
    private static let known =
        InfoFields.all.map { Known(field: $0, word: InstanceInfo.names.firstIndex(of: $0.field)) }
        + InstanceInfo.names.indices.map { Known(field: nil, word: $0) }
    private static let clusterInfo = Array("Cluster Info".utf8)

    /// Decodes the text of a reply. Costs some tens of microseconds for the six kilobytes of a plain server.
    ///
    /// - Parameters:
    ///   - databases: how many databases are configured, nil where that is not known.
    ///   - now: the time of day in seconds since 1970.
    init(_ bytes: [UInt8], databases: Int?, now: Double) {
        var keyspace = Keyspace()
        var replication = Replication()
        var lines = InfoLines(bytes)
        var isClusterInfo = false
        while let line = lines.next() {
            switch line {
            case .malformed: skipped += 1
            // Valkey 9.1 repeats CLUSTER INFO here, which is asked for by itself.
            case .section(let title): isClusterInfo = bytes[title].elementsEqual(Self.clusterInfo)
            case .field where isClusterInfo: continue
            case .field(let name, let value):
                take(InfoValue(bytes: bytes, name: name, value: value), &keyspace, &replication)
            }
        }
        samples.add(percentiles.samples(usage: commands.usage))
        instance.finish(now: now, into: &samples)
        if instance.mode != "sentinel" { keyspace.finish(databases: databases, into: &samples) }
        samples.add(Self.activeConnections, ifKnown: self["connected_clients"])
        samples.add(Self.skippedLines, Double(skipped))
    }

    /// The value of a field of the table, in the unit of its metric.
    subscript(field: String) -> Double? {
        let name = Array(field.utf8)
        return Self.index[name, 0..<name.count].flatMap { Self.known[$0].field }.flatMap {
            samples.first($0.descriptor)
        }
    }

    private mutating func take(_ line: InfoValue, _ keyspace: inout Keyspace, _ replication: inout Replication) {
        let known = Self.index[line.bytes, line.name].map { Self.known[$0] }
        if let word = known?.word { instance.keep(line.text, at: word) }
        if let field = known?.field {
            if let value = field.value(line.bytes, line.value) {
                samples.add(field.descriptor, value)
            } else {
                skipped += 1
            }
            return
        }
        let isSound =
            commands.take(line, into: &samples) ?? percentiles.take(line) ?? ErrorStatistics.take(line, into: &samples)
            ?? keyspace.take(line, into: &samples) ?? replication.take(line, into: &samples)
            ?? SentinelMasters.take(line, into: &samples) ?? Threads.take(line, into: &samples)
            ?? Modules.take(line, into: &samples) ?? ClusterInfo.take(line, into: &samples) ?? true
        if !isSound { skipped += 1 }
    }
}

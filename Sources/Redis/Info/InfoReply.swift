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

    /// The name in `collector="…"`.
    static let name = "redis_info"

    static let descriptors =
        InfoFields.all.map(\.descriptor) + CommandStatistics.descriptors + [ErrorStatistics.errors]
        + Keyspace.descriptors + Replication.descriptors + SentinelMasters.descriptors + Threads.descriptors
        + [Modules.info] + ScriptingEngines.descriptors + CertificateExpiry.descriptors + InstanceInfo.descriptors + [
            skippedLines, activeConnections,
        ]

    private(set) var samples = Samples()
    private(set) var commands = CommandStatistics()
    /// Percentiles, where the reply has them; the forms of INFO that new servers are asked for leave them out.
    private(set) var percentiles = CommandPercentiles()
    private(set) var instance = InstanceInfo()
    private(set) var keyspace = Keyspace()
    private var certificates = CertificateExpiry()
    /// The kind of server.
    private(set) var mode = ServerIdentity.Mode.unknown
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
    private static let known: [Known] = {
        var known = InfoFields.all.map { Known(field: $0) } + InstanceInfo.names.map { _ in Known() }
        for (word, name) in InstanceInfo.names.enumerated() {
            let name = Array(name.utf8)
            if let place = index[name, name.indices] { known[place].word = word }
        }
        return known
    }()
    private static let clusterInfo = Array("Cluster Info".utf8)
    private static let keyspace = Array("Keyspace".utf8)
    private static let sentinel = Array("Sentinel".utf8)

    /// Decodes the text of a reply. Costs some tens of microseconds for the six kilobytes of a plain server.
    ///
    /// - Parameter now: the time of day in seconds since 1970.
    init(_ bytes: [UInt8], now: Double) {
        var replication = Replication()
        var lines = InfoLines(bytes)
        var isClusterInfo = false
        var isSentinel = false
        while let line = lines.next() {
            switch line {
            case .malformed: skipped += 1
            case .section(let title):
                // Valkey 9.1 repeats CLUSTER INFO here, which is asked for by itself.
                isClusterInfo = bytes[title].elementsEqual(Self.clusterInfo)
                if bytes[title].elementsEqual(Self.keyspace) { keyspace.hasSection = true }
                if bytes[title].elementsEqual(Self.sentinel) { isSentinel = true }
            case .field where isClusterInfo: continue
            case .field(let name, let value):
                take(InfoValue(bytes: bytes, name: name, value: value), &replication)
            }
        }
        samples.add(percentiles.samples(usage: commands.usage))
        instance.finish(now: now, into: &samples)
        mode = ServerIdentity.mode(
            words: instance.modes, isClusterNode: self[InfoFields.clusterEnabled] == 1,
            isSentinel: isSentinel || self[InfoFields.sentinelMasters] != nil)
        certificates.finish(into: &samples)
        samples.add(Self.activeConnections, ifKnown: self[InfoFields.connectedClients])
        samples.add(Self.skippedLines, Double(skipped))
    }

    /// - Throws: what the server refused, or that it said something else than a text.
    init(_ reply: RedisReply, now: Double) throws(CollectorFailure) {
        guard case .bulk(let text) = try reply.accepted(for: RedisQuery("INFO", bound: .essential)), !text.isEmpty
        else {
            throw CollectorFailure(.malformed, "INFO answered with something else than a text")
        }
        self.init(text, now: now)
    }

    /// The samples with zeros for the databases that are configured and hold nothing.
    ///
    /// - Parameter databases: how many there are; nil where that is not known. A node of a cluster has one.
    func samples(databases: Int?) -> Samples {
        var samples = samples
        keyspace.addEmpty(mode == .cluster ? 1 : databases, to: &samples)
        return samples
    }

    /// How much of INFO this is. A Sentinel counts nothing per command.
    var worth: InfoWorth {
        guard instance.saysWhoAnswers else { return .fragment }
        return commands.hasCommands || mode == .sentinel ? .whole : .withoutCommands
    }

    /// The value of a field of the table, in the unit of its metric.
    subscript(field: InfoField) -> Double? { samples.first(field.descriptor) }

    private mutating func take(_ line: InfoValue, _ replication: inout Replication) {
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
            ?? Modules.take(line, into: &samples) ?? ScriptingEngines.take(line, into: &samples)
            ?? certificates.take(line) ?? ClusterFields.take(line, into: &samples) ?? true
        if !isSound { skipped += 1 }
    }
}

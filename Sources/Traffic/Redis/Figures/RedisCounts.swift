// Everything that the engine has counted, in a few flat arrays. Handing it to a scrape is a copy by value.

/// The figures behind the wire families.
struct RedisCounts: Sendable {
    let scale: LatencyScale
    /// Commands paired with their reply: the measured ones, the blocking ones and those queued by MULTI.
    var paired: UInt64 = 0
    /// Commands answered with QUEUED, whose latency is EXEC's.
    var queued: UInt64 = 0
    var unmeasured = [UInt64](repeating: 0, count: UnmeasuredReason.allCases.count)
    var resyncs = [UInt64](repeating: 0, count: ResyncReason.allCases.count)
    var faults = [UInt64](repeating: 0, count: PacketFault.allCases.count)
    var interfaces: [InterfaceFigures] = []
    /// Packets of a target that is not the first one, Sidelong's own included. Interfaces are counted for all targets
    /// together, with the first one, and so are faults; of these a further target has Sidelong's own packets too.
    var packets: UInt64 = 0
    var commands: CommandRows
    var blocking: CommandRows
    var pairs: PairRows
    /// Commands that ran within a transaction, one bucket each.
    private(set) var queuedPairs: PairRows
    var users: UserRows
    /// By slot; the last one is `other`.
    var groups: [GroupFigures]
    /// One row: commands in flight on a connection, by power of two.
    var depth: HistogramRows
    /// Whether there are details. Asked for each command, and cheaper than looking for them.
    private let keepsDetails: Bool
    /// Percentiles, when wanted.
    private(set) var details: DetailedCounts?
    /// Segments that held nothing new.
    var repeatedSegments: UInt64 = 0
    /// Segments of connections that are read from another interface.
    var otherInterfaceSegments: UInt64 = 0
    /// Segments that came before their predecessor.
    var earlySegments: UInt64 = 0
    /// Runs of bytes that never came.
    var gaps: UInt64 = 0
    /// Replies stamped before their request.
    var clockSteps: UInt64 = 0
    var evictedConnections: UInt64 = 0

    struct InterfaceFigures: Sendable {
        let name: String
        var packets: UInt64 = 0
        var bytes: UInt64 = 0
    }

    init(_ settings: TrafficSettings) {
        scale = LatencyScale(settings.buckets)
        commands = CommandRows(buckets: scale.count)
        blocking = CommandRows(buckets: scale.count)
        pairs = PairRows(capacity: settings.maxHistograms, buckets: scale.count)
        queuedPairs = PairRows(capacity: settings.maxHistograms, buckets: 1)
        users = UserRows(buckets: scale.count)
        groups = Array(repeating: GroupFigures(), count: settings.usableGroups + 1)
        depth = HistogramRows(buckets: PipelineDepth.count, rows: 1)
        keepsDetails = settings.keepsPercentiles
        if keepsDetails {
            details = DetailedCounts(groups: groups.count, buckets: scale.count)
        }
    }

    /// The place of `other` among the groups.
    var otherGroup: Int { groups.count - 1 }

    /// Counts a command that was answered in this time, in nanoseconds.
    ///
    /// - Parameter group: the slot of its key's group; nil when it has no key.
    @inline(__always)
    mutating func measured(_ command: CommandID, group: Int?, user: UserID, _ latency: UInt64) {
        let bucket = scale.bucket(of: latency)
        commands.record(command, bucket: bucket, latency)
        users.record(user, bucket: bucket, latency)
        if let group {
            pairs.record(.init(group: group, command: command), bucket: bucket, latency)
        }
        if keepsDetails { details?.measured(command, group: group, bucket: bucket, latency) }
    }

    /// Counts a command that ran within a transaction.
    mutating func ranQueued(_ command: CommandID, group: Int) {
        queuedPairs.record(.init(group: group, command: command), bucket: 0, 0)
    }

    /// Counts a command that ran within a transaction and was not remembered.
    mutating func ranUnremembered() {
        queuedPairs.recordRest(bucket: 0, 0)
    }

    /// Lets what is long ago weigh less.
    mutating func age() {
        pairs.age()
        queuedPairs.age()
    }

    /// Adds one group's figures to another's.
    mutating func moveGroup(_ slot: Int, to other: Int) {
        groups[other].add(groups[slot])
        groups[slot] = GroupFigures()
        pairs.move(group: slot, to: other)
        queuedPairs.move(group: slot, to: other)
        details?.moveGroup(slot, to: other)
    }
}

/// The buckets of redis_pipeline_depth: powers of two.
enum PipelineDepth {
    private static var largestPower: Int { 10 }
    static var bounds: [Double] { (0...largestPower).map { Double(1 << $0) } }
    static var count: Int { largestPower + 2 }

    /// The bucket of a depth, which is at least 1.
    @inline(__always)
    static func bucket(of depth: Int) -> Int {
        Swift.min(Int.bitWidth - (depth - 1).leadingZeroBitCount, largestPower + 1)
    }
}

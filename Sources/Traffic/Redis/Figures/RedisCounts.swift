// Everything that is counted of Redis alone, in a few flat arrays. Handing it to a scrape is a copy by value.

import Metrics

/// The figures behind the families of Redis.
struct RedisCounts: Sendable {
    let scale: LatencyScale
    /// Commands answered with QUEUED, whose latency is EXEC's.
    var queued: UInt64 = 0
    var commands: CommandRows
    var blocking: CommandRows
    var pairs: BoundedHistograms
    /// Commands that ran within a transaction, one bucket each.
    private(set) var queuedPairs: BoundedHistograms
    var users: NamedRows
    /// By slot; the last one is `other`.
    var groups: [GroupFigures]
    /// One row: commands in flight on a connection, by power of two.
    var depth: HistogramRows
    /// Whether there are details. Asked for each command, and cheaper than looking for them.
    private let keepsDetails: Bool
    /// Percentiles, when wanted.
    private(set) var details: DetailedCounts?

    init(_ settings: RedisTrafficSettings, buckets: Buckets, keepsPercentiles: Bool) {
        scale = LatencyScale(buckets)
        commands = CommandRows(buckets: scale.count)
        blocking = CommandRows(buckets: scale.count)
        pairs = BoundedHistograms(capacity: settings.maxHistograms, buckets: scale.count)
        queuedPairs = BoundedHistograms(capacity: settings.maxHistograms, buckets: 1)
        users = RedisUsers.rows(buckets: scale.count)
        groups = Array(repeating: GroupFigures(), count: settings.usableGroups + 1)
        depth = HistogramRows(buckets: PipelineDepth.count, rows: 1, isNative: false)
        keepsDetails = keepsPercentiles
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
            pairs.record(.init(group: group, item: command), bucket: bucket, latency)
        }
        if keepsDetails { details?.measured(command, group: group, bucket: bucket, latency) }
    }

    /// Counts a command that ran within a transaction.
    mutating func ranQueued(_ command: CommandID, group: Int) {
        queuedPairs.record(.init(group: group, item: command), bucket: 0, 0)
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

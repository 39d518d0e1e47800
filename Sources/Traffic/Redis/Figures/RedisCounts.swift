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
    var depths = PipelineDepths()
    /// Whether there are details. Asked for each command, and cheaper than looking for them.
    private let keepsDetails: Bool
    /// Percentiles, when wanted.
    private(set) var details: DetailedCounts?

    init(_ settings: RedisTrafficSettings, buckets: Buckets, keepsPercentiles: Bool) {
        scale = LatencyScale(buckets)
        commands = CommandRows(scale.places)
        blocking = CommandRows(scale.places)
        pairs = BoundedHistograms(capacity: settings.maxHistograms, scale.places)
        queuedPairs = BoundedHistograms(capacity: settings.maxHistograms, RowPlaces(plain: 1))
        users = RedisUsers.rows(scale.places)
        groups = Array(repeating: GroupFigures(), count: settings.usableGroups + 1)
        keepsDetails = keepsPercentiles
        if keepsDetails {
            details = DetailedCounts(groups: groups.count, scale.places)
        }
    }

    /// The place of `other` among the groups.
    var otherGroup: Int { groups.count - 1 }

    /// Counts a command that was answered in this time, in nanoseconds.
    ///
    /// - Parameter group: the slot of its key's group; nil when it has no key.
    @inline(__always)
    mutating func measured(_ command: CommandID, group: Int?, user: UserID, _ latency: UInt64) {
        let place = scale.place(of: latency)
        commands.record(command, place: place, latency)
        users.record(user, place: place, latency)
        if let group {
            pairs.record(.init(group: group, item: command), place: place, latency)
        }
        if keepsDetails { details?.measured(command, group: group, place: place, latency) }
    }

    /// Counts a command that ran within a transaction.
    mutating func ranQueued(_ command: CommandID, group: Int) {
        queuedPairs.record(.init(group: group, item: command), place: 0, 0)
    }

    /// Counts a command that ran within a transaction and was not remembered.
    mutating func ranUnremembered() {
        queuedPairs.recordRest(place: 0, 0)
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

// What all connections share: the figures, and what is needed to file a command under the right names.

/// The engine's books. One per engine, handed down to whoever measures.
struct Ledger: Sendable {
    let limits: TrafficLimits
    var commands = CommandTable.builtIn
    var keys: KeyGroups
    var hotKeys: HotKeys
    var counts: TrafficCounts
    /// Bytes of early segments that all connections keep.
    var earlyBytes = 0
    /// Commands in flight on all connections.
    var inFlight = 0

    init(_ settings: TrafficSettings) {
        limits = settings.limits
        let hasher = Hasher64(seed: settings.seed)
        keys = KeyGroups(patterns: settings.patterns, capacity: settings.usableGroups, hasher: hasher)
        hotKeys = HotKeys(wanted: settings.hotKeys, hasher: hasher)
        counts = TrafficCounts(settings)
    }

    /// The group of a command's first key.
    @inline(__always)
    mutating func group(of key: Span<UInt8>, isWhole: Bool) -> GroupHandle {
        if hotKeys.isWanted { hotKeys.record(key) }
        let group = keys.group(of: key, isWhole: isWhole)
        if !keys.moves.isEmpty { followMoves() }
        return group
    }

    /// Moves figures along with the groups that they belong to.
    private mutating func followMoves() {
        for move in keys.moves {
            switch move {
            case .retired(let seat): counts.moveGroup(seat, to: counts.otherGroup)
            case .merged(let seat, let target): counts.moveGroup(seat, to: target)
            }
        }
        keys.moves = []
    }

    mutating func unmeasured(_ reason: UnmeasuredReason, _ count: Int = 1) {
        counts.unmeasured[reason.rawValue] &+= UInt64(count)
    }

    mutating func resync(_ reason: ResyncReason) {
        counts.resyncs[reason.rawValue] &+= 1
    }

    /// Files a command that was answered.
    ///
    /// - Parameter stamp: when the reply's first byte was captured.
    @inline(__always)
    mutating func answered(_ command: PendingCommand, _ reply: Reply, isQueued: Bool, at stamp: UInt64, by user: UserID)
    {
        let id = commands.confirm(command.command, isError: reply.isError)
        var group: Int?
        if command.group != .none {
            let handle = keys.resolve(command.group)
            let seat = handle == .other ? counts.otherGroup : handle.seat
            counts.groups[seat].requestBytes &+= UInt64(command.size)
            counts.groups[seat].replyBytes &+= UInt64(truncatingIfNeeded: reply.size)
            group = seat
        }
        if command.marks.contains(.behindBlocking) && !isQueued { return unmeasured(.blocking) }
        counts.paired &+= 1
        if isQueued {
            counts.queued &+= 1
            return
        }
        let isBackwards = stamp < command.stamp
        if isBackwards { counts.clockSteps &+= 1 }
        let latency = isBackwards ? 0 : stamp &- command.stamp
        if command.marks.contains(.blocking) {
            return counts.blocking.record(id, bucket: counts.scale.bucket(of: latency), latency)
        }
        counts.measured(id, group: group, user: user, latency)
        if let group, command.marks.contains(.readsOneKey), !reply.isError {
            let misses = commands.facts[Int(command.command)].misses
            if misses.isMiss(reply) { counts.groups[group].misses &+= 1 } else { counts.groups[group].hits &+= 1 }
        }
    }

    @inline(__always)
    mutating func arrived(inFlight depth: Int) {
        counts.depth.record(0, bucket: PipelineDepth.bucket(of: depth), UInt64(depth))
    }
}

extension MissRule {
    /// Whether the reply says that the key does not exist.
    @inline(__always)
    func isMiss(_ reply: Reply) -> Bool {
        switch self {
        case .untold: false
        case .null: reply.isNull
        case .empty: reply.isNull || reply.length == 0
        case .zero: reply.integer == 0
        case .minusTwo: reply.integer == -2
        case .noneWord: reply.word == Self.none
        }
    }

    private static let none = ShortWord("none")
}

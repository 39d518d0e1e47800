// What all connections to a Redis share: the figures, and what is needed to file a command under the right names.

import Metrics

/// The books of one Redis.
struct RedisBooks: ~Copyable, Sendable {
    var wire = WireCounts()
    var commands = CommandTable.builtIn
    var keys: KeyGroups
    private(set) var hotKeys: HotKeys
    private var countsHotKeys: Bool
    var counts: RedisCounts
    var queues: QueueBooks
    var channels: ChannelBooks
    /// Whether a command is named that was not seen on the network.
    private(set) var isNaming = false

    init(_ settings: RedisTrafficSettings, buckets: Buckets, keepsPercentiles: Bool, seed: UInt64) {
        let hasher = Hasher64(seed: seed)
        keys = KeyGroups(patterns: settings.patterns, capacity: settings.usableGroups, hasher: hasher)
        hotKeys = HotKeys(wanted: settings.hotKeys, hasher: hasher)
        countsHotKeys = settings.hotKeys > 0
        counts = RedisCounts(settings, buckets: buckets, keepsPercentiles: keepsPercentiles)
        queues = QueueBooks(settings.patterns, hasher)
        channels = ChannelBooks(hasher)
    }

    /// The group of a command's first key.
    ///
    /// - Parameters:
    ///   - key: the key, or its first ``RESPLimits/keptArgument`` bytes at least.
    ///   - length: its full length.
    mutating func group(of key: Span<UInt8>, length: Int) -> GroupHandle {
        let limit = RESPLimits.keptArgument
        let start = key.count > limit ? key.extracting(0..<limit) : key
        if countsHotKeys { hotKeys.record(start) }
        let group = keys.group(of: start, isWhole: length <= limit)
        if !keys.retired.isEmpty { followRetirements() }
        return group
    }

    /// Names commands that were not seen on the network: their keys are not among the busy ones, and use no queue.
    mutating func nameCommands(_ body: (inout RedisBooks) -> Void) {
        let counts = countsHotKeys
        countsHotKeys = false
        isNaming = true
        body(&self)
        isNaming = false
        countsHotKeys = counts
    }

    /// The place of a command's group among the labels; nil for a command without a key and for `other`.
    mutating func labelledSlot(of group: GroupHandle) -> Int? {
        guard let slot = settledSlot(of: group, isAnswered: true), slot != counts.otherGroup else { return nil }
        return slot
    }

    /// Ends a minute.
    mutating func turnMinute() {
        hotKeys.turn()
    }

    /// Lets what is long ago weigh less.
    mutating func age() {
        keys.age()
        counts.age()
        queues.age()
        channels.age()
    }

    /// Moves the figures of groups that have lost their slot.
    private mutating func followRetirements() {
        for slot in keys.retired { counts.moveGroup(slot, to: counts.otherGroup) }
        keys.retired = []
    }

    /// Files a command that was answered.
    ///
    /// - Parameter stamp: when the reply's first byte was captured.
    @inline(__always)
    mutating func answered(
        _ command: PendingCommand, _ reply: ReplyFacts, isQueued: Bool, at stamp: UInt64, by user: UserID
    ) {
        let id = commands.confirm(command.command, isError: reply.isError)
        let group = settledSlot(of: command.group, isAnswered: !reply.isError)
        if command.marks.contains(.transfer), !isQueued { transferred(command, reply) }
        if isQueued || !command.marks.isDisjoint(with: [.behindBlocking, .blocking]) {
            if let group { counts.groups[group].exchanged(command.size, reply.size) }
            return answeredApart(command, id, isQueued: isQueued, at: stamp)
        }
        wire.requests &+= 1
        let latency = wire.latency(from: command.stamp, to: stamp)
        counts.measured(id, group: group, user: user, latency)
        guard let group else { return }
        counts.groups[group].measured(latency, command.size, reply.size)
        found(command, reply, group)
    }

    /// Counts what a read found.
    @inline(__always)
    private mutating func found(_ command: PendingCommand, _ reply: ReplyFacts, _ group: Int) {
        guard command.marks.contains(.read), !reply.isError else { return }
        let rule = commands.facts[Int(command.command)].reads
        counts.groups[group].found(rule.findings(reply, items: Int(command.items)))
    }

    /// Files a command that ran within a transaction. Its request was counted when it was queued, its time is EXEC's.
    ///
    /// - Parameters:
    ///   - command: nil when there was no room to remember it.
    ///   - result: its element of EXEC's reply; nil when that was lost.
    mutating func ran(_ command: PendingCommand?, _ result: ReplyFacts?) {
        guard let command else { return counts.ranUnremembered() }
        let id = commands.confirm(command.command, isError: result?.isError ?? true)
        if command.marks.contains(.transfer), let result { transferred(command, result) }
        guard let group = slot(of: command.group) else { return }
        counts.ranQueued(id, group: group)
        guard let result else { return }
        counts.groups[group].exchanged(0, result.size)
        found(command, result, group)
    }

    /// Counts what a transfer has put into a queue, taken out of one or published.
    private mutating func transferred(_ command: PendingCommand, _ reply: ReplyFacts) {
        if reply.isError { return }
        switch command.role {
        case .publish, .shardPublish: channels.published(on: command.place, receivers: reply.integer)
        default: queues.answered(command.role, at: command.place, reply)
        }
    }

    /// Files a command whose time is another's, or a wait that was asked for.
    private mutating func answeredApart(
        _ command: PendingCommand, _ id: CommandID, isQueued: Bool, at stamp: UInt64
    ) {
        if isQueued {
            wire.requests &+= 1
            counts.queued &+= 1
        } else if command.marks.contains(.behindBlocking) {
            wire.countUnmeasured(.blocking)
        } else {
            wire.requests &+= 1
            let latency = wire.latency(from: command.stamp, to: stamp)
            counts.blocking.record(id, place: counts.scale.place(of: latency), latency)
        }
    }

    /// The place of a group among the figures; nil for a command without a key.
    @inline(__always)
    private mutating func slot(of group: GroupHandle) -> Int? {
        if group == .none { return nil }
        let current = keys.resolve(group)
        return current == .other ? counts.otherGroup : current.slot
    }

    /// The place of a command's group among the figures, now that there is a reply; nil for a command without a key. A
    /// reply that is no error makes a new group a lasting one.
    @inline(__always)
    private mutating func settledSlot(of group: GroupHandle, isAnswered: Bool) -> Int? {
        if group == .none { return nil }
        let current = keys.settle(group, isAnswered: isAnswered)
        if !keys.retired.isEmpty { followRetirements() }
        return current == .other ? counts.otherGroup : current.slot
    }

    /// Counts further bytes of a reply whose command was filed already.
    mutating func replyGoesOn(_ handle: GroupHandle, _ count: Int) {
        if let group = slot(of: handle) { counts.groups[group].exchanged(0, count) }
    }

    @inline(__always)
    mutating func arrived(inFlight depth: Int) {
        counts.depths.record(depth)
    }
}

extension RedisBooks: WireProtocol {
    static var kind: WireProtocolKind { .redis }
    static var unmeasuredReasons: [UnmeasuredReason] {
        [
            .joinedMidstream, .gap, .snapLength, .resync, .noReply, .blocking, .closed, .evicted, .queueFull,
            .replication,
        ]
    }
    static var resyncReasons: [ResyncReason] { ResyncReason.allCases }

    static func begin(on port: UInt16) -> RedisConversation { RedisConversation() }

    static func opened(_ connection: inout RedisConversation) {
        connection.opened()
    }

    @inline(__always)
    mutating func receive(
        _ bytes: Span<UInt8>, _ arrival: Arrival, _ connection: inout RedisConversation, _ budget: inout Budget
    ) {
        connection.receive(bytes, arrival, &self, &budget)
    }

    mutating func lost(
        _ count: Int, _ loss: Loss, _ arrival: Arrival, _ connection: inout RedisConversation, _ budget: inout Budget
    ) {
        connection.lost(count, loss, arrival, &self, &budget)
    }

    mutating func rested(until stamp: UInt64?, _ connection: inout RedisConversation, _ budget: inout Budget) {
        connection.rested(until: stamp, &self, &budget)
    }

    mutating func ended(_ ending: Ending, _ connection: inout RedisConversation, _ budget: inout Budget) {
        connection.ended(ending, &self, &budget)
    }

    static func queueBytes(of connection: borrowing RedisConversation) -> Int {
        connection.queue.bytes + connection.transaction.bytes
    }

    static func giveBack(_ connection: inout RedisConversation, _ budget: inout Budget) {
        connection.queue.giveBack(&budget)
        connection.transaction.giveBack(&budget)
    }

    func snapshot(target: String?) -> RedisSnapshot { RedisSnapshot(self, target: target) }
}

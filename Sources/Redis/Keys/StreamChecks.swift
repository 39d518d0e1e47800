// Streams and the groups that read them: how much waits, since when, and for which consumer. Families and labels are
// redis_exporter's (--check-streams, --check-single-streams); ages are added, and an unknown lag is absent and no 0.

import Metrics

/// The part of a poll that looks at the operator's streams.
struct StreamChecks: KeyLook {
    static let name = "redis_streams"
    static let descriptors = StreamFamilies.all

    enum Purpose: Sendable {
        case scan(Int)
        case exists(KeyPattern)
        case type(KeyPattern)
        case stream(KeyPattern)
        case groups(KeyPattern)
        case consumers(KeyPattern, String)
        case oldestPending(KeyPattern, String)
        case oldestUndelivered(KeyPattern, after: StreamEntryID)
    }

    let pace: Duration
    var trips = RoundTrips<Purpose>()
    var stage = KeyLookStage.idle
    private let singly: [KeyPattern]
    private var walks: KeyWalks
    private var found = Samples()
    private var lastGenerated: [KeyPattern: StreamEntryID] = [:]
    /// Groups that are behind, by how far they have read: those that stand at the same entry share a query.
    private var behind: [KeyPattern: [StreamEntryID: [String]]] = [:]
    private var unread = UnreadEntries()
    private var groupsShown = 0.0
    private var groupsLeftOut = 0.0
    private var consumersShown = 0.0
    private var consumersLeftOut = 0.0
    private let wantsConsumers, wantsPending, wantsUndelivered: Bool

    static let mostGroupsOfStream = 500.0
    static let mostGroups = 5000.0
    static let mostConsumersOfGroup = 100.0
    static let mostConsumers = 1000.0

    init(_ settings: KeySettings) {
        pace = settings.interval
        wantsConsumers = settings.wants(StreamFamilies.consumerPending, StreamFamilies.consumerIdle)
        wantsPending = settings.wants(StreamFamilies.oldestPendingAge, StreamFamilies.oldestPendingDeliveries)
        wantsUndelivered = settings.wants(StreamFamilies.undeliveredAge)
        singly = settings.streamsSingly + settings.streams.filter { !$0.isPattern }
        walks = KeyWalks(settings.streams.filter(\.isPattern).map { KeyWalk($0, type: "stream") })
    }

    var isWanted: Bool { !singly.isEmpty || !walks.walks.isEmpty }

    mutating func enter(_ stage: KeyLookStage, _ poll: RedisPoll) {
        guard stage == .looking else {
            for index in walks.begin(on: poll.server) { scan(index, walks.walks[index].query) }
            return
        }
        (found, lastGenerated, behind) = (Samples(), [:], [:])
        unread.begin(on: poll.server)
        (groupsShown, groupsLeftOut, consumersShown, consumersLeftOut) = (0, 0, 0, 0)
        var known = Set(singly)
        // It finds out whether there is such a key without counting as a miss.
        for key in singly { trips.add(RedisQuery("MEMORY USAGE", key.text), in: key.database, .exists(key)) }
        var total = 0
        for walk in walks.walks {
            total += walk.total ?? walk.names.count
            for name in walk.names {
                let key = KeyPattern(database: walk.pattern.database, name)
                guard known.insert(key).inserted, known.count <= singly.count + KeyWalk.mostNames else { continue }
                if walk.type == nil { askType(key) } else { ask(key) }
            }
        }
        if !walks.walks.isEmpty { found.add(StreamFamilies.leftOut, Double(max(0, total - KeyWalk.mostNames))) }
    }

    private mutating func scan(_ index: Int, _ query: RedisQuery) {
        trips.add(query, in: walks.walks[index].pattern.database, .scan(index), cost: KeyWalk.cost)
    }

    private mutating func askType(_ key: KeyPattern) {
        trips.add(RedisQuery("TYPE", key.text), in: key.database, .type(key))
    }

    private mutating func ask(_ key: KeyPattern) {
        trips.add(RedisQuery("XINFO STREAM", key.text), in: key.database, .stream(key), cost: 4)
    }

    /// XINFO GROUPS tells of all groups of a stream, however many.
    private mutating func askGroups(of key: KeyPattern, _ count: Double) {
        guard count > 0 else { return }
        guard count <= Self.mostGroupsOfStream, groupsShown + count <= Self.mostGroups else {
            groupsLeftOut += count
            return
        }
        groupsShown += count
        trips.add(RedisQuery("XINFO GROUPS", key.text), in: key.database, .groups(key), cost: 2 + 0.4 * count)
    }

    mutating func take(_ reply: RedisReply, for purpose: Purpose, in poll: RedisPoll) {
        switch purpose {
        case .scan(let index):
            if let query = walks.take(reply, of: index) { scan(index, query) }
        case .exists(let key):
            if case .null = reply { return }
            askType(key)
        case .type(let key):
            if reply.keyType == "stream" { ask(key) }
        case .stream(let key):
            if let info = StreamInfo(reply) { take(info, of: key, poll) }
        case .groups(let key):
            let groups = (reply.elements ?? []).prefix(Int(Self.mostGroupsOfStream))
            for group in groups.compactMap(StreamGroup.init) { take(group, of: key, poll) }
        case .consumers(let key, let group):
            takeConsumers(reply, of: key, group)
        case .oldestPending(let key, let group):
            let entry = reply.elements?.first?.elements
            let age = StreamEntryID(entry?.first?.text)?.age(at: poll.serverTime)
            found.add(StreamFamilies.oldestPendingAge, ifKnown: age, key.label, key.text, group)
            let deliveries = entry.flatMap { $0.count > 3 ? $0[3].integer : nil }
            found.add(
                StreamFamilies.oldestPendingDeliveries, ifKnown: deliveries.map { Double($0) }, key.label, key.text,
                group)
        case .oldestUndelivered(let key, let delivered):
            guard let entries = reply.elements else { return }
            if let id = entries.first?.entryID { unread.note(id, of: key, after: delivered) }
            // What was added after the last entry that was read may have been deleted.
            let age = entries.isEmpty ? 0 : entries[0].entryID?.age(at: poll.serverTime)
            for group in behind[key]?[delivered] ?? [] {
                found.add(StreamFamilies.undeliveredAge, ifKnown: age, key.label, key.text, group)
            }
        }
    }

    private mutating func take(_ info: StreamInfo, of key: KeyPattern, _ poll: RedisPoll) {
        lastGenerated[key] = info.lastGenerated
        unread.note(info, of: key)
        let rows: [(Descriptor, Double?)] = [
            (StreamFamilies.length, info.length), (StreamFamilies.radixTreeKeys, info.radixTreeKeys),
            (StreamFamilies.radixTreeNodes, info.radixTreeNodes), (StreamFamilies.groups, info.groups),
            (StreamFamilies.added, info.added), (StreamFamilies.lastGeneratedID, info.lastGenerated?.number),
            (StreamFamilies.maxDeletedID, info.maxDeleted?.number), (StreamFamilies.firstID, info.first?.number),
            (StreamFamilies.lastID, info.last?.number),
            (StreamFamilies.oldestAge, info.first?.age(at: poll.serverTime)),
        ]
        for (descriptor, value) in rows { found.add(descriptor, ifKnown: value, key.label, key.text) }
        askGroups(of: key, info.groups ?? 0)
    }

    private mutating func take(_ group: StreamGroup, of key: KeyPattern, _ poll: RedisPoll) {
        let rows: [(Descriptor, Double?)] = [
            (StreamFamilies.consumers, group.consumers), (StreamFamilies.pending, group.pending),
            (StreamFamilies.lastDeliveredID, group.lastDelivered?.number),
            (StreamFamilies.entriesRead, group.entriesRead), (StreamFamilies.lag, group.lag),
            (StreamFamilies.lagKnown, group.lag == nil ? 0 : 1),
        ]
        for (descriptor, value) in rows { found.add(descriptor, ifKnown: value, key.label, key.text, group.name) }
        askConsumers(of: group, key)
        if group.pending == 0 {
            found.add(StreamFamilies.oldestPendingAge, 0, key.label, key.text, group.name)
            found.add(StreamFamilies.oldestPendingDeliveries, 0, key.label, key.text, group.name)
        } else if wantsPending {
            trips.add(
                RedisQuery("XPENDING", key.text, group.name, "-", "+", "1"), in: key.database,
                .oldestPending(key, group.name), cost: 3)
        }
        guard wantsUndelivered, let delivered = group.lastDelivered, let last = lastGenerated[key] else { return }
        if delivered >= last { return found.add(StreamFamilies.undeliveredAge, 0, key.label, key.text, group.name) }
        if let id = unread.entry(of: key, after: delivered) {
            let age = id.age(at: poll.serverTime)
            return found.add(StreamFamilies.undeliveredAge, ifKnown: age, key.label, key.text, group.name)
        }
        behind[key, default: [:]][delivered, default: []].append(group.name)
        if behind[key]?[delivered]?.count == 1 {
            trips.add(
                RedisQuery("XRANGE", key.text, delivered.successor, "+", "COUNT", "1"), in: key.database,
                .oldestUndelivered(key, after: delivered), cost: 3)
        }
    }

    private mutating func askConsumers(of group: StreamGroup, _ key: KeyPattern) {
        guard wantsConsumers, let count = group.consumers, count > 0 else { return }
        guard count <= Self.mostConsumersOfGroup, consumersShown + count <= Self.mostConsumers else {
            consumersLeftOut += count
            return
        }
        consumersShown += count
        trips.add(
            RedisQuery("XINFO CONSUMERS", key.text, group.name), in: key.database, .consumers(key, group.name),
            cost: 2 + 0.2 * count)
    }

    private mutating func takeConsumers(_ reply: RedisReply, of key: KeyPattern, _ group: String) {
        for consumer in (reply.elements ?? []).prefix(Int(Self.mostConsumersOfGroup)) {
            guard let values = NamedValues(consumer), let name = values["name"]?.text else { continue }
            found.add(
                StreamFamilies.consumerPending, ifKnown: values.number("pending"), key.label, key.text, group, name)
            found.add(
                StreamFamilies.consumerIdle, ifKnown: values.number("idle").map { $0 / 1000 }, key.label, key.text,
                group, name)
        }
    }

    mutating func finish(_ poll: RedisPoll) -> Samples {
        var samples = found
        guard !samples.families.isEmpty else { return samples }
        samples.add(StreamFamilies.groupsLeftOut, groupsLeftOut)
        samples.add(StreamFamilies.consumersLeftOut, consumersLeftOut)
        return samples
    }
}

extension StreamEntryID {
    /// The milliseconds as a value.
    fileprivate var number: Double { Double(milliseconds) }
}

// What goes into queues and out of them, as the traffic shows it. Any list, stream or sorted set can be one. A key
// counts as a queue once something is pushed to it, popped off it or read from it by a group. A sorted set is one when
// something is added to it for a time that is yet to come.

/// What is counted for one queue.
struct QueueFigures: PlaceFigures {
    /// Commands that have put something in, and that have taken something out.
    var entered: UInt64 = 0
    var left: UInt64 = 0
    /// Commands that have acknowledged what a group had read.
    var acknowledged: UInt64 = 0
    /// Commands that asked for something, and waited or found nothing.
    var asked: UInt64 = 0

    mutating func add(_ other: QueueFigures) {
        entered &+= other.entered
        left &+= other.left
        acknowledged &+= other.acknowledged
        asked &+= other.asked
    }
}

/// The queues of one Redis.
struct QueueBooks: ~Copyable, Sendable {
    private(set) var named: NamedFigures<QueueFigures>
    private var sets = QueueSets()
    /// Blocking commands in flight, by their place.
    private var waiting: [GroupHandle: Int] = [:]

    init(_ patterns: [KeyPattern], _ hasher: Hasher64) {
        named = NamedFigures(patterns, hasher)
    }

    /// The place of a command that uses this queue.
    mutating func place(of key: Span<UInt8>, length: Int) -> GroupHandle { named.group(of: key, length: length) }

    /// The place of a command that uses several.
    mutating func place(of choices: [QueueChoice]) -> GroupHandle { sets.place(of: choices) }

    func knows(_ key: Span<UInt8>) -> Bool { named.knows(key) }

    mutating func age() {
        named.age()
    }

    /// Counts what a command has done, which was answered without an error.
    mutating func answered(_ role: CommandRole, at place: GroupHandle, _ reply: ReplyFacts) {
        switch role {
        case .push, .delay:
            if reply.changes { named.count(place) { $0.entered &+= 1 } }
        case .remove:
            if reply.changes { named.count(place) { $0.left &+= 1 } }
        case .acknowledge:
            if reply.changes { named.count(place) { $0.acknowledged &+= 1 } }
        case .move:
            let ends = sets[place] ?? [QueueChoice(place), QueueChoice(.other)]
            named.count(ends[0].queue) { if reply.isNothing { $0.asked &+= 1 } else { $0.left &+= 1 } }
            if !reply.isNothing { named.count(ends[1].queue) { $0.entered &+= 1 } }
        case .pop, .deliver:
            if !reply.isNothing { return named.count(source(of: reply, place)) { $0.left &+= 1 } }
            for choice in sets[place] ?? [QueueChoice(place)] { named.count(choice.queue) { $0.asked &+= 1 } }
        default: break
        }
    }

    /// The queue that a reply comes from: of several its first element names the one. Where that is not clear, it is
    /// `other`.
    private func source(of reply: ReplyFacts, _ place: GroupHandle) -> GroupHandle {
        guard let choices = sets[place] else { return place }
        let matching = choices.filter { $0.word == reply.word }.map(\.queue)
        guard let first = matching.first, matching.allSatisfy({ $0 == first }) else { return .other }
        return first
    }
}

// Consumers that wait.
extension QueueBooks {
    mutating func beginWait(at place: GroupHandle) {
        waiting[place, default: 0] += 1
    }

    mutating func endWait(at place: GroupHandle) {
        guard let count = waiting[place] else { return }
        waiting[place] = count > 1 ? count - 1 : nil
    }

    /// What is known of each queue, by what it is called on the page.
    var snapshot: QueueSnapshot {
        var snapshot = QueueSnapshot(figures: named.byLabel)
        for (place, count) in waiting {
            let names = Set((sets[place] ?? [QueueChoice(place)]).map { named.label(of: $0.queue) })
            for name in names { snapshot.waiting[name, default: 0] += count }
        }
        return snapshot
    }

    /// The queues that are used most.
    func busiest(_ count: Int) -> [BusyName] { named.busiest(count) }
}

/// The queues of one Redis at one moment, by what they are called on the page.
struct QueueSnapshot: Sendable {
    let figures: [String: QueueFigures]
    /// Consumers that wait.
    var waiting: [String: Int] = [:]
}

extension ReplyFacts {
    /// Whether the reply says that something was done: a number above 0, or a text, such as the identifier of an entry.
    fileprivate var changes: Bool {
        type == UInt8(ascii: ":") ? integer > 0 : !isNothing
    }
}

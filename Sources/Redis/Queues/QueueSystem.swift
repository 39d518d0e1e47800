// How queue systems keep their jobs in Redis. They differ in names and agree in the rest: lists and sorted sets, one
// for each queue and state.

import Metrics

/// The layout of one queue system. Where a key belongs to a queue, `@` stands for the queue's name.
struct QueueSystem: Sendable {
    /// The value of the `system` label.
    let name: String
    let discovery: QueueDiscovery
    /// Collections whose lengths are jobs; several of one state are added up. Without a `@` they hold the jobs of the
    /// whole system.
    let collections: [QueueCollection]
    var oldest: OldestJob?
    var paused: PausedMark?
    var workers: QueueWorkers?
    var counters: [QueueCounter] = []
}

/// Where the names of the queues stand.
enum QueueDiscovery: Sendable {
    /// In a set, each perhaps behind a prefix.
    case members(of: String, prefix: String = "")
    /// In the names of keys, between the two. They are found by SCAN.
    case keys(prefix: String, suffix: String, type: String)
    /// In the bindings of Kombu, of which each exchange has a set; they are found by SCAN where the first exists.
    case bindings(prefix: String, first: String)

    /// The set without which there is no such system; nil where none has a fixed name.
    var registry: String? {
        switch self {
        case .members(let key, _), .bindings(_, let key): key
        case .keys: nil
        }
    }

    /// What stands before the name of a queue where it is the member of a set.
    var prefix: String {
        if case .members(_, let prefix) = self { prefix } else { "" }
    }
}

/// A collection of jobs.
struct QueueCollection: Sendable {
    let state: String
    /// LLEN or ZCARD.
    let command: String
    let key: String

    static func list(_ state: String, _ key: String) -> QueueCollection {
        QueueCollection(state: state, command: "LLEN", key: key)
    }

    static func sorted(_ state: String, _ key: String) -> QueueCollection {
        QueueCollection(state: state, command: "ZCARD", key: key)
    }

    /// Whether each queue has one.
    var isOfQueue: Bool { key.mentions("@") }
}

/// How the time at which a job was queued is found.
enum OldestJob: Sendable {
    /// The job stands in the list, as JSON with a field.
    case inList(String, at: Int, field: String)
    /// The job's number stands in the list; `#` in the hash's key stands for it.
    case inHash(String, at: Int, hash: String, field: String)

    var list: (key: String, index: Int) {
        switch self {
        case .inList(let key, let index, _), .inHash(let key, let index, _, _): (key, index)
        }
    }
}

/// How a system marks a queue as paused.
enum PausedMark: Sendable {
    /// The queue's name is in this set.
    case member(of: String)
    /// All queues are paused while there is such a key.
    case key(String)
    /// A hash of the queue has this field.
    case field(String, of: String)
}

/// How a system keeps account of its workers.
enum QueueWorkers: Sendable {
    /// A set with one member each.
    case members(of: String)
    /// A set of names, with a hash for each that lives, whose field says how many jobs it works on.
    case hashes(of: String, busy: String)
}

/// A count that the system keeps itself.
struct QueueCounter: Sendable {
    enum Kind: String, Sendable {
        case processed, failed
    }

    let kind: Kind
    let key: String
    /// Nil where the key is a string.
    let field: String?
}

extension String {
    /// The key for a queue.
    func of(_ queue: String) -> String { filling("@", with: queue) }

    /// The text with another one in place of a mark.
    func filling(_ mark: Character, with text: String) -> String {
        split(separator: mark, omittingEmptySubsequences: false).joined(separator: text)
    }
}

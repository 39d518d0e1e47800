// SCAN: keys by pattern, a few at a time. A walk over all keys of a large server takes many polls. It goes on where it
// stopped, and what the last whole walk has found stands until the next one has ended.

/// One walk after the other over the keys of a database.
struct KeyWalk: Sendable {
    let pattern: KeyPattern
    /// The only type that is looked for, such as `stream`; nil for all. Since Redis 6.
    var type: String?
    /// Whether names are kept, or only counted.
    private let keepsNames: Bool
    private var cursor = "0"
    private var found: [String] = []
    private var seen: Set<String> = []
    private var count = 0
    /// The names that the last whole walk has found.
    private var lastNames: [String] = []
    /// How many keys the last whole walk has found; nil before the first has ended. A key may count twice while the
    /// server resizes its table.
    private(set) var total: Int?

    /// Names that are kept at the most; Redis is asked for many in one call, most of which do not match.
    static let mostNames = 1000
    /// Keys that one call looks at.
    private static let step = "250"
    /// Microseconds that one call takes: of a million keys hardly any is in the processor's caches, so that each costs
    /// about one.
    static let cost = 250.0
    /// Calls of one part in one poll: a hundred thousand keys, in about 0.1 s of Redis' time at the most.
    static let callsPerPoll = 400
    private static let longestName = 512

    init(_ pattern: KeyPattern, type: String? = nil, keepsNames: Bool = true) {
        self.pattern = pattern
        self.type = type
        self.keepsNames = keepsNames
    }

    /// The next call.
    var query: RedisQuery {
        let type = type.map { ["TYPE", $0] } ?? []
        return RedisQuery("SCAN", [cursor, "MATCH", pattern.text, "COUNT", Self.step] + type)
    }

    /// Takes the reply to a call.
    ///
    /// - Returns: whether the walk goes on.
    mutating func take(_ reply: RedisReply) -> Bool {
        guard let parts = reply.elements, parts.count == 2, let next = parts[0].text, let keys = parts[1].elements
        else {
            restart()
            return false
        }
        count += keys.count
        if keepsNames {
            for key in keys where found.count < Self.mostNames {
                guard let bytes = key.bytes, bytes.count <= Self.longestName,
                    let name = String(validating: bytes, as: UTF8.self), seen.insert(name).inserted
                else { continue }
                found.append(name)
            }
        }
        cursor = next
        guard cursor == "0" else { return true }
        (lastNames, total) = (found, keepsNames ? max(count, found.count) : count)
        restart()
        return false
    }

    /// Begins the next walk anew.
    mutating func restart() {
        cursor = "0"
        (found, seen, count) = ([], [], 0)
    }

    /// Names of the last whole walk and of the one under way, in the order in which they were found.
    var names: [String] {
        let known = Set(lastNames)
        return Array((lastNames + found.filter { !known.contains($0) }).prefix(Self.mostNames))
    }
}

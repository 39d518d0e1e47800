// Whether a read found what it asked for, as the owner of a cache counts it. Only the reply tells, so each command that
// reads has a rule for its replies; Redis' own keyspace_hits and keyspace_misses know neither groups nor fields.

/// How the reply to a read tells whether it found something.
enum ReadRule: UInt8, Sendable {
    /// It does not tell, or the command is no read.
    case untold
    /// A null, or a collection without elements, is a miss; anything else is a hit.
    case value
    /// As ``value``, where a number is no answer but the outcome of STORE.
    case collection
    /// A text without bytes is a miss as well: GETRANGE has no null.
    case text
    /// The number 0 is a miss.
    case number
    /// The number says how many of the keys are there: EXISTS.
    case keys
    /// Each element is the answer for one key: MGET.
    case elements
    /// The elements are parts of one key: a miss when none is there, as HMGET has it.
    case parts
    /// The number -2 is a miss: TTL.
    case minusTwo
    /// The word `none` is a miss: TYPE.
    case noneWord
    /// SET with GET, which answers with the value before.
    case oldValue
    /// A command that the server calls readonly and that is not in the table: a null is a miss, a text a hit.
    case unfamiliar
}

/// What one reply adds to its group's hits and misses.
struct Findings: Equatable, Sendable {
    var hits: UInt64 = 0
    var misses: UInt64 = 0

    static let nothing = Findings()
    static let hit = Findings(hits: 1)
    static let miss = Findings(misses: 1)

    @inline(__always)
    fileprivate init(_ isHit: Bool) {
        self = isHit ? .hit : .miss
    }

    fileprivate init(hits: UInt64 = 0, misses: UInt64 = 0) {
        self.hits = hits
        self.misses = misses
    }
}

extension ReadRule {
    /// What a reply says, which must be no error.
    ///
    /// - Parameter items: the command's arguments after its name.
    @inline(__always)
    func findings(_ reply: ReplyFacts, items: Int) -> Findings {
        switch self {
        case .untold: .nothing
        case .value, .oldValue: Findings(!reply.isNothing)
        case .number: Findings(reply.integer != 0)
        default: rareFindings(reply, items: items)
        }
    }

    private func rareFindings(_ reply: ReplyFacts, items: Int) -> Findings {
        switch self {
        case .untold, .value, .oldValue, .number: .nothing
        case .collection: reply.isNothing ? .miss : reply.isCollection ? .hit : .nothing
        case .text: Findings(!reply.isNothing && reply.length > 0)
        case .minusTwo: Findings(reply.integer != -2)
        case .noneWord: Findings(reply.word != Self.none)
        case .unfamiliar: reply.isNull ? .miss : reply.type == UInt8(ascii: "$") ? .hit : .nothing
        case .keys:
            // More than all keys, or fewer than none, is no answer of EXISTS.
            (0...Int64(items)).contains(reply.integer)
                ? Findings(hits: UInt64(reply.integer), misses: UInt64(Int64(items) - reply.integer)) : .nothing
        case .elements:
            // What was cut off may hold nulls.
            reply.isCollection && reply.isWhole && reply.empties <= reply.length
                ? Findings(hits: UInt64(reply.length) - UInt64(reply.empties), misses: UInt64(reply.empties)) : .nothing
        case .parts:
            reply.isNothing ? .miss : reply.isWhole ? Findings(reply.empties < reply.length) : .nothing
        }
    }

    private static let none = ShortWord("none")
}

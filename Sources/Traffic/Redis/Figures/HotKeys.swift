// `--keys.hot`: the single keys that are asked for most. Off unless wanted, since keys may be personal data: they are
// named as they are, whatever the rules of grouping would hide.

/// The busiest keys of the last full minute.
///
/// Until the first minute is over, the busiest ones so far.
struct HotKeys: Sendable {
    /// Keys counted at the least, and for each one shown; the more, the surer the order.
    private static let fewestCounters = 1_000
    private static let countersPerKey = 10
    /// The longest key that is told apart, in bytes.
    private static let longestKey = 256

    private let wanted: Int
    private let hasher: Hasher64
    private var current: SpaceSaving
    private var names: [[UInt8]] = []
    private var last: [HotKey]?

    init(wanted: Int, hasher: Hasher64) {
        self.wanted = wanted
        self.hasher = hasher
        current = Self.counters(wanted)
    }

    private static func counters(_ wanted: Int) -> SpaceSaving {
        SpaceSaving(capacity: Swift.max(fewestCounters, wanted * countersPerKey))
    }

    var isWanted: Bool { wanted > 0 }

    mutating func record(_ key: Span<UInt8>) {
        let count = Swift.min(key.count, Self.longestKey)
        guard case .entered(let slot) = current.record(hasher.hash(key, 0..<count)) else { return }
        let name = (0..<count).map { key[$0] }
        if slot == names.count { names.append(name) } else { names[slot] = name }
    }

    /// Ends the minute.
    mutating func turn() {
        guard isWanted else { return }
        last = busiest
        current = Self.counters(wanted)
        names = []
    }

    /// What to show.
    var shown: [HotKey] { last ?? busiest }

    /// The keys with the most commands that are certain; the true count is never below.
    private var busiest: [HotKey] {
        let keys = zip(names, current.counters).map { HotKey(key: $0, commands: $1.certain) }.filter { $0.commands > 0 }
        let order = keys.sorted { left, right in
            left.commands == right.commands
                ? left.key.lexicographicallyPrecedes(right.key) : left.commands > right.commands
        }
        return Array(order.prefix(wanted))
    }
}

/// A busy key.
struct HotKey: Sendable, Equatable {
    let key: [UInt8]
    /// At least so many.
    let commands: UInt64
}

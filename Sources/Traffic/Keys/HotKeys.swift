// `--keys.hot`: the single keys that are asked for most. Off unless wanted, since keys may be personal data.

/// The busiest keys of the last full minute.
///
/// Until the first minute is over, the busiest ones so far.
struct HotKeys: Sendable {
    /// Keys counted for each one shown; the more, the surer the order.
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
        current = SpaceSaving(capacity: Swift.max(1, wanted) * Self.countersPerKey)
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
        current = SpaceSaving(capacity: wanted * Self.countersPerKey)
        names = []
    }

    /// What to show.
    var shown: [HotKey] { last ?? busiest }

    private var busiest: [HotKey] {
        let order = names.indices.sorted { left, right in
            let (a, b) = (current.counters[left].count, current.counters[right].count)
            return a == b ? names[left].lexicographicallyPrecedes(names[right]) : a > b
        }
        return order.prefix(wanted).map { HotKey(key: names[$0], commands: current.counters[$0].count) }
    }
}

/// A busy key.
struct HotKey: Sendable, Equatable {
    let key: [UInt8]
    let commands: UInt64
}

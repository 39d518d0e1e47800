// Histograms, or plain counts, per group and kind of request: key group and command, path and method, table and type.
// There are only so many; a pair without one is counted under other/other.

/// The pairs of group and item that have a histogram of their own.
struct BoundedHistograms: Sendable {
    struct Pair: Equatable, Sendable {
        let group: Int
        /// The command, the method or the type.
        let item: UInt16

        var hash: UInt64 { Hasher64.fold(UInt64(group) << 16 | UInt64(item) | 1 << 40, 0x9E37_79B9_7F4A_7C15) | 1 }
    }

    private var heavyHitters: HeavyHitters
    private(set) var pairs: [Pair?] = []
    private(set) var histograms: HistogramRows
    /// The row of other/other.
    let rest: Int

    init(capacity: Int, _ places: RowPlaces) {
        heavyHitters = HeavyHitters(capacity: capacity)
        histograms = HistogramRows(places, rows: Swift.max(0, capacity) + 1)
        rest = Swift.max(0, capacity)
    }

    /// Counts an observation.
    ///
    /// - Returns: the row that it went to.
    @inline(__always) @discardableResult
    mutating func record(_ pair: Pair, place: Int, _ observation: UInt64) -> Int {
        var row = rest
        switch heavyHitters.record(pair.hash) {
        case .held(let slot): row = slot
        case .unheld: break
        case .entered(let slot):
            row = slot
            settle(pair, in: slot)
        case .displaced(let slot):
            row = slot
            histograms.move(slot, to: rest)
            settle(pair, in: slot)
        }
        histograms.record(row, place: place, observation)
        return row
    }

    /// Counts an observation under other/other.
    mutating func recordRest(place: Int, _ observation: UInt64) {
        histograms.record(rest, place: place, observation)
    }

    private mutating func settle(_ pair: Pair, in slot: Int) {
        if slot == pairs.count { pairs.append(pair) } else { pairs[slot] = pair }
    }

    /// Moves all histograms of one group to another's: to the same item's where it has a row. Without one they go to
    /// the rest, or into a row of their own under the other group's name.
    mutating func move(group: Int, to other: Int) {
        for (row, pair) in pairs.enumerated() {
            guard let pair, pair.group == group else { continue }
            let target = Pair(group: other, item: pair.item)
            if let targetRow = heavyHitters.find(target.hash) {
                histograms.move(row, to: targetRow)
                heavyHitters.merge(row, into: targetRow)
                pairs[row] = nil
            } else {
                heavyHitters.rename(row, to: target.hash)
                pairs[row] = target
            }
        }
    }

    mutating func age() {
        heavyHitters.age()
    }
}

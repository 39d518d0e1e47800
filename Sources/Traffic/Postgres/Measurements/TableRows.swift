// Series are money: only so many pairs of table and type have a histogram of their own. A pair without one is counted
// under other/other.

/// Histograms by the slot of a table and the type of a statement.
struct TableRows: Sendable {
    private static let types = StatementType.allCases.count

    /// The row of each pair; -1 for none.
    private var rowOf: [Int16]
    /// The pair of each row; nil for a vacant one.
    private(set) var pairs: [(slot: Int, type: StatementType)?] = []
    private(set) var histograms: HistogramRows
    private var vacant: [Int] = []
    private let capacity: Int

    /// The row of other/other.
    static let rest = 0

    /// - Parameters:
    ///   - slots: how many slots there are.
    ///   - capacity: pairs beside other/other.
    init(slots: Int, capacity: Int, _ places: RowPlaces) {
        rowOf = Array(repeating: -1, count: slots * Self.types)
        histograms = HistogramRows(places, rows: 1)
        pairs = [nil]
        self.capacity = Swift.max(0, Swift.min(capacity, Int(Int16.max) - 1))
    }

    @inline(__always)
    mutating func record(_ slot: Int, _ type: StatementType, place: Int, _ observation: UInt64) {
        var row = Int(rowOf[slot &* Self.types &+ Int(type.rawValue)])
        if row < 0 { row = addRow(slot, type) }
        histograms.record(row, place: place, observation)
    }

    /// Gives a pair a row, where there is one left.
    private mutating func addRow(_ slot: Int, _ type: StatementType) -> Int {
        let row: Int
        if let free = vacant.popLast() {
            row = free
        } else if pairs.count <= capacity {
            row = histograms.addRow()
            pairs.append(nil)
        } else {
            return Self.rest
        }
        give(row, slot, type)
        return row
    }

    private mutating func give(_ row: Int, _ slot: Int, _ type: StatementType) {
        pairs[row] = (slot, type)
        rowOf[slot * Self.types + Int(type.rawValue)] = Int16(row)
    }

    /// Adds the figures of a table that has lost its slot to those of another slot.
    mutating func move(_ slot: Int, to other: Int) {
        for type in StatementType.allCases {
            let row = Int(rowOf[slot * Self.types + Int(type.rawValue)])
            guard row >= 0 else { continue }
            rowOf[slot * Self.types + Int(type.rawValue)] = -1
            let target = Int(rowOf[other * Self.types + Int(type.rawValue)])
            if target < 0 {
                give(row, other, type)
            } else {
                histograms.move(row, to: target)
                pairs[row] = nil
                vacant.append(row)
            }
        }
    }
}

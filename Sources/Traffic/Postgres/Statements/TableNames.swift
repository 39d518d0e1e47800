// Tables are told apart by name, and `events_2026_11` and `events_2026_12` are one: names are judged as keys are. Only
// so many have a seat on the page; all others are `other`, exactly.

/// The tables that were named in statements, and those of them that have a seat.
///
/// Names that were only ever in statements that failed make room for new ones; those of tables that there are do not,
/// so that nobody can drive them out by asking for tables that there are not.
struct TableNames: Sendable {
    /// The most names that are remembered.
    private static let mostNames = 4_096
    /// How many names are looked at for one that may be forgotten.
    private static let patience = 64

    private struct Entry: Sendable {
        var name: [UInt8]
        var hash: UInt64
        var era: UInt16 = 0
        /// Whether a statement on it was answered without an error.
        var isThere = false
        /// Its seat; -1 for none.
        var seat: Int32 = -1
    }

    let hasher: Hasher64
    private var judge = KeyJudge()
    private var entries: [Entry] = []
    /// Entries by the hash of their name.
    private var index = HashIndex()
    /// The handles of the names read last, by the hash of what was read.
    private var recent = [(hash: UInt64, handle: TableHandle)](repeating: (0, .none), count: 512)
    private var seats: Seats
    /// The entry in each seat.
    private var owners: [Int32] = []
    private var next = 0
    /// Seats whose table has lost them since somebody last emptied this; their figures belong to `other`.
    var retired: [Int] = []
    /// The seats of what is no single table.
    let other: Int
    var unknown: Int { other + 1 }
    var catalog: Int { other + 2 }
    /// How many seats there are in all.
    var seatCount: Int { other + 3 }

    /// - Parameter capacity: seats beside `other`, `unknown` and `catalog`.
    init(capacity: Int, hasher: Hasher64) {
        other = Swift.max(0, Swift.min(capacity, Self.mostNames))
        seats = Seats(capacity: other)
        self.hasher = hasher
    }

    /// The labels of all seats.
    var labels: [[UInt8]] {
        let names = (0..<other).map { $0 < owners.count ? entries[Int(owners[$0])].name : [] }
        return names + ["other", "unknown", "catalog"].map { Array($0.utf8) }
    }

    /// The handle of a table by its name.
    @inline(__always)
    mutating func handle(_ name: borrowing TableName) -> TableHandle {
        if name.isCatalog { return .catalog }
        let hash = name.hash(hasher)
        let place = Int(truncatingIfNeeded: hash >> 8) & 511
        if recent[place].hash == hash, isCurrent(recent[place].handle) { return recent[place].handle }
        let handle = judged(name)
        recent[place] = (hash, handle)
        return handle
    }

    private mutating func judged(_ name: borrowing TableName) -> TableHandle {
        judge.judge(name.bytes.span.extracting(0..<name.count), isWhole: true)
        let written = judge.name.written
        let hash = hasher.hash(written.span, written.indices, after: 1)
        if let slot = index.find(hash) { return TableHandle(slot: slot, era: entries[slot].era) }
        guard let slot = vacantSlot() else { return .other }
        let era = slot < entries.count ? entries[slot].era &+ 1 : 0
        let entry = Entry(name: written, hash: hash, era: era)
        if slot == entries.count { entries.append(entry) } else { entries[slot] = entry }
        index.insert(hash, slot)
        return TableHandle(slot: slot, era: era)
    }

    /// A place for a new name; nil when all that was looked at are of tables that there are.
    private mutating func vacantSlot() -> Int? {
        if entries.count < Self.mostNames { return entries.count }
        for _ in 0..<Self.patience {
            next = (next + 1) % entries.count
            if entries[next].isThere { continue }
            index.remove(entries[next].hash, next)
            return next
        }
        return nil
    }

    @inline(__always)
    private func isCurrent(_ handle: TableHandle) -> Bool {
        handle.slot < entries.count && entries[handle.slot].era == handle.era
    }

    /// The seat under which a statement on a table is counted, now that it was answered; nil for one on no table.
    @inline(__always)
    mutating func seat(of handle: TableHandle, isError: Bool) -> Int? {
        guard isCurrent(handle) else { return specialSeat(of: handle) }
        let seat = entries[handle.slot].seat
        if seat >= 0 {
            seats.weigh(Int(seat))
            return Int(seat)
        }
        return isError && !entries[handle.slot].isThere ? other : takeSeat(handle.slot)
    }

    private func specialSeat(of handle: TableHandle) -> Int? {
        switch handle {
        case .none: nil
        case .unknown: unknown
        case .catalog: catalog
        default: other
        }
    }

    private mutating func takeSeat(_ slot: Int) -> Int {
        entries[slot].isThere = true
        switch seats.record(entries[slot].hash) {
        case .standing: return other
        case .seated(let seat): return settle(slot, in: seat)
        case .taken(let seat): return settle(slot, in: seat)
        case .conquered(let seat):
            entries[Int(owners[seat])].seat = -1
            retired.append(seat)
            return settle(slot, in: seat)
        }
    }

    private mutating func settle(_ slot: Int, in seat: Int) -> Int {
        entries[slot].seat = Int32(seat)
        if seat == owners.count { owners.append(Int32(slot)) } else { owners[seat] = Int32(slot) }
        return seat
    }

    mutating func age() {
        seats.age()
    }
}

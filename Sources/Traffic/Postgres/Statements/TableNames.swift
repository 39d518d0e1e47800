// Tables are told apart by name, and `events_2026_11` and `events_2026_12` are one: names are judged as keys are. Only
// so many have a slot on the page; all others are `other`, exactly.

/// The tables that were named in statements, and those of them that have a slot.
///
/// Names that were only ever in statements that failed make room for new ones. Those of tables that there are do not,
/// so that no client can drive them out by asking for tables that there are not.
struct TableNames: Sendable {
    /// The most names that are remembered.
    private static let mostNames = 4_096
    /// How many names are looked at for one that may be forgotten.
    private static let patience = 64

    private struct Entry: Sendable {
        var name: [UInt8]
        var hash: UInt64
        var generation: UInt16 = 0
        /// Whether a statement on it was answered without an error.
        var isThere = false
        /// Its slot; -1 for none.
        var slot: Int32 = -1
    }

    let hasher: Hasher64
    private var judge = KeyJudge()
    private var entries: [Entry] = []
    /// Entries by the hash of their name.
    private var index = HashIndex()
    /// The handles of the names read last, by the hash of what was read.
    private var recent = [(hash: UInt64, handle: TableHandle)](repeating: (0, .none), count: 512)
    private var slots: HeavyHitters
    /// The entry in each slot.
    private var owners: [Int32] = []
    private var next = 0
    /// Slots whose table has lost them since this was last emptied; their figures belong to `other`.
    var retired: [Int] = []
    /// The slots of what is no single table.
    let other: Int
    var unknown: Int { other + 1 }
    var catalog: Int { other + 2 }
    /// How many slots there are in all.
    var slotCount: Int { other + 3 }

    /// - Parameter capacity: slots beside `other`, `unknown` and `catalog`.
    init(capacity: Int, hasher: Hasher64) {
        other = Swift.max(0, Swift.min(capacity, Self.mostNames))
        slots = HeavyHitters(capacity: other)
        self.hasher = hasher
    }

    /// The labels of all slots.
    var labels: [[UInt8]] {
        let names = (0..<other).map { $0 < owners.count ? entries[Int(owners[$0])].name : [] }
        return names + ["other", "unknown", "catalog"].map { Array($0.utf8) }
    }

    /// The handle of a table by its name.
    @inline(__always)
    mutating func handle(_ name: borrowing TableName) -> TableHandle {
        if name.isCatalog { return .catalog }
        let hash = name.hash(hasher)
        let spot = Int(truncatingIfNeeded: hash >> 8) & 511
        if recent[spot].hash == hash, isCurrent(recent[spot].handle) { return recent[spot].handle }
        let handle = judged(name)
        recent[spot] = (hash, handle)
        return handle
    }

    private mutating func judged(_ name: borrowing TableName) -> TableHandle {
        judge.judge(name.bytes.span.extracting(0..<name.count), isWhole: true)
        let written = judge.name.written
        let hash = hasher.hash(written.span, written.indices, after: 1)
        if let place = index.find(hash) { return TableHandle(place: place, generation: entries[place].generation) }
        guard let place = vacantPlace() else { return .other }
        let generation = place < entries.count ? entries[place].generation &+ 1 : 0
        let entry = Entry(name: written, hash: hash, generation: generation)
        if place == entries.count { entries.append(entry) } else { entries[place] = entry }
        index.insert(hash, place)
        return TableHandle(place: place, generation: generation)
    }

    /// A place for a new name; nil when all that was looked at are of tables that there are.
    private mutating func vacantPlace() -> Int? {
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
        handle.place < entries.count && entries[handle.place].generation == handle.generation
    }

    /// The slot under which a statement on a table is counted, now that it was answered; nil for one on no table.
    @inline(__always)
    mutating func slot(of handle: TableHandle, isError: Bool) -> Int? {
        guard isCurrent(handle) else { return specialSlot(of: handle) }
        let slot = entries[handle.place].slot
        if slot >= 0 {
            slots.weigh(Int(slot))
            return Int(slot)
        }
        return isError && !entries[handle.place].isThere ? other : takeSlot(handle.place)
    }

    private func specialSlot(of handle: TableHandle) -> Int? {
        switch handle {
        case .none: nil
        case .unknown: unknown
        case .catalog: catalog
        default: other
        }
    }

    private mutating func takeSlot(_ place: Int) -> Int {
        entries[place].isThere = true
        switch slots.record(entries[place].hash) {
        case .unheld: return other
        case .held(let slot): return settle(place, in: slot)
        case .entered(let slot): return settle(place, in: slot)
        case .displaced(let slot):
            entries[Int(owners[slot])].slot = -1
            retired.append(slot)
            return settle(place, in: slot)
        }
    }

    private mutating func settle(_ place: Int, in slot: Int) -> Int {
        entries[place].slot = Int32(slot)
        if slot == owners.count { owners.append(Int32(place)) } else { owners[slot] = Int32(place) }
        return slot
    }

    mutating func age() {
        slots.age()
    }
}

// Drivers prepare a statement once and run it by its name for hours. Of each name no more is kept than a hash and what
// its text has told: 16 bytes.

/// The prepared statements, or the portals, of one connection by name; the least recently used one makes room.
struct StatementNames: Sendable {
    /// Places with open addressing, at most seven eighths full; hashes are never 0.
    private struct Entry: Sendable {
        var hash: UInt64 = 0
        /// The table, what is known of it, and when it was used last.
        var facts: UInt64 = 0
    }

    private static let smallest = 8
    private static let ticks: UInt32 = 0xFF_FFFF

    private var entries: [Entry] = []
    private(set) var count = 0
    private var tick: UInt32 = 0
    private let limit: Int

    /// - Parameter limit: the most names.
    init(limit: Int) {
        self.limit = limit
    }

    /// What is known by a name.
    @inline(__always)
    mutating func find(_ hash: UInt64) -> StatementFacts? {
        if count == 0 { return nil }
        var slot = Int(truncatingIfNeeded: hash) & (entries.count &- 1)
        while entries[slot].hash != 0 {
            if entries[slot].hash == hash {
                tick = (tick &+ 1) & Self.ticks
                let facts = entries[slot].facts & ~UInt64(Self.ticks)
                entries[slot].facts = facts | UInt64(tick)
                return Self.unpack(facts)
            }
            slot = (slot &+ 1) & (entries.count &- 1)
        }
        return nil
    }

    /// Remembers a name, in place of what had it before.
    mutating func insert(_ hash: UInt64, _ facts: StatementFacts) {
        if find(hash) == nil {
            if count == limit { forgetOldest() }
            if (count + 1) * 8 > entries.count * 7 { grow() }
            count += 1
        }
        tick = (tick &+ 1) & Self.ticks
        let entry = Entry(hash: hash, facts: Self.pack(facts) | UInt64(tick))
        entries[slot(of: hash)] = entry
    }

    mutating func remove(_ hash: UInt64) {
        guard count > 0 else { return }
        let slot = slot(of: hash)
        if entries[slot].hash == hash { empty(slot) }
    }

    mutating func removeAll() {
        self = StatementNames(limit: limit)
    }

    /// The place of a name, or the vacant one where it would be.
    private func slot(of hash: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: hash) & (entries.count - 1)
        while entries[slot].hash != 0, entries[slot].hash != hash { slot = (slot + 1) & (entries.count - 1) }
        return slot
    }

    /// Costs a look at all names. Ticks wrap around after 16 million uses; for a while the order is wrong then.
    private mutating func forgetOldest() {
        let used = entries.indices.filter { entries[$0].hash != 0 }
        let oldest = used.min { age(entries[$0]) > age(entries[$1]) }
        if let oldest { empty(oldest) }
    }

    private func age(_ entry: Entry) -> UInt32 {
        (tick &- UInt32(truncatingIfNeeded: entry.facts)) & Self.ticks
    }

    /// Empties a place and moves up every later entry of its run that may stand there.
    private mutating func empty(_ place: Int) {
        let mask = entries.count - 1
        var hole = place
        var slot = (hole + 1) & mask
        while entries[slot].hash != 0 {
            let wish = Int(truncatingIfNeeded: entries[slot].hash) & mask
            if (slot - wish) & mask >= (slot - hole) & mask {
                entries[hole] = entries[slot]
                hole = slot
            }
            slot = (slot + 1) & mask
        }
        entries[hole] = Entry()
        count -= 1
    }

    private mutating func grow() {
        let old = entries
        entries = Array(repeating: Entry(), count: Swift.max(Self.smallest, old.count * 2))
        for entry in old where entry.hash != 0 { entries[slot(of: entry.hash)] = entry }
    }

    private static func pack(_ facts: StatementFacts) -> UInt64 {
        let flags: UInt64 = (facts.isKnown ? 16 : 0) | (facts.isNamed ? 32 : 0)
        return UInt64(facts.table.value) << 32 | (UInt64(facts.type.rawValue) | flags) << 24
    }

    @inline(__always)
    private static func unpack(_ packed: UInt64) -> StatementFacts {
        let flags = UInt8(truncatingIfNeeded: packed >> 24)
        return StatementFacts(
            table: TableHandle(value: UInt32(truncatingIfNeeded: packed >> 32)),
            type: StatementType(rawValue: flags & 15) ?? .other, isKnown: flags & 16 != 0, isNamed: flags & 32 != 0)
    }
}

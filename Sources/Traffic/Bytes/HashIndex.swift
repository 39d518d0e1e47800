// Where things stand in an array, found by their 64-bit hash: the flow table, key groups and hot keys all use it.

/// Positions by hash: open addressing with linear probing, at most half full, without tombstones.
struct HashIndex: Sendable {
    private struct Entry: Sendable {
        var hash: UInt64 = 0
        var position: Int32 = -1
    }

    private var entries: [Entry]
    private var mask: Int
    private(set) var count = 0

    /// - Parameter capacity: how many positions there is room for at once; it grows beyond that. A power of two.
    init(capacity: Int = 8) {
        precondition(capacity.nonzeroBitCount == 1, "places are found by a mask")
        entries = Array(repeating: Entry(), count: capacity * 2)
        mask = entries.count - 1
    }

    /// The position filed under the hash, of those that `matches` accepts.
    @inline(__always)
    func find(_ hash: UInt64, where matches: (Int) -> Bool = { _ in true }) -> Int? {
        var slot = home(hash)
        while entries[slot].position >= 0 {
            if entries[slot].hash == hash && matches(Int(entries[slot].position)) { return Int(entries[slot].position) }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Files a position; the caller knows that it is not there yet.
    mutating func insert(_ hash: UInt64, _ position: Int) {
        if (count + 1) * 2 > entries.count { grow() }
        place(Entry(hash: hash, position: Int32(position)))
        count += 1
    }

    /// Takes a position out; nothing happens when it is not there.
    mutating func remove(_ hash: UInt64, _ position: Int) {
        var slot = home(hash)
        while entries[slot].position >= 0 {
            if entries[slot].hash == hash && Int(entries[slot].position) == position { return empty(slot) }
            slot = (slot + 1) & mask
        }
    }

    func forEach(_ body: (_ hash: UInt64, _ position: Int) -> Void) {
        for entry in entries where entry.position >= 0 { body(entry.hash, Int(entry.position)) }
    }

    mutating func removeAll() {
        self = HashIndex()
    }

    @inline(__always)
    private func home(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash >> 24) & mask
    }

    private mutating func place(_ entry: Entry) {
        var slot = home(entry.hash)
        while entries[slot].position >= 0 { slot = (slot + 1) & mask }
        entries[slot] = entry
    }

    /// Empties a slot and moves up every later entry of its run that may stand there.
    private mutating func empty(_ hole: Int) {
        var hole = hole
        var slot = (hole + 1) & mask
        while entries[slot].position >= 0 {
            let wish = home(entries[slot].hash)
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
        entries = Array(repeating: Entry(), count: old.count * 2)
        mask = entries.count - 1
        for entry in old where entry.position >= 0 { place(entry) }
    }
}

// Finds a family by its descriptor. A poll asks this for every sample; Swift's dictionary guards against chosen keys,
// which takes longer than all the rest of adding a sample.

/// The positions of families, by the identity of their descriptors.
struct FamilyIndex: Sendable {
    /// Positions, -1 where free: open addressing, a power of two, at most half full.
    private var slots: [Int32] = []

    /// Where the descriptor's family is, if it is one of these.
    func position(of descriptor: Descriptor, in families: [Family]) -> Int? {
        guard !slots.isEmpty else { return nil }
        var slot = start(descriptor)
        while slots[slot] >= 0 {
            if families[Int(slots[slot])].descriptor === descriptor { return Int(slots[slot]) }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Notes the last of the families, which is new.
    mutating func addLast(of families: [Family]) {
        if families.count * 2 > slots.count {
            slots = Array(repeating: -1, count: max(16, slots.count * 4))
            for position in families.indices { insert(position, families[position].descriptor) }
        } else {
            insert(families.count - 1, families[families.count - 1].descriptor)
        }
    }

    private mutating func insert(_ position: Int, _ descriptor: Descriptor) {
        var slot = start(descriptor)
        while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Int32(position)
    }

    /// Objects lie 16 bytes apart at the least, and descriptors are mostly made one after the other.
    private func start(_ descriptor: Descriptor) -> Int {
        Int(truncatingIfNeeded: UInt(bitPattern: ObjectIdentifier(descriptor)) >> 4) & (slots.count - 1)
    }
}

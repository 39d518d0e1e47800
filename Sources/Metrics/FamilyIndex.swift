// Finds a family by its descriptor. A poll asks this for every sample; Swift's dictionary guards against chosen keys,
// which takes longer than all the rest of adding a sample.

/// The positions of families, by the identity of their descriptors.
struct FamilyIndex: Sendable {
    private struct Slot {
        /// A part of the descriptor's address, so that the family itself need not be looked at for most others.
        var tag: UInt32 = 0
        /// -1 where the slot is free.
        var position: Int32 = -1
    }

    /// Open addressing; a power of two, at most half of them taken.
    private var slots: [Slot] = []

    /// Where the descriptor's family is, if it is one of these.
    func position(of descriptor: Descriptor, in families: [Family]) -> Int? {
        guard !slots.isEmpty else { return nil }
        let tag = Self.tag(descriptor)
        var slot = Int(tag) & (slots.count - 1)
        while slots[slot].position >= 0 {
            let position = Int(slots[slot].position)
            if slots[slot].tag == tag, families[position].descriptor === descriptor { return position }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Notes the last of the families, which is new.
    mutating func addLast(of families: [Family]) {
        if families.count * 2 > slots.count {
            slots = Array(repeating: Slot(), count: max(16, slots.count * 4))
            for position in families.indices { insert(position, families[position].descriptor) }
        } else {
            insert(families.count - 1, families[families.count - 1].descriptor)
        }
    }

    private mutating func insert(_ position: Int, _ descriptor: Descriptor) {
        let tag = Self.tag(descriptor)
        var slot = Int(tag) & (slots.count - 1)
        while slots[slot].position >= 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Slot(tag: tag, position: Int32(position))
    }

    /// Objects lie 16 bytes apart at the least, and descriptors are mostly made one after the other.
    private static func tag(_ descriptor: Descriptor) -> UInt32 {
        UInt32(truncatingIfNeeded: UInt(bitPattern: ObjectIdentifier(descriptor)) >> 4)
    }
}

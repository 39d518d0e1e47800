// Finds a family by its descriptor. A poll asks this for every sample; Swift's dictionary guards against chosen keys,
// which takes longer than all the rest of adding a sample.

/// Descriptors in the order in which they were added, and the position of each, by their identity.
struct DescriptorIndex: Sendable {
    private struct Slot {
        /// A part of the descriptor's address, so that most others need not be looked at.
        var tag: UInt32 = 0
        /// -1 where the slot is free.
        var position: Int32 = -1
    }

    private var descriptors: [Descriptor] = []
    /// Open addressing; a power of two, at most half of them taken.
    private var slots: [Slot] = []

    /// Where the descriptor is, if it has been added.
    func position(of descriptor: Descriptor) -> Int? {
        guard !slots.isEmpty else { return nil }
        let tag = Self.tag(descriptor)
        var slot = Int(tag) & (slots.count - 1)
        while slots[slot].position >= 0 {
            let position = Int(slots[slot].position)
            if slots[slot].tag == tag, descriptors[position] === descriptor { return position }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Adds a descriptor that is not there yet.
    mutating func add(_ descriptor: Descriptor) {
        descriptors.append(descriptor)
        if descriptors.count * 2 > slots.count {
            slots = Array(repeating: Slot(), count: max(16, slots.count * 4))
            for position in descriptors.indices { insert(position) }
        } else {
            insert(descriptors.count - 1)
        }
    }

    private mutating func insert(_ position: Int) {
        let tag = Self.tag(descriptors[position])
        var slot = Int(tag) & (slots.count - 1)
        while slots[slot].position >= 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Slot(tag: tag, position: Int32(position))
    }

    /// Objects lie 16 bytes apart at the least, and descriptors are mostly made one after the other.
    private static func tag(_ descriptor: Descriptor) -> UInt32 {
        UInt32(truncatingIfNeeded: UInt(bitPattern: ObjectIdentifier(descriptor)) >> 4)
    }
}

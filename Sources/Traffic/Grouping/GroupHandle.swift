// What is carried along with a request in flight instead of its key: four bytes that stand for a group.

/// A group that a command in flight belongs to. It stays meaningful when the group loses its slot.
struct GroupHandle: Equatable, Hashable, BitwiseCopyable, Sendable {
    let rawValue: UInt32

    /// The command has no key.
    static let none = GroupHandle(slot: 0xFFFF, generation: 0xFFFF)
    /// The group is not one of those with a slot.
    static let other = GroupHandle(slot: 0xFFFE, generation: 0)

    private static let firstUnanswered = 0xF000

    init(slot: Int, generation: UInt16) {
        rawValue = UInt32(slot) << 16 | UInt32(generation)
    }

    init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The group in this slot of ``UnansweredGroups``.
    init(unanswered slot: Int, generation: UInt16) {
        self.init(slot: Self.firstUnanswered + slot, generation: generation)
    }

    var slot: Int { Int(rawValue >> 16) }
    var generation: UInt16 { UInt16(truncatingIfNeeded: rawValue) }
    /// The slot in ``UnansweredGroups``; nil for other groups.
    var unansweredSlot: Int? {
        let place = slot - Self.firstUnanswered
        return 0..<UnansweredGroups.capacity ~= place ? place : nil
    }
}

/// A group's labels.
struct GroupLabel: Equatable, Sendable {
    let name: [UInt8]
    let project: [UInt8]
    /// Whether the name comes from automatic grouping.
    let isAutomatic: Bool
}

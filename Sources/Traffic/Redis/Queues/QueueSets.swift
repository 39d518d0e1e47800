// A worker may wait at several queues at once, and a command may move a job from one queue to another. A command in
// flight has room for one place, so several are remembered here; workers ask for the same ones again and again.

/// One of the queues that a command names.
struct QueueChoice: Hashable, Sendable {
    let queue: GroupHandle
    /// The first word of its key, as a reply is read.
    let word: ShortWord

    init(_ queue: GroupHandle, _ key: Span<UInt8>) {
        self.queue = queue
        var text = LeadingWord()
        for index in key.indices where !text.isComplete { text.take(key[index]) }
        word = text.word
    }

    /// A queue that is the only one.
    init(_ queue: GroupHandle) {
        self.queue = queue
        word = ShortWord()
    }
}

/// Sets of queues, as many as there is room for; the oldest makes place.
struct QueueSets: Sendable {
    /// Queues of one set.
    static let mostChoices = 16
    private static let capacity = 512
    /// Past all handles of groups.
    private static let firstSlot = 0xF800

    private var entries: [[QueueChoice]] = []
    private var generations: [UInt16] = []
    private var places: [[QueueChoice]: Int] = [:]
    private var oldest = 0

    /// A handle for a set.
    mutating func place(of choices: [QueueChoice]) -> GroupHandle {
        if let slot = places[choices] { return handle(slot) }
        let slot: Int
        if entries.count < Self.capacity {
            slot = entries.count
            entries.append(choices)
            generations.append(0)
        } else {
            slot = oldest
            oldest = (oldest + 1) % Self.capacity
            places[entries[slot]] = nil
            entries[slot] = choices
            generations[slot] &+= 1
        }
        places[choices] = slot
        return handle(slot)
    }

    private func handle(_ slot: Int) -> GroupHandle {
        GroupHandle(slot: Self.firstSlot + slot, generation: generations[slot])
    }

    /// The set that a handle stands for; nil for the handle of a single queue. Of a set that has made place nothing is
    /// known any more: it is `other`, twice.
    subscript(handle: GroupHandle) -> [QueueChoice]? {
        let slot = handle.slot - Self.firstSlot
        guard slot >= 0, slot < Self.capacity else { return nil }
        guard slot < entries.count, generations[slot] == handle.generation else {
            return [QueueChoice(.other), QueueChoice(.other)]
        }
        return entries[slot]
    }
}

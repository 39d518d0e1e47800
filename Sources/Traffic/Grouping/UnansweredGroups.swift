// A group comes into being with the first command of it that is answered without an error: a client that is
// refused leaves no trace on the page. Until the reply is there, the command holds a place in this list.

/// Groups that commands were sent for and that are not learned yet.
///
/// There is room for so many; the oldest makes place, and its commands still in flight count for `other`.
struct UnansweredGroups: Sendable {
    static let capacity = 1_024

    /// What is remembered of one.
    struct Entry: Sendable {
        let hash: UInt64
        /// The group's labels; for an automatic group what its key is called before words are folded.
        let label: GroupLabel
        /// The group that it has become.
        var group = GroupHandle.none
    }

    private var entries: [Entry] = []
    private var generations: [UInt16] = []
    private var index = HashIndex()
    private var oldest = 0

    /// Remembers a group, or finds it when it is remembered already.
    mutating func handle(_ hash: UInt64, _ label: () -> GroupLabel) -> GroupHandle {
        if let slot = index.find(hash) { return GroupHandle(unanswered: slot, generation: generations[slot]) }
        let entry = Entry(hash: hash, label: label())
        let slot: Int
        if entries.count < Self.capacity {
            slot = entries.count
            entries.append(entry)
            generations.append(0)
        } else {
            slot = oldest
            oldest = (oldest + 1) % Self.capacity
            forget(slot)
            entries[slot] = entry
        }
        index.insert(hash, slot)
        return GroupHandle(unanswered: slot, generation: generations[slot])
    }

    /// What a handle stands for; nil when it stands for nothing here, or no more.
    subscript(handle: GroupHandle) -> Entry? {
        guard let slot = slot(of: handle) else { return nil }
        return entries[slot]
    }

    /// Notes which group has come of it.
    mutating func settle(_ handle: GroupHandle, _ group: GroupHandle) {
        guard let slot = slot(of: handle) else { return }
        entries[slot].group = group
        // Later commands find the group itself.
        index.remove(entries[slot].hash, slot)
    }

    private func slot(of handle: GroupHandle) -> Int? {
        guard let slot = handle.unansweredSlot, slot < generations.count, generations[slot] == handle.generation else {
            return nil
        }
        return slot
    }

    private mutating func forget(_ slot: Int) {
        index.remove(entries[slot].hash, slot)
        generations[slot] &+= 1
    }
}

// Series are money: only so many key groups, and pairs of group and command, get a histogram of their own. One that has
// it keeps it as long as there are free ones. Then a newcomer has to be more than twice as busy as the quietest one
// before it takes its slot. A long tail of rare groups must not make the page churn.

/// A fixed number of slots for the heaviest of many items.
///
/// Items without a slot are counted by ``SpaceSaving``; one whose certain count exceeds twice the weight of the
/// lightest one with a slot takes over its slot. Weights are halved now and then (``age()``), so that what was busy
/// long ago makes room.
struct HeavyHitters: Sendable {
    enum Outcome: Equatable {
        /// The item has this slot.
        case held(Int)
        /// The item took this vacant slot just now.
        case entered(Int)
        /// The item took this slot from the one that had it.
        case displaced(Int)
        /// The item has no slot.
        case unheld
    }

    private let capacity: Int
    private var index = HashIndex()
    private var hashes: [UInt64] = []
    private var weights: [UInt64] = []
    private var vacant: [Int] = []
    private var candidates: SpaceSaving
    /// No item with a slot is lighter than this.
    private var floor: UInt64 = 0

    init(capacity: Int) {
        self.capacity = Swift.max(0, capacity)
        candidates = SpaceSaving(capacity: Swift.max(16, self.capacity * 2))
    }

    /// Counts one observation of an item.
    @inline(__always)
    mutating func record(_ hash: UInt64) -> Outcome {
        if let slot = index.find(hash) {
            weights[slot] &+= 1
            return .held(slot)
        }
        return recordCandidate(hash)
    }

    /// Counts one observation of the item in a slot.
    @inline(__always)
    mutating func weigh(_ slot: Int) {
        weights[slot] &+= 1
    }

    func find(_ hash: UInt64) -> Int? { index.find(hash) }

    private mutating func recordCandidate(_ hash: UInt64) -> Outcome {
        if hashes.count - vacant.count < capacity {
            let slot = vacant.popLast() ?? addSlot()
            occupy(slot, hash, weight: 1)
            return .entered(slot)
        }
        guard capacity > 0 else { return .unheld }
        let slot =
            switch candidates.record(hash) {
            case .known(let slot), .entered(let slot): slot
            }
        let weight = candidates.counters[slot].certain
        guard weight / 2 > floor else { return .unheld }
        let lightest = hashes.indices.min { weights[$0] < weights[$1] } ?? 0
        floor = weights[lightest]
        guard weight / 2 > floor else { return .unheld }
        candidates.forget(slot)
        index.remove(hashes[lightest], lightest)
        occupy(lightest, hash, weight: weight)
        return .displaced(lightest)
    }

    private mutating func addSlot() -> Int {
        hashes.append(0)
        weights.append(0)
        return hashes.count - 1
    }

    private mutating func occupy(_ slot: Int, _ hash: UInt64, weight: UInt64) {
        hashes[slot] = hash
        weights[slot] = weight
        index.insert(hash, slot)
        floor = Swift.min(floor, weight)
    }

    /// Leaves a slot vacant.
    mutating func leave(_ slot: Int) {
        index.remove(hashes[slot], slot)
        hashes[slot] = 0
        weights[slot] = 0
        vacant.append(slot)
    }

    /// Gives a slot's item another identity, which must have no slot.
    mutating func rename(_ slot: Int, to hash: UInt64) {
        index.remove(hashes[slot], slot)
        hashes[slot] = hash
        index.insert(hash, slot)
    }

    /// Adds one slot's weight to another's and leaves it vacant.
    mutating func merge(_ slot: Int, into other: Int) {
        weights[other] &+= weights[slot]
        leave(slot)
    }

    /// Halves all weights.
    mutating func age() {
        for slot in weights.indices { weights[slot] /= 2 }
        floor /= 2
        candidates.age()
    }
}

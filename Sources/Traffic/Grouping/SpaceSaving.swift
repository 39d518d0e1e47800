// The heavy hitters of an endless stream in fixed memory (Metwally, Agrawal and El Abbadi, ICDT 2005).

/// Counts the heaviest of many items.
///
/// A count is never too small and at most `error` too large; every item with more than a `capacity`th of all
/// observations is among those kept. An observation costs O(log capacity) at worst.
struct SpaceSaving: Sendable {
    struct Counter: Sendable {
        var hash: UInt64
        var count: UInt64
        /// What the count may owe to items that stood here before.
        var error: UInt64
        /// Observations that are certain.
        var certain: UInt64 { count - error }
    }

    /// What an observation did.
    enum Outcome {
        /// The item was here before.
        case known(Int)
        /// The item took this slot, which was vacant or another's.
        case entered(Int)
    }

    private let capacity: Int
    private(set) var counters: [Counter] = []
    private var index = HashIndex()
    /// Slots as a binary heap, the smallest count on top.
    private var heap: [Int32] = []
    /// Where each slot stands in the heap.
    private var places: [Int32] = []

    init(capacity: Int) {
        self.capacity = Swift.max(1, capacity)
    }

    /// Counts one observation.
    mutating func record(_ hash: UInt64) -> Outcome {
        if let slot = index.find(hash) {
            counters[slot].count += 1
            sink(Int(places[slot]))
            return .known(slot)
        }
        if counters.count < capacity {
            let slot = counters.count
            counters.append(Counter(hash: hash, count: 1, error: 0))
            heap.append(Int32(slot))
            places.append(Int32(slot))
            index.insert(hash, slot)
            rise(slot)
            return .entered(slot)
        }
        let slot = Int(heap[0])
        let least = counters[slot].count
        index.remove(counters[slot].hash, slot)
        index.insert(hash, slot)
        counters[slot] = Counter(hash: hash, count: least + 1, error: least)
        sink(0)
        return .entered(slot)
    }

    /// Whether an item is among those that are kept.
    func knows(_ hash: UInt64) -> Bool { index.find(hash) != nil }

    /// Makes an item's slot the next one to be taken.
    mutating func forget(_ slot: Int) {
        index.remove(counters[slot].hash, slot)
        counters[slot] = Counter(hash: 0, count: 0, error: 0)
        index.insert(0, slot)
        rise(Int(places[slot]))
    }

    /// Halves all counts, so that the past weighs less. Order is kept.
    mutating func age() {
        for slot in counters.indices {
            counters[slot].count /= 2
            counters[slot].error /= 2
        }
    }

    private mutating func sink(_ place: Int) {
        var place = place
        while true {
            let (left, right) = (2 &* place &+ 1, 2 &* place &+ 2)
            var least = place
            if left < heap.count && isLess(left, least) { least = left }
            if right < heap.count && isLess(right, least) { least = right }
            if least == place { return }
            swap(place, least)
            place = least
        }
    }

    private mutating func rise(_ place: Int) {
        var place = place
        while place > 0, isLess(place, (place - 1) / 2) {
            swap(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private func isLess(_ left: Int, _ right: Int) -> Bool {
        counters[Int(heap[left])].count < counters[Int(heap[right])].count
    }

    private mutating func swap(_ left: Int, _ right: Int) {
        heap.swapAt(left, right)
        places[Int(heap[left])] = Int32(left)
        places[Int(heap[right])] = Int32(right)
    }
}

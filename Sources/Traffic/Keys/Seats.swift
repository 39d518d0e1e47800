// Series are money: only so many key groups, and pairs of group and command, get a histogram of their own. Who has one
// keeps it as long as there are free ones; then a newcomer has to prove that it is more than twice as busy as the
// quietest one before it takes its seat, so that a long tail of rare groups does not make the page churn.

/// A fixed number of seats for the heaviest of many items.
///
/// Items without a seat are counted by ``SpaceSaving``; one whose certain count exceeds twice the weight of the
/// lightest seated item takes its seat. Weights are halved now and then (``age()``), so that what was busy long ago
/// makes room.
struct Seats: Sendable {
    enum Outcome: Equatable {
        /// The item has this seat.
        case seated(Int)
        /// The item took this vacant seat just now.
        case taken(Int)
        /// The item took this seat from the one that had it.
        case conquered(Int)
        /// The item has no seat.
        case standing
    }

    private let capacity: Int
    private var index = HashIndex()
    private var hashes: [UInt64] = []
    private var weights: [UInt64] = []
    private var vacant: [Int] = []
    private var standing: SpaceSaving
    /// No seated item is lighter than this.
    private var floor: UInt64 = 0

    init(capacity: Int) {
        self.capacity = Swift.max(0, capacity)
        standing = SpaceSaving(capacity: Swift.max(16, self.capacity * 2))
    }

    /// Counts one observation of an item.
    @inline(__always)
    mutating func record(_ hash: UInt64) -> Outcome {
        if let seat = index.find(hash) {
            weights[seat] &+= 1
            return .seated(seat)
        }
        return recordUnseated(hash)
    }

    /// Counts one observation of the item in a seat.
    @inline(__always)
    mutating func weigh(_ seat: Int) {
        weights[seat] &+= 1
    }

    func find(_ hash: UInt64) -> Int? { index.find(hash) }

    private mutating func recordUnseated(_ hash: UInt64) -> Outcome {
        if hashes.count - vacant.count < capacity {
            let seat = vacant.popLast() ?? addSeat()
            occupy(seat, hash, weight: 1)
            return .taken(seat)
        }
        guard capacity > 0 else { return .standing }
        let slot =
            switch standing.record(hash) {
            case .known(let slot), .entered(let slot): slot
            }
        let weight = standing.counters[slot].certain
        guard weight / 2 > floor else { return .standing }
        let lightest = hashes.indices.min { weights[$0] < weights[$1] } ?? 0
        floor = weights[lightest]
        guard weight / 2 > floor else { return .standing }
        standing.forget(slot)
        index.remove(hashes[lightest], lightest)
        occupy(lightest, hash, weight: weight)
        return .conquered(lightest)
    }

    private mutating func addSeat() -> Int {
        hashes.append(0)
        weights.append(0)
        return hashes.count - 1
    }

    private mutating func occupy(_ seat: Int, _ hash: UInt64, weight: UInt64) {
        hashes[seat] = hash
        weights[seat] = weight
        index.insert(hash, seat)
        floor = Swift.min(floor, weight)
    }

    /// Leaves a seat vacant.
    mutating func leave(_ seat: Int) {
        index.remove(hashes[seat], seat)
        hashes[seat] = 0
        weights[seat] = 0
        vacant.append(seat)
    }

    /// Gives a seat's item another identity, which must have no seat.
    mutating func rename(_ seat: Int, to hash: UInt64) {
        index.remove(hashes[seat], seat)
        hashes[seat] = hash
        index.insert(hash, seat)
    }

    /// Adds one seat's weight to another's and leaves it vacant.
    mutating func merge(_ seat: Int, into other: Int) {
        weights[other] &+= weights[seat]
        leave(seat)
    }

    /// Halves all weights.
    mutating func age() {
        for seat in weights.indices { weights[seat] /= 2 }
        floor /= 2
        standing.age()
    }
}

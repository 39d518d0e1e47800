// One direction of a connection: which byte comes next, and what came too early.

/// A segment that came before its predecessor, with a copy of its captured bytes.
struct EarlySegment: Sendable {
    let sequence: SequenceNumber
    let bytes: [UInt8]
    /// Payload bytes after those that the capture cut off.
    let missing: Int
    let stamp: UInt64

    var length: Int { bytes.count + missing }
}

/// The state of one direction.
struct HalfStream: Sendable {
    /// The next byte's place; means nothing before `isKnown`.
    private(set) var expected = SequenceNumber(0)
    private(set) var isKnown = false
    /// Whether the end of the stream was reached, and whether that was told.
    private(set) var isFinished = false
    private var isFinishTold = false
    /// The place of the FIN, once one was seen.
    private var end: SequenceNumber?
    /// What came too early, in the order of its places.
    private(set) var early: [EarlySegment] = []
    private(set) var earlyBytes = 0

    /// Where a segment stands against the next byte.
    enum Position: Equatable {
        /// It holds the next byte after this many that are known already.
        case next(skip: Int)
        /// Every byte of it is known already.
        case repeated
        /// There are bytes between the next one and this segment.
        case early(by: Int)
    }

    /// Distances beyond the largest window that TCP allows (1 GiB) are no order but a new beginning.
    static let largestWindow = 1 << 30

    /// Starts, or starts again, at a place.
    mutating func begin(at place: SequenceNumber) {
        expected = place
        isKnown = true
    }

    func position(of sequence: SequenceNumber, length: Int) -> Position {
        let distance = sequence.distance(from: expected)
        if distance > 0 { return .early(by: distance) }
        return -distance < length ? .next(skip: -distance) : .repeated
    }

    mutating func advance(by count: Int) {
        expected += count
        reachEnd()
    }

    /// Notes where the stream ends.
    mutating func finish(at place: SequenceNumber) {
        if end == nil { end = place }
        reachEnd()
    }

    /// Whether the end of the stream was reached since this was last asked.
    @inline(__always)
    mutating func takeFinish() -> Bool {
        if isFinished == isFinishTold { return false }
        isFinishTold = true
        return true
    }

    private mutating func reachEnd() {
        guard let end, !isFinished, expected.distance(from: end) >= 0 else { return }
        isFinished = true
        if expected == end { expected += 1 }  // the FIN takes a place of its own
    }

    /// Keeps a segment that came too early; one that is there already is dropped.
    mutating func keep(_ segment: EarlySegment) {
        let place = early.firstIndex { $0.sequence.distance(from: segment.sequence) >= 0 } ?? early.count
        if place < early.count, early[place].sequence == segment.sequence, early[place].length >= segment.length {
            return
        }
        early.insert(segment, at: place)
        earlyBytes += segment.bytes.count
    }

    /// How far the first early segment is away; nil when there is none.
    var distanceToEarly: Int? {
        early.first.map { $0.sequence.distance(from: expected) }
    }

    /// Takes out the first early segment when its turn has come.
    mutating func takeDue() -> EarlySegment? {
        guard let distance = distanceToEarly, distance <= 0 else { return nil }
        let segment = early.removeFirst()
        earlyBytes -= segment.bytes.count
        if early.isEmpty { early = [] }  // gives the memory back
        return segment
    }
}

// Of a pipeline the whole packet matters, of a large value its first bytes. The kernel cannot tell one from the other,
// and at a high rate a ring cannot hold whole packets of large values. So packets are kept whole until what lies behind
// their first bytes comes fast and holds next to no command, and again as soon as commands are lost by it.

/// Whether packets are kept whole now.
struct SnapChoice {
    /// What was counted so far.
    struct Counts {
        /// Bytes that passed behind those that are kept of a short packet, kept or not.
        var excess: UInt64 = 0
        /// Packets.
        var packets: UInt64 = 0
        /// Commands that came.
        var arrived: UInt64 = 0
        /// Commands whose reply came, or of which it is known that they cannot be measured.
        var settled: UInt64 = 0
        /// Packets that were cut so that what lies behind the cut is unknown.
        var blind: UInt64 = 0
    }

    /// A command in so many bytes makes them worth keeping.
    private static let bytesPerCommand: UInt64 = 16 << 10
    /// A blind cut in so many bytes is one in every other of the longest packets.
    private static let bytesPerCut: UInt64 = 128 << 10
    /// The excess is looked at as often as it makes up this part of the ring.
    private static let parts = 8
    /// A part in so short a time may be too much, and one in no less than so long a time is not.
    private static let (fast, slow) = (Duration.milliseconds(25), Duration.milliseconds(250))
    /// For so long packets stay whole after such cuts.
    private static let holding = Duration.seconds(60)

    private(set) var isWhole = true
    private let part: UInt64
    private var last: (counts: Counts, time: ContinuousClock.Instant)
    private var holdsUntil: ContinuousClock.Instant

    /// - Parameter ring: bytes.
    init(ring: Int, at time: ContinuousClock.Instant) {
        part = UInt64(max(1, ring / Self.parts))
        last = (Counts(), time)
        holdsUntil = time
    }

    /// Whether so much has come since the last look, or it was so long ago, that it is time for another.
    func isDue(_ excess: UInt64, at time: ContinuousClock.Instant) -> Bool {
        isMuch(excess) || time - last.time >= .seconds(1)
    }

    private func isMuch(_ excess: UInt64) -> Bool { excess &- last.counts.excess >= part }

    /// Decides anew, by what has come since the last look: a part of the ring, or less in a second or more.
    mutating func look(_ counts: Counts, at time: ContinuousClock.Instant) {
        let elapsed = time - last.time
        let isMuch = isMuch(counts.excess)
        guard isMuch || elapsed >= .seconds(1) else { return }
        let excess = counts.excess &- last.counts.excess
        let heads = max(counts.arrived &- last.counts.arrived, counts.settled &- last.counts.settled)
        let packets = counts.packets &- last.counts.packets
        let blind = counts.blind &- last.counts.blind
        last = (counts, time)
        if isWhole {
            // The first command or reply of a packet is seen in any case.
            let behind = heads > packets ? heads - packets : 0
            isWhole = !isMuch || elapsed > Self.fast || behind >= excess / Self.bytesPerCommand || time < holdsUntil
        } else if blind > excess / Self.bytesPerCut {
            isWhole = true
            holdsUntil = time + Self.holding
        } else {
            isWhole = !isMuch || elapsed >= Self.slow
        }
    }
}

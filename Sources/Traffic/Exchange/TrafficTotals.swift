// What was seen and what became of it, in a few numbers: the part of the books that is compared with a server's own
// count, again and again.

/// Counts of requests and packets at one moment, of one target or of several.
public struct TrafficTotals: Sendable, Equatable {
    /// Requests paired with their reply.
    public let measured: UInt64
    /// Requests seen and not measured, by reason.
    private let unmeasuredByReason: [UInt64]
    /// Packets from and to the servers' ports, without Sidelong's own.
    public let packets: UInt64
    /// Packets of Sidelong's own connections.
    public let ownPackets: UInt64
    /// Packets that were cut, with unknown requests or replies behind the cut.
    public let blindCuts: UInt64

    init(_ counts: WireCounts) {
        measured = counts.requests
        unmeasuredByReason = counts.allUnmeasured
        packets = counts.packets &- counts.ownPackets
        ownPackets = counts.ownPackets
        blindCuts = counts.blindCuts
    }

    private init(
        _ one: TrafficTotals, _ other: TrafficTotals, _ combine: (UInt64, UInt64) -> UInt64
    ) {
        measured = combine(one.measured, other.measured)
        unmeasuredByReason = zip(one.unmeasuredByReason, other.unmeasuredByReason).map(combine)
        packets = combine(one.packets, other.packets)
        ownPackets = combine(one.ownPackets, other.ownPackets)
        blindCuts = combine(one.blindCuts, other.blindCuts)
    }

    /// Requests seen, measured or not.
    public var seen: UInt64 { unmeasuredByReason.reduce(measured, &+) }

    /// Why most of the requests that were not measured were not, and how many those were; nil where there are none.
    public var mostFrequentReason: (reason: String, count: UInt64)? {
        guard let most = unmeasuredByReason.indices.max(by: { unmeasuredByReason[$0] < unmeasuredByReason[$1] }),
            unmeasuredByReason[most] > 0, let reason = UnmeasuredReason(rawValue: most)
        else { return nil }
        return (reason.label, unmeasuredByReason[most])
    }

    /// The counts of two together.
    func adding(_ other: TrafficTotals) -> TrafficTotals { TrafficTotals(self, other, &+) }

    /// What was counted since an earlier moment.
    public func since(_ earlier: TrafficTotals) -> TrafficTotals { TrafficTotals(self, earlier, &-) }
}

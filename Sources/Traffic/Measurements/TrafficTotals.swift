// What was seen and what became of it, in a few numbers: the part of the books that is compared with a server's own
// count, again and again.

/// The engine's counts of commands and packets at one moment.
public struct TrafficTotals: Sendable, Equatable {
    /// Commands paired with their reply.
    public let measured: UInt64
    /// Commands seen and not measured, by reason.
    private let unmeasuredByReason: [UInt64]
    /// Packets from and to the servers' ports, without Sidelong's own.
    public let packets: UInt64
    /// Packets of Sidelong's own connections.
    public let ownPackets: UInt64

    init(_ counts: TrafficCounts) {
        measured = counts.paired
        unmeasuredByReason = counts.unmeasured
        ownPackets = counts.faults[PacketFault.own.rawValue]
        let captured = counts.interfaces.reduce(0) { $0 &+ $1.packets }
        packets = counts.faults.reduce(captured, &-)
    }

    /// With what another target's books have; packets are in those of the first one, all of them.
    private init(_ totals: TrafficTotals, and other: TrafficTotals) {
        measured = totals.measured &+ other.measured
        unmeasuredByReason = zip(totals.unmeasuredByReason, other.unmeasuredByReason).map { $0 &+ $1 }
        packets = totals.packets
        ownPackets = totals.ownPackets
    }

    private init(_ new: TrafficTotals, since old: TrafficTotals) {
        measured = new.measured &- old.measured
        unmeasuredByReason = zip(new.unmeasuredByReason, old.unmeasuredByReason).map { $0 &- $1 }
        packets = new.packets &- old.packets
        ownPackets = new.ownPackets &- old.ownPackets
    }

    /// Commands seen, measured or not.
    public var seen: UInt64 { unmeasuredByReason.reduce(measured, &+) }

    /// Why most of the commands that were not measured were not, and how many those were; nil where there are none.
    public var mostFrequentReason: (reason: String, count: UInt64)? {
        guard let most = unmeasuredByReason.indices.max(by: { unmeasuredByReason[$0] < unmeasuredByReason[$1] }),
            unmeasuredByReason[most] > 0, let reason = UnmeasuredReason(rawValue: most)
        else { return nil }
        return (reason.label, unmeasuredByReason[most])
    }

    /// The counts of two targets together.
    func adding(_ other: TrafficTotals) -> TrafficTotals { TrafficTotals(self, and: other) }

    /// What was counted since an earlier moment.
    public func since(_ earlier: TrafficTotals) -> TrafficTotals { TrafficTotals(self, since: earlier) }
}

extension TrafficEngine {
    /// The counts of all targets at this moment. Costs the copy of a few numbers.
    public var totals: TrafficTotals {
        others.reduce(TrafficTotals(ledger.counts)) { $0.adding(TrafficTotals($1.ledger.counts)) }
    }
}

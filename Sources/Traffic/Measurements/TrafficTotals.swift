// What was seen and what became of it, in a few numbers: the part of the books that is compared with a server's own
// count, again and again.

/// A target's counts of commands and packets at one moment, or those of all targets.
public struct TrafficTotals: Sendable, Equatable {
    /// Commands paired with their reply.
    public let measured: UInt64
    /// Commands seen and not measured, by reason.
    private let unmeasuredByReason: [UInt64]
    /// Packets from and to the servers' ports, without Sidelong's own.
    public let packets: UInt64
    /// Packets of Sidelong's own connections.
    public let ownPackets: UInt64

    /// The counts of a target; the first one's have the packets of all others in them.
    init(_ counts: RedisCounts) {
        measured = counts.paired
        unmeasuredByReason = counts.unmeasured
        ownPackets = counts.faults[PacketFault.own.rawValue]
        let captured = counts.interfaces.reduce(counts.packets) { $0 &+ $1.packets }
        packets = counts.faults.reduce(captured, &-)
    }

    /// The counts of the first target, without the packets of others.
    fileprivate init(_ counts: RedisCounts, without others: [TargetBooks]) {
        let all = TrafficTotals(counts)
        let rest = others.map { TrafficTotals($0.books.counts) }
        measured = all.measured
        unmeasuredByReason = all.unmeasuredByReason
        packets = rest.reduce(all.packets) { $0 &- $1.packets }
        ownPackets = rest.reduce(all.ownPackets) { $0 &- $1.ownPackets }
    }

    /// With what another target's books have; the packets of both are in those of the first one.
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

    /// The counts of the first target, which have the packets of all, and of another one together.
    fileprivate func adding(_ other: TrafficTotals) -> TrafficTotals { TrafficTotals(self, and: other) }

    /// What was counted since an earlier moment.
    public func since(_ earlier: TrafficTotals) -> TrafficTotals { TrafficTotals(self, since: earlier) }
}

extension TrafficEngine {
    /// The counts of all targets at this moment. Costs the copy of a few numbers.
    public var totals: TrafficTotals {
        others.reduce(TrafficTotals(books.counts)) { $0.adding(TrafficTotals($1.books.counts)) }
    }

    /// The counts of one target at this moment, or of what is nobody's for a number past the last one. Costs the same.
    public func totals(of target: Int) -> TrafficTotals {
        target == 0 || others.isEmpty
            ? TrafficTotals(books.counts, without: others)
            : TrafficTotals(others[Swift.min(target, others.count) - 1].books.counts)
    }
}

// The engine's figures at one moment, to be scraped or printed. Families that belong to no protocol are put together
// here; each protocol adds its own.

public import Metrics

/// What the engine had counted when the snapshot was taken.
///
/// A value: taking one is cheap, and turning it into samples is done where no packet waits.
public struct TrafficSnapshot: Sendable {
    let packets: PacketCounts
    /// Of each target; of all traffic where there is only one.
    public let redis: [RedisSnapshot]
    /// Of each port; none where no port is read.
    public let postgres: [PostgresSnapshot]
    /// Nil where no port is read as HTTP.
    public let http: HTTPSnapshot?

    private var protocols: [any ProtocolSnapshot] { redis + postgres + (http.map { [$0] } ?? []) }

    /// Whose samples there are, each once. The first is nil: for families that belong to no target, and for protocols
    /// that have only one.
    public var targets: [String?] {
        var targets: [String?] = [nil]
        for part in protocols where !targets.contains(part.wire.target) { targets.append(part.wire.target) }
        return targets
    }

    /// The samples of a target; for nil those of packets too.
    public func samples(of target: String?) -> Samples {
        var samples = Samples(bounded: false)
        let parts = protocols.filter { $0.wire.target == target }
        for part in parts { part.addFamilies(to: &samples) }
        WireFamilies.add(WireSnapshot.ofEachProtocol(parts.map(\.wire)), to: &samples)
        if target == nil { WireFamilies.add(packets, to: &samples) }
        return samples
    }
}

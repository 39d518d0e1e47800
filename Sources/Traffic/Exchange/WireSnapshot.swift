// The figures of one protocol and one target at one moment.

import Metrics

/// The figures that every protocol has.
public struct WireSnapshot: Sendable {
    public let kind: WireProtocolKind
    /// Whose figures these are; nil where there is one target only.
    public let target: String?
    let counts: WireCounts
    let unmeasuredReasons: [UnmeasuredReason]
    let resyncReasons: [ResyncReason]

    /// Requests paired with their reply.
    public var requests: UInt64 { counts.requests }
    /// Requests seen and not measured, by reason.
    public var unmeasured: [(reason: String, count: UInt64)] {
        unmeasuredReasons.map { ($0.label, counts.unmeasured($0)) }
    }
    /// Connections that fell out of sync, by reason.
    var resyncs: [(reason: String, count: UInt64)] { resyncReasons.map { ($0.label, counts.resyncs($0)) } }
    /// Connections that were followed.
    public var connections: Int { counts.connections }
}

/// All figures of one protocol and one target.
protocol ProtocolSnapshot: Sendable {
    var wire: WireSnapshot { get }

    /// Adds the samples of the families that only this protocol has.
    func addFamilies(to samples: inout Samples)
}

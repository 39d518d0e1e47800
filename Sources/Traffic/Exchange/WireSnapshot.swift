// The figures of one protocol and one target at one moment.

import Metrics

/// The figures that every protocol has.
public struct WireSnapshot: Sendable {
    public let kind: WireProtocolKind
    /// Whose figures these are; nil where there is one target only.
    public let target: String?
    private(set) var counts: WireCounts
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

extension WireSnapshot {
    /// Puts together what belongs to one protocol: its ports are told apart in the families of the protocol only.
    static func ofEachProtocol(_ all: [WireSnapshot]) -> [WireSnapshot] {
        var result: [WireSnapshot] = []
        for wire in all {
            if let place = result.firstIndex(where: { $0.kind == wire.kind }) {
                result[place].counts.add(wire.counts)
            } else {
                result.append(wire)
            }
        }
        return result
    }
}

/// All figures of one protocol and one target.
protocol ProtocolSnapshot: Sendable {
    var wire: WireSnapshot { get }

    /// Adds the samples of the families that only this protocol has.
    func addFamilies(to samples: inout Samples)
}

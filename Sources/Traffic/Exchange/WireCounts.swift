// What is counted of any protocol: requests and why they were not measured, connections, and what TCP looked like.

/// The figures that every protocol has, of one target.
struct WireCounts: Sendable {
    /// Requests paired with their reply, whether the time between them could be measured or not.
    var requests: UInt64 = 0
    private var unmeasuredByReason = [UInt64](repeating: 0, count: UnmeasuredReason.allCases.count)
    private var resyncsByReason = [UInt64](repeating: 0, count: ResyncReason.allCases.count)
    /// Replies stamped before their request.
    private(set) var clockSteps: UInt64 = 0

    /// Connections that are followed.
    var connections = 0
    var evictedConnections: UInt64 = 0
    /// Connections that began with TLS; no more is known of them.
    var encryptedConnections: UInt64 = 0

    /// Packets, those of Sidelong's own connections included.
    var packets: UInt64 = 0
    /// Packets of Sidelong's own connections.
    var ownPackets: UInt64 = 0
    /// Segments that held nothing new.
    var repeatedSegments: UInt64 = 0
    /// Segments of connections that are read from another interface.
    var otherInterfaceSegments: UInt64 = 0
    /// Segments that came before their predecessor.
    var earlySegments: UInt64 = 0
    /// Packets that were cut, with unknown requests or replies behind the cut.
    var blindCuts: UInt64 = 0
    /// Runs of bytes that never came.
    var gaps: UInt64 = 0

    /// By the raw value of ``UnmeasuredReason``.
    var allUnmeasured: [UInt64] { unmeasuredByReason }
    func unmeasured(_ reason: UnmeasuredReason) -> UInt64 { unmeasuredByReason[reason.rawValue] }
    func resyncs(_ reason: ResyncReason) -> UInt64 { resyncsByReason[reason.rawValue] }

    /// Counts requests that were seen and not measured.
    mutating func countUnmeasured(_ reason: UnmeasuredReason, _ count: Int = 1) {
        unmeasuredByReason[reason.rawValue] &+= UInt64(count)
    }

    /// Counts a connection that fell out of sync.
    mutating func countResync(_ reason: ResyncReason) {
        resyncsByReason[reason.rawValue] &+= 1
    }

    /// Adds what was counted elsewhere.
    mutating func add(_ other: WireCounts) {
        requests &+= other.requests
        unmeasuredByReason = zip(unmeasuredByReason, other.unmeasuredByReason).map(&+)
        resyncsByReason = zip(resyncsByReason, other.resyncsByReason).map(&+)
        clockSteps &+= other.clockSteps
        connections += other.connections
        evictedConnections &+= other.evictedConnections
        encryptedConnections &+= other.encryptedConnections
        packets &+= other.packets
        ownPackets &+= other.ownPackets
        repeatedSegments &+= other.repeatedSegments
        otherInterfaceSegments &+= other.otherInterfaceSegments
        earlySegments &+= other.earlySegments
        gaps &+= other.gaps
    }

    /// The time from a request to its reply in nanoseconds; 0 when the clock was set back meanwhile.
    @inline(__always)
    mutating func latency(from request: UInt64, to reply: UInt64) -> UInt64 {
        if reply >= request { return reply &- request }
        clockSteps &+= 1
        return 0
    }
}

// Memory is bounded for all protocols together: a flood on one of them is paid for once, not once per protocol.

/// Caps on the engine's memory. Each has a counter for what was refused.
public struct TrafficLimits: Sendable {
    /// Connections followed at once; the least recently used one makes room.
    public var connections = 20_000
    /// Bytes that connections of all protocols take. A fifth of it is kept for those of a protocol that has few, so
    /// that no flood of one leaves the others without any.
    public var flowBytes = 22 << 20
    /// How long a connection may be silent, in nanoseconds.
    public var idle: UInt64 = 3_600_000_000_000
    /// Requests in flight on one connection, and on all: 24 bytes each, of HTTP 48.
    public var inFlight = 16_384
    public var inFlightInAll = 262_144
    /// Commands of open transactions that are remembered, of one connection and of all: 24 bytes each.
    public var queued = 16_384
    public var queuedInAll = 262_144
    /// Bytes that the queues of both kinds take on all connections. Beyond that queues that are empty are given back,
    /// and then the connections with the largest ones go, so that nobody takes the others' share. Less than
    /// `inFlightInAll` requests take, which so stops nobody.
    public var queueBytes = 5 << 20
    /// Bytes of empty queues that are kept for what comes next.
    public var idleQueueBytes = 256 << 10
    /// Runs of equal pairs that are not certain yet, of one connection and of all: some 130 bytes each.
    public var held = 128
    public var heldInAll = 8_192
    /// Segments and bytes that one direction keeps when they come too early, and the bytes that all keep.
    public var earlySegments = 64
    public var earlyBytes = 256 << 10
    public var earlyBytesInAll = 4 << 20
    /// Early segments that all directions keep.
    public var earlySegmentsInAll = 16_384
    /// What such a segment takes besides its bytes.
    static let earlySegmentCost = 112
    /// Bytes of unfinished messages of Postgres and of unfinished lines of HTTP that all connections keep, each.
    public var unfinishedInAll = 4 << 20

    public init() {}
}

/// What all connections of all protocols hold at this moment, and may hold.
struct Budget: Sendable {
    let limits: TrafficLimits
    /// Connections that are followed.
    var connections = 0
    /// Bytes of segments that came too early.
    var earlyBytes = 0
    var earlySegments = 0
    var shedFragments: UInt64 = 0
    /// Bytes that connections take, and how many had to go for others.
    var flowBytes = 0
    var shedFlows: UInt64 = 0
    /// Bytes that all queues take.
    var queueBytes = 0
    /// Connections that had to go for their queues.
    var shedQueues: UInt64 = 0
    /// Requests in flight.
    var inFlight = 0
    /// Commands of open transactions that are remembered.
    var queued = 0
    /// Runs of pairs that are held back.
    var held = 0

    init(_ limits: TrafficLimits) {
        self.limits = limits
    }

    /// Whether the connections of a protocol that take so many bytes may take more.
    func mayGrow(_ bytes: Int) -> Bool { flowBytes < limits.flowBytes / 5 * 4 || bytes < limits.flowBytes / 10 }

    /// Whether a connection has to make room.
    @inline(__always)
    var isOverdrawn: Bool { hasTooManyConnections || hasTooLargeQueues }
    var hasTooManyConnections: Bool { connections > Swift.max(1, limits.connections) }
    var hasTooLargeQueues: Bool { queueBytes > limits.queueBytes }
}

// Memory is bounded for all protocols together: a flood on one of them is paid for once, not once per protocol.

/// Caps on the engine's memory. Each has a counter for what was refused.
public struct TrafficLimits: Sendable {
    /// Connections followed at once; the least recently used one makes room.
    public var connections = 20_000
    /// How long a connection may be silent, in nanoseconds.
    public var idle: UInt64 = 3_600_000_000_000
    /// Requests in flight on one connection, and on all: 24 bytes each.
    public var inFlight = 16_384
    public var inFlightInAll = 262_144
    /// Commands of open transactions that are remembered, of one connection and of all: 24 bytes each.
    public var queued = 16_384
    public var queuedInAll = 65_536
    /// Pairs that are not certain yet, of one connection and of all: some 120 bytes each.
    public var held = 128
    public var heldInAll = 8_192
    /// Segments and bytes that one direction keeps when they come too early, and the bytes that all keep.
    public var earlySegments = 64
    public var earlyBytes = 256 << 10
    public var earlyBytesInAll = 4 << 20

    public init() {}
}

/// What all connections of all protocols hold at this moment, and may hold.
struct Budget: Sendable {
    let limits: TrafficLimits
    /// Connections that are followed.
    var connections = 0
    /// Bytes of segments that came too early.
    var earlyBytes = 0
    /// Requests in flight.
    var inFlight = 0
    /// Commands of open transactions that are remembered.
    var queued = 0
    /// Pairs that are held back.
    var held = 0

    init(_ limits: TrafficLimits) {
        self.limits = limits
    }

    /// Whether a connection has to make room.
    var isOverdrawn: Bool { connections > Swift.max(1, limits.connections) }
}

// What is known of a target besides its samples.

/// The bookkeeping of one target, for the health page and for metrics about the exporter itself.
public struct RedisTargetStatus: Sendable {
    /// The state of the server at the newest poll; nil when that poll failed.
    public var facts: RedisFacts?
    /// Commands of ours among those that the newest INFO has counted, on all connections of this count.
    public var ownCommands: UInt64 = 0
    /// Another number when the server was restarted, or when it cannot be known which of our commands it has carried
    /// out; counts of before say nothing about those of now.
    public var count: UInt64 = 0
    /// When the newest INFO had been answered.
    public var counted: ContinuousClock.Instant?
    /// Where the newest connection was opened to; nil before the first.
    public var address: RedisAddress?
    /// Connections that were opened so far.
    public var connects: UInt64 = 0
    /// How long the newest connect took, TLS and authentication included.
    public var lastConnectDuration: Duration?
    /// Pipelines on the present connection, and bytes on the wire, its greeting included.
    public var roundTrips: UInt64 = 0
    public var bytesSent: UInt64 = 0
    public var bytesReceived: UInt64 = 0
}

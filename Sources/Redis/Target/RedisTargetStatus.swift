// What is known of a target besides its samples.

/// The bookkeeping of one target, for the health page and for metrics about the exporter itself.
public struct RedisTargetStatus: Sendable {
    /// The state of the server at the newest poll; nil when that poll failed.
    public var facts: RedisFacts?
    /// Commands of the newest poll, INFO first: what the server counts on top of what that INFO says.
    public var pollCommands: UInt64 = 0
    /// Connections that were opened so far.
    public var connects: UInt64 = 0
    /// How long the newest connect took, TLS and authentication included.
    public var lastConnectDuration: Duration?
    /// Pipelines on the present connection, and bytes on the wire, its greeting included.
    public var roundTrips: UInt64 = 0
    public var bytesSent: UInt64 = 0
    public var bytesReceived: UInt64 = 0
}

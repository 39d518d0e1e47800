// What is known of a target besides its samples: for the capture, which has to find the server's port and to set its
// own count of commands against the server's.

/// The bookkeeping of one target.
public struct RedisTargetStatus: Sendable {
    /// What the server is, by the newest poll; nil when that poll failed, or when the server does not say.
    public var role: RedisRole?
    /// The port that the server listens on, under the same conditions.
    public var port: UInt16?
    /// Commands that the server has processed since it started, under the same conditions.
    public var commandsProcessed: Double?
    /// Commands of ours among those that the newest INFO has counted, on all connections of this count.
    public var ownCommands: UInt64 = 0
    /// Another number when the server was restarted, or when it cannot be known which of our commands it has carried
    /// out; counts of before say nothing about those of now.
    public var count: UInt64 = 0
    /// When the newest INFO had been answered.
    public var counted: ContinuousClock.Instant?
    /// Where the newest connection was opened to; nil before the first.
    public var address: RedisAddress?
    /// How long the newest connect took, TLS and authentication included.
    public var lastConnectDuration: Duration?

    /// Takes what a poll has found.
    mutating func note(_ info: InfoReply) {
        role = RedisRole(info)
        port = info.instance["tcp_port"].flatMap { UInt16($0) }
        commandsProcessed = info[InfoFields.commandsProcessed]
    }

    /// Forgets what is no longer known after a failed poll.
    mutating func forgetServer() {
        (role, port, commandsProcessed) = (nil, nil, nil)
    }
}

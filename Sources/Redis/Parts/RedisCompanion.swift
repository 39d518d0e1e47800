// What the measurement of latencies wants from a Redis besides samples: its slow commands, its table of commands, its
// clients' users, and the time that a few keys take.

/// Listeners for what a poll brings.
///
/// Everything is called on the target's own queue, during a poll, and must be quick.
public struct RedisCompanion: Sendable {
    /// Names the group of the key in a slow command's arguments, nil where it has no key. Without it slow commands are
    /// counted by command only.
    public var keyGroup: (@Sendable (_ arguments: [[UInt8]]) -> String?)?
    /// Gets the new entries of the slow log after each poll that found some, oldest first.
    public var onSlowCommands: (@Sendable ([SlowCommand]) -> Void)?
    /// Gets the server's commands: once for each start of a server, and once a day.
    public var onCommands: (@Sendable ([RedisCommand]) -> Void)?
    /// Is told that a connection was made; the server may be at another address than before.
    public var onConnect: (@Sendable (RedisAddress) -> Void)?
    /// Whether the list of clients is worth asking for at this moment, ahead of the page's own time for it.
    public var wantsClients: @Sendable () -> Bool = { false }
    /// Gets the list of clients.
    public var onClients: (@Sendable ([RedisClient]) -> Void)?
    /// Keys whose TYPE is timed after each poll.
    public var probedKeys: [String] = []
    /// Gets the time from sending TYPE to having its reply.
    public var onProbe: (@Sendable (_ key: String, Duration) -> Void)?
    /// The queues that clients use most; nil without a capture.
    public var busyQueues: (@Sendable () -> [BusyKey])?
    /// The channels that clients publish to most; nil without a capture.
    public var busyChannels: (@Sendable () -> [BusyKey])?

    public init() {}
}

// What can go wrong between a client and a server while both of them run.

/// What a ``FaultProxy`` does to the replies that pass it.
///
/// A connection that a fault has cut short stays so when the fault is over, as it would after a loss in the network;
/// what is only late comes at once then.
public enum Fault: Sendable, Equatable, CustomStringConvertible {
    /// Each piece of a reply is late by this much.
    case latency(Duration)
    /// Half of a reply, and then nothing on this connection.
    case halfReply
    /// One byte, a pause, the next byte.
    case drip(pause: Duration)
    /// Half of a reply, and then a reset.
    case reset
    /// Random bytes in place of each reply.
    case garbage
    /// No reply; the connection stays open.
    case silence
    /// The server hangs up instead of replying, and the client hears of that after the pause.
    case slowClose(Duration)

    /// Without the duration.
    public var description: String {
        switch self {
        case .latency: "latency"
        case .halfReply: "half a reply"
        case .drip: "byte by byte"
        case .reset: "reset"
        case .garbage: "garbage"
        case .silence: "silence"
        case .slowClose: "slow close"
        }
    }
}

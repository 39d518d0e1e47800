// What TCP tells the protocols: which side bytes come from, when they came, what is missing, and when it is over.

/// Which end of a connection sent something. The server is the end whose port is one of the server's.
enum Side: Sendable {
    case client
    case server
}

/// Where bytes come from: facts about the packet that carried them.
struct Arrival {
    let side: Side
    /// When the packet was captured, in nanoseconds since 1970.
    let stamp: UInt64
    /// Whether its sender had, at that time, received everything that the other end is known to have sent.
    let isCaughtUp: Bool
}

/// Why bytes of a stream cannot be shown.
enum Loss: Sendable {
    /// The packet was never captured.
    case gap
    /// The packet was captured without its end.
    case snapLength
}

/// Why a connection is not followed any longer.
enum Ending: Sendable {
    /// FIN from both ends, a reset, or a new connection from the same port.
    case closed
    /// Nothing was heard of it for the idle time.
    case idle
    /// It was the least recently used one of a full table.
    case evicted
}

// The line between TCP and what is spoken over it. Below it nobody knows a protocol; above it nobody knows segments.

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

/// One connection's talk in some protocol: bytes in order in, measurements out.
///
/// RESP is the only one so far. Another protocol implements these five and is chosen by port in ``Flow``; packets,
/// flows, ``InFlightQueue`` and the histograms serve it as they are.
protocol Conversation {
    /// The connection was seen from its first byte on.
    mutating func opened()

    /// Takes the next bytes of one side. They start where the last ones of that side, or a loss, ended, and always with
    /// the first byte of a packet, or of what is left of one that overlaps an earlier one.
    mutating func receive(_ bytes: Span<UInt8>, _ arrival: Arrival, _ books: inout RedisBooks)

    /// Learns that bytes of one side are missing.
    mutating func lost(_ count: Int, _ loss: Loss, _ arrival: Arrival, _ books: inout RedisBooks)

    /// Learns that nothing has come until this moment; nil for the end of the capture.
    mutating func rested(until stamp: UInt64?, _ books: inout RedisBooks)

    /// Gives up what is still open.
    mutating func ended(_ ending: Ending, _ books: inout RedisBooks)
}

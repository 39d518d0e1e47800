// What the server tells about itself: every request that was answered, and how its connections fare.

/// One request that was answered, as the server's observer sees it.
public struct HTTPExchange: Sendable {
    public let method: HTTPMethod
    /// The path as the client wrote it: not fit for a label, see ``HTTPRouter/pattern(of:)``.
    public let path: String
    public let status: Int
    /// From the request's last header byte until the answer's last byte was handed to the kernel, or until the
    /// connection broke. It includes a slow reader's time, but for what fits into the socket's buffer.
    public let duration: Duration
    /// False when the client went away, or was cut off, before it had the whole answer.
    public let isComplete: Bool
}

/// The connections of a server since its start.
struct HTTPConnectionCounts: Sendable, Equatable {
    /// Open at this moment.
    var open = 0
    /// Taken in.
    var accepted = 0
    /// Closed at once, because a limit was reached and no connection was idle.
    var refused = 0
    /// Closed by the server: too slow, idle for too long, or idle when its place or descriptor was needed.
    var cut = 0
    /// Times that accepting had to pause, because the process or the machine was out of descriptors or memory.
    var pauses = 0
}

// What a client may send is without bounds; what is remembered of it is not.

/// Limits that no operator needs to set. They are those of servers, or more.
enum HTTPLimits {
    /// The longest head, in bytes; a longer one is none.
    static let head = 64 << 10
    /// The longest line of a head of which the end is looked at when it comes in several packets.
    static let line = 8 << 10
    /// The bytes of a path by which it is grouped.
    static let path = 512
    /// Requests in flight on one connection. zeek gives up at as many.
    static let pipelined = 100
    /// The longest line of a chunk's size or of a trailer.
    static let chunkLine = 8 << 10
    /// How long an answer may take until its pauses make it a stream, and the shortest pause, in nanoseconds.
    static let streamAge: UInt64 = 10_000_000_000
    static let streamPause: UInt64 = 1_000_000_000
}

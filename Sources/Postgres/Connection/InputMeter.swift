// How much a server says. libpq keeps a message until it is whole, and settings and notifications for as long as the
// connection lasts. A server that says such things without end would fill the memory, and never let a poll wait.

import Glibc

/// Counts the bytes that come in on a connection, and those of them that were rows of an answer.
///
/// The kernel says how much waits, before and after libpq has read. So the count is close and not exact: what arrives
/// in between is missed, where libpq took less than its buffer.
struct InputMeter {
    /// Bytes besides rows that a poll may bring. A whole answer is no rows yet where they are not taken one by one.
    static let most = 16 << 20
    /// Bytes that libpq's buffer holds at the least.
    private static let buffer = 16 << 10

    private var received = 0
    private var rows = 0
    /// Bytes besides rows of earlier polls.
    private var earlier = 0

    var besides: Int { max(0, received - rows) }
    /// The same of all polls.
    var besidesInAll: Int { earlier + besides }

    /// Whether a poll has brought more than libpq is to hold.
    var isTooMuch: Bool { besides > Self.most }

    /// Whether the connection has been told so much that a new one is better.
    var isWornOut: Bool { besidesInAll > Self.most }

    mutating func beginPoll() {
        earlier += besides
        (received, rows) = (0, 0)
    }

    /// Counts what one call of libpq has read, by the bytes that waited before it and after it.
    mutating func read(_ before: Int, _ after: Int) {
        received += max(before - after, min(before, Self.buffer))
    }

    /// Counts what has come out as rows.
    mutating func take(rows bytes: Int) {
        rows += bytes
    }

    /// Bytes that wait on a socket.
    static func waiting(on socket: Int32) -> Int {
        var count: Int32 = 0
        return unsafe ioctl(socket, UInt(FIONREAD), &count) == 0 ? Int(count) : 0
    }
}

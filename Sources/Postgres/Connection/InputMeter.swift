// How much a server says. libpq keeps a message until it is whole, and settings and notifications for as long as the
// connection lasts. A server that says such things without end would fill the memory, and never let a poll wait.

/// Counts the bytes that come in on a connection, and those of them that were rows of an answer.
struct InputMeter {
    /// Bytes besides rows that a poll may bring.
    static let most = 16 << 20
    /// Bytes that libpq may read at once, whatever waits.
    static let mostAtOnce = 256 << 10

    /// Bytes of this poll.
    private(set) var received = 0
    private var rows = 0
    /// Bytes besides rows of earlier polls.
    private var earlier = 0

    /// Bytes besides rows of this poll.
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

    /// Counts what one call of libpq has read.
    mutating func read(_ bytes: Int) {
        received += bytes
    }

    /// Counts what has come out as rows.
    mutating func take(rows bytes: Int) {
        rows += bytes
    }
}

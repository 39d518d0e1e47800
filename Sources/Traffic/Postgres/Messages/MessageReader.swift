// Every message but the first one of a client is a letter, a length and a body ("Message Formats" in the manual of
// Postgres). Bodies that lie in one piece are shown where they are. Of those that come in pieces a beginning is kept if
// it is of use; all others are skipped by their length.

/// Reads one direction's messages, resumable after any byte.
struct MessageReader: Sendable {
    /// A message's letter and length, and where the part of its body stands that can be seen.
    struct Message {
        let type: UInt8
        /// The whole body's length in bytes.
        let length: Int
        /// The body within the bytes at hand; nil when its beginning was gathered in ``kept``.
        let body: Range<Int>?
    }

    enum Event {
        /// All bytes are used up.
        case starved
        case message(Message)
        /// The bytes are no message.
        case impossible
    }

    /// The type and length at hand, as far as they were read.
    private var header: UInt64 = 0
    private var headerCount: UInt8 = 0
    private var type: UInt8 = 0
    private var isInBody = false
    private var isKeeping = false
    private var length = 0
    /// Bytes of the body that are still to come.
    private var remaining = 0
    /// The beginning of a body that came in pieces.
    private(set) var kept: [UInt8] = []
    /// How much of it was reported as kept.
    private var accounted = 0
    /// How many bytes of it are wanted.
    private var wanted = 0

    /// Bytes of a letter and a length.
    static var headerLength: Int { 5 }

    /// Whether the next byte starts a message.
    var isAtStart: Bool { headerCount == 0 && !isInBody }

    /// Forgets an unfinished message.
    ///
    /// - Parameter total: what all readers keep, in bytes.
    mutating func reset(_ total: inout Int) {
        total -= accounted
        self = MessageReader()
    }

    /// Reads on from `position` to the next message's end.
    ///
    /// - Parameter limit: of a message with this letter, how many bytes are to be kept when it comes in pieces;
    ///   negative for a letter that there is not.
    @inline(__always)
    mutating func next(_ bytes: Span<UInt8>, _ position: inout Int, limit: (UInt8) -> Int) -> Event {
        if isAtStart, position &+ Self.headerLength <= bytes.count {
            let type = bytes[position]
            let length = Int(bytes.long(at: position &+ 1)) &- 4
            let begin = position &+ Self.headerLength
            if length >= 0, length <= bytes.count &- begin {
                guard limit(type) >= 0 else { return .impossible }
                position = begin &+ length
                return .message(Message(type: type, length: length, body: begin..<position))
            }
        }
        return nextInPieces(bytes, &position, limit: limit)
    }

    @inline(never)
    private mutating func nextInPieces(
        _ bytes: Span<UInt8>, _ position: inout Int, limit: (UInt8) -> Int
    ) -> Event {
        if !isInBody {
            while Int(headerCount) < Self.headerLength {
                guard position < bytes.count else { return .starved }
                header = header << 8 | UInt64(bytes[position])
                headerCount += 1
                position += 1
            }
            guard begin(limit) else { return .impossible }
        }
        let available = Swift.min(remaining, bytes.count - position)
        keep(bytes, position..<position + available)
        position += available
        remaining -= available
        return remaining == 0 ? end() : .starved
    }

    /// Starts the body; false when the header is none.
    private mutating func begin(_ limit: (UInt8) -> Int) -> Bool {
        type = UInt8(truncatingIfNeeded: header >> 32)
        length = Int(header & 0xFFFF_FFFF) - 4
        let limit = limit(type)
        guard limit >= 0, length >= 0, length <= PostgresLimits.message else { return false }
        (header, headerCount) = (0, 0)
        isInBody = true
        remaining = length
        wanted = Swift.min(limit, length)
        isKeeping = wanted > 0
        kept.removeAll(keepingCapacity: true)
        return true
    }

    private mutating func keep(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        guard isKeeping else { return }
        for place in range.prefix(wanted - kept.count) { kept.append(bytes[place]) }
        isKeeping = kept.count < wanted
    }

    private mutating func end() -> Event {
        isInBody = false
        isKeeping = false
        return .message(Message(type: type, length: length, body: nil))
    }

    /// Skips bytes that were not captured.
    ///
    /// - Returns: ``Skip/beyond`` when they reach beyond the body at hand, so that it is unknown where the next message
    ///   starts. Where the body has ended with them, ``next(_:_:limit:)`` shows it before anything else.
    mutating func skipLost(_ count: Int) -> Skip {
        guard isInBody, count <= remaining else { return .beyond }
        isKeeping = false
        remaining -= count
        return remaining == 0 ? .ended : .within
    }

    /// Where a loss has ended.
    enum Skip {
        case within
        case ended
        case beyond
    }

    /// Hands out what was gathered.
    mutating func takeKept() -> [UInt8] {
        defer { kept = [] }
        return kept
    }

    /// Reports how much is kept while the rest is waited for.
    ///
    /// - Parameter total: what all readers keep, in bytes.
    @inline(__always)
    mutating func settle(_ total: inout Int) {
        if kept.count == accounted { return }
        total += kept.count - accounted
        accounted = kept.count
    }
}

// A short connection may be over before a second interface shows its first packet. Without a memory of what has ended
// it would be taken for another one, and all of its commands counted again.

/// The ends of a connection that is over.
struct ClosedConnection: Sendable {
    fileprivate let hash: UInt64
    /// When it ended.
    fileprivate let stamp: UInt64
    /// The place of its SYN; nil when that was not seen.
    fileprivate let start: SequenceNumber?
    /// The places after the last byte of either end; nil where none was seen.
    fileprivate let clientEnd: SequenceNumber?
    fileprivate let serverEnd: SequenceNumber?

    init(
        hash: UInt64, stamp: UInt64, start: SequenceNumber?, clientEnd: SequenceNumber?, serverEnd: SequenceNumber?
    ) {
        self.hash = hash
        self.stamp = stamp
        self.start = start
        self.clientEnd = clientEnd
        self.serverEnd = serverEnd
    }

    /// Whether a segment is one of this connection's: its opening to the number, or bytes before its end.
    fileprivate func has(_ segment: Segment, from side: Side) -> Bool {
        if segment.flags.contains(.syn) {
            guard let start else { return false }
            return side == .client ? segment.sequence == start : segment.acknowledgment == start + 1
        }
        guard let end = side == .client ? clientEnd : serverEnd else { return false }
        return 1...HalfStream.largestWindow ~= end.distance(from: segment.sequence)
    }
}

/// The connections that ended last, a few thousand of them.
struct ClosedConnections: Sendable {
    /// How long after its end a packet may still be a connection's, in nanoseconds.
    private static let memory: UInt64 = 10_000_000_000
    private static let buckets = 1_024
    /// Connections per bucket; the one that ended first makes room.
    private static let depth = 4

    /// Nothing until the first connection ends.
    private var connections: [ClosedConnection?] = []

    mutating func add(_ connection: ClosedConnection) {
        if connections.isEmpty { connections = Array(repeating: nil, count: Self.buckets * Self.depth) }
        let bucket = Self.bucket(of: connection.hash)
        let place = bucket.first { connections[$0]?.hash == connection.hash }
        let oldest = bucket.min { connections[$0]?.stamp ?? 0 < connections[$1]?.stamp ?? 0 }
        connections[place ?? oldest ?? bucket.lowerBound] = connection
    }

    /// Whether a segment of no known connection belongs to one that is over.
    func have(_ captured: CapturedSegment) -> Bool {
        if connections.isEmpty { return false }
        for place in Self.bucket(of: captured.hash) {
            guard let connection = connections[place], connection.hash == captured.hash else { continue }
            return captured.stamp < connection.stamp &+ Self.memory
                && connection.has(captured.segment, from: captured.side)
        }
        return false
    }

    private static func bucket(of hash: UInt64) -> Range<Int> {
        let first = Int(truncatingIfNeeded: hash >> 20) & (buckets - 1) * depth
        return first..<first + depth
    }
}

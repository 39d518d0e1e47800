// A connection: two directions put in order, and the state of what is spoken over them. Servers answer on loopback
// within microseconds and lose nothing; what is missing here was nearly always dropped by the capture. So a repetition
// is not waited for once the other end has acknowledged the bytes.

/// One followed connection.
///
///     nothing known ──SYN, or SYN and ACK──► seen from its start ──┐
///           └───────first data─────────────► joined in the middle ─┤
///                                                                  ▼
///     each segment:   the next bytes ──► to the protocol        open in both directions
///                     known already  ──► counted, dropped           │ FIN of one end: half closed
///                     too early      ──► kept until its turn        │ FIN of both, or RST
///                     acknowledged and never seen ──► lost          ▼
///                                                                 closed: remembered for 10 s
///     A SYN with another number closes the connection and begins the next one in its place.
struct Flow<P: WireProtocol & ~Copyable>: Sendable {
    let key: FlowKey
    let hash: UInt64
    /// The number of the target to which it belongs.
    let target: UInt16
    /// When its last packet was captured.
    private(set) var lastStamp: UInt64 = 0
    /// When its place in the order of last use was taken.
    private(set) var rankedAt: UInt64 = 0
    private var vantage = Vantage()
    private var client = HalfStream()
    private var server = HalfStream()
    /// The place of the SYN that opened it, when that was seen.
    private var opening: SequenceNumber?
    /// What its protocol knows of it.
    var connection: P.Connection

    init(key: FlowKey, hash: UInt64, target: UInt16) {
        self.key = key
        self.hash = hash
        self.target = target
        connection = P.begin(on: key.server.port)
    }

    mutating func rank(at stamp: UInt64) {
        rankedAt = stamp
    }

    /// Counts silence from here on: what came before has stamps in the future.
    mutating func clockWasSetBack(to stamp: UInt64) {
        lastStamp = min(lastStamp, stamp)
    }

    /// Takes one segment, if it does not come from another interface than the connection is read from.
    ///
    /// - Returns: false when the connection is over and can be forgotten.
    @inline(__always)
    mutating func receive(
        _ captured: CapturedSegment, in frame: Span<UInt8>, _ books: inout P, _ budget: inout Budget
    ) -> Bool {
        let (segment, side, stamp) = (captured.segment, captured.side, captured.stamp)
        guard vantage.takes(side, from: captured.interface, at: stamp, last: lastStamp) else {
            books.wire.otherInterfaceSegments += 1
            return true
        }
        lastStamp = stamp
        if segment.flags.contains(.rst) {
            books.finished(side, isReset: true, &connection, &budget)
            return false
        }
        var sequence = segment.sequence
        if segment.flags.contains(.syn) {
            open(segment, from: side, &books, &budget)
            sequence += 1
        }
        let isCaughtUp = acknowledge(segment, from: side, at: stamp, &books, &budget)
        if segment.length > 0 {
            let arrival = Arrival(side: side, stamp: stamp, isCaughtUp: isCaughtUp)
            switch side {
            case .client: Self.take(segment, sequence, frame, arrival, &client, &connection, &books, &budget)
            case .server: Self.take(segment, sequence, frame, arrival, &server, &connection, &books, &budget)
            }
        }
        if segment.flags.contains(.fin) {
            switch side {
            case .client: client.finish(at: sequence + segment.length)
            case .server: server.finish(at: sequence + segment.length)
            }
        }
        let (hasClient, hasServer) = (client.takeFinish(), server.takeFinish())
        if hasClient { books.finished(.client, isReset: false, &connection, &budget) }
        if hasServer { books.finished(.server, isReset: false, &connection, &budget) }
        return !(client.isFinished && server.isFinished)
    }

    /// What is worth remembering of it once it is over.
    var remains: ClosedConnection {
        ClosedConnection(
            hash: hash, stamp: lastStamp, start: opening, clientEnd: client.isKnown ? client.expected : nil,
            serverEnd: server.isKnown ? server.expected : nil)
    }

    /// Gives up what is open and what was kept.
    mutating func end(_ ending: Ending, _ books: inout P, _ budget: inout Budget) {
        budget.earlyBytes -= client.earlyBytes + server.earlyBytes
        budget.earlySegments -= client.early.count + server.early.count
        books.ended(ending, &connection, &budget)
    }

    /// A SYN tells both ends' first places. One with a new place on a known connection is a new connection.
    private mutating func open(_ segment: Segment, from side: Side, _ books: inout P, _ budget: inout Budget) {
        switch side {
        case .client:
            if opening == segment.sequence { return }
            if client.isKnown ? client.expected != segment.sequence + 1 : server.isKnown {
                end(.closed, &books, &budget)
                let (last, ranked, place) = (lastStamp, rankedAt, vantage)
                self = Flow(key: key, hash: hash, target: target)
                (lastStamp, rankedAt, vantage) = (last, ranked, place)
            }
            opening = segment.sequence
            client.begin(at: segment.sequence + 1)
            P.opened(&connection)
        case .server:
            if server.isKnown { return }
            server.begin(at: segment.sequence + 1)
            if !client.isKnown {
                client.begin(at: segment.acknowledgment)
                P.opened(&connection)
            }
        }
    }

    /// Reads the acknowledgment: bytes that the sender has received and the capture has not are lost for good.
    ///
    /// - Returns: whether the sender has received all that is known of the other direction.
    @inline(__always)
    private mutating func acknowledge(
        _ segment: Segment, from side: Side, at stamp: UInt64, _ books: inout P, _ budget: inout Budget
    ) -> Bool {
        guard segment.flags.contains(.ack) else { return false }
        let place = segment.acknowledgment
        switch side {
        case .client:
            if !server.isKnown { server.begin(at: place) }
            if place != server.expected {
                let arrival = Arrival(side: .server, stamp: stamp, isCaughtUp: false)
                Self.skip(to: place, arrival, &server, &connection, &books, &budget)
            }
            return place == server.expected
        case .server:
            if client.isKnown && place != client.expected {
                let arrival = Arrival(side: .client, stamp: stamp, isCaughtUp: false)
                Self.skip(to: place, arrival, &client, &connection, &books, &budget)
            }
            return client.isKnown && place == client.expected
        }
    }
}

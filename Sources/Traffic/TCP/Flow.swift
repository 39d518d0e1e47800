// A connection: two directions put in order, and the state of what is spoken over them. Servers answer on loopback within
// microseconds and lose nothing; what is missing here was nearly always dropped by the capture, so nobody waits for a
// repetition once the other end has acknowledged the bytes.

/// Which connection.
struct FlowKey: Equatable, Sendable {
    let client: Endpoint
    let server: Endpoint

    @inline(__always)
    func hash(_ hasher: Hasher64) -> UInt64 {
        let ports = UInt64(client.port) << 16 | UInt64(server.port)
        var result = hasher.hash(client.address.low ^ client.address.high, after: ports)
        result = hasher.hash(server.address.low, after: result ^ server.address.high)
        return result
    }
}

/// One followed connection.
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
    var connection = P.begin()

    init(key: FlowKey, hash: UInt64, target: UInt16) {
        self.key = key
        self.hash = hash
        self.target = target
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
        _ segment: Segment, from side: Side, in frame: Span<UInt8>, at stamp: UInt64, by interface: UInt16,
        _ books: inout P, _ budget: inout Budget
    ) -> Bool {
        guard vantage.takes(side, from: interface, at: stamp, last: lastStamp) else {
            books.wire.otherInterfaceSegments += 1
            return true
        }
        return receive(segment, from: side, in: frame, at: stamp, &books, &budget)
    }

    private mutating func receive(
        _ segment: Segment, from side: Side, in frame: Span<UInt8>, at stamp: UInt64, _ books: inout P,
        _ budget: inout Budget
    ) -> Bool {
        lastStamp = stamp
        if segment.flags.contains(.rst) { return false }
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

// What happens in one direction. Static, so that the direction and the connection's state are handed over side by side.
extension Flow where P: ~Copyable {
    /// Puts a segment where it belongs: to the protocol, aside, or away.
    @inline(__always)
    private static func take(
        _ segment: Segment, _ sequence: SequenceNumber, _ frame: Span<UInt8>, _ arrival: Arrival,
        _ stream: inout HalfStream, _ connection: inout P.Connection, _ books: inout P, _ budget: inout Budget
    ) {
        if !stream.isKnown { stream.begin(at: sequence) }
        switch stream.position(of: sequence, length: segment.length) {
        case .next(let skip):
            let bytes = frame.extracting(segment.payload)
            deliver(bytes, missing: segment.missing, skip: skip, arrival, &stream, &connection, &books, &budget)
            if !stream.early.isEmpty { deliverDue(arrival, &stream, &connection, &books, &budget) }
        case .repeated:
            books.wire.repeatedSegments += 1
        case .early(let distance):
            books.wire.earlySegments += 1
            let early = EarlySegment(
                sequence: sequence, bytes: copy(frame.extracting(segment.payload)), missing: segment.missing,
                stamp: arrival.stamp)
            keep(early, distance, arrival, &stream, &connection, &books, &budget)
        }
    }

    private static func copy(_ bytes: Span<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for index in bytes.indices { result.append(bytes[index]) }
        return result
    }

    /// Sets a segment aside. When there is no more room the bytes before the first one kept are given up.
    private static func keep(
        _ segment: EarlySegment, _ distance: Int, _ arrival: Arrival, _ stream: inout HalfStream,
        _ connection: inout P.Connection, _ books: inout P, _ budget: inout Budget
    ) {
        let before = stream.earlyBytes
        stream.keep(segment)
        budget.earlyBytes += stream.earlyBytes - before
        let limits = budget.limits
        while stream.early.count > limits.earlySegments || stream.earlyBytes > limits.earlyBytes
            || budget.earlyBytes > limits.earlyBytesInAll || distance > HalfStream.largestWindow
        {
            guard let gap = stream.distanceToEarly else { return }
            skip(gap, arrival, &stream, &connection, &books, &budget)
        }
    }

    /// Hands bytes to the protocol: what is left of a segment after those known already, then what was cut off.
    @inline(__always)
    private static func deliver(
        _ bytes: Span<UInt8>, missing: Int, skip: Int, _ arrival: Arrival, _ stream: inout HalfStream,
        _ connection: inout P.Connection, _ books: inout P, _ budget: inout Budget
    ) {
        stream.advance(by: bytes.count + missing - skip)
        if skip < bytes.count {
            books.receive(skip == 0 ? bytes : bytes.extracting(skip..<bytes.count), arrival, &connection, &budget)
        }
        if missing > 0 {
            let rest = missing - Swift.max(0, skip - bytes.count)
            books.lost(rest, .snapLength, arrival, &connection, &budget)
        }
    }

    /// Delivers the early segments whose turn has come.
    private static func deliverDue(
        _ arrival: Arrival, _ stream: inout HalfStream, _ connection: inout P.Connection,
        _ books: inout P, _ budget: inout Budget
    ) {
        while let due = stream.takeDue() {
            budget.earlyBytes -= due.bytes.count
            guard case .next(let skip) = stream.position(of: due.sequence, length: due.length) else { continue }
            let arrival = Arrival(side: arrival.side, stamp: due.stamp, isCaughtUp: false)
            deliver(due.bytes.span, missing: due.missing, skip: skip, arrival, &stream, &connection, &books, &budget)
        }
    }

    /// Gives up `count` bytes and goes on with what was kept behind them.
    private static func skip(
        _ count: Int, _ arrival: Arrival, _ stream: inout HalfStream, _ connection: inout P.Connection,
        _ books: inout P, _ budget: inout Budget
    ) {
        books.wire.gaps += 1
        stream.advance(by: count)
        books.lost(count, .gap, arrival, &connection, &budget)
        deliverDue(arrival, &stream, &connection, &books, &budget)
    }

    /// Gives up whatever is missing before a place that the other end has acknowledged.
    private static func skip(
        to place: SequenceNumber, _ arrival: Arrival, _ stream: inout HalfStream,
        _ connection: inout P.Connection, _ books: inout P, _ budget: inout Budget
    ) {
        while true {
            let distance = place.distance(from: stream.expected)
            guard distance > 0, distance <= HalfStream.largestWindow else { return }
            skip(
                Swift.min(distance, stream.distanceToEarly ?? distance), arrival, &stream, &connection, &books, &budget)
        }
    }
}

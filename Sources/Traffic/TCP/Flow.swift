// A connection: two directions put in order, and the conversation that they carry. Redis answers on loopback within
// microseconds and loses nothing; what is missing here was nearly always dropped by the capture, so nobody waits for a
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
struct Flow: Sendable {
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
    /// What is spoken. A second protocol makes this an enum, chosen by the server's port.
    var conversation = RedisConversation()

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
        _ books: inout RedisBooks
    ) -> Bool {
        guard vantage.takes(side, from: interface, at: stamp, last: lastStamp) else {
            books.counts.otherInterfaceSegments += 1
            return true
        }
        return receive(segment, from: side, in: frame, at: stamp, &books)
    }

    private mutating func receive(
        _ segment: Segment, from side: Side, in frame: Span<UInt8>, at stamp: UInt64, _ books: inout RedisBooks
    ) -> Bool {
        lastStamp = stamp
        if segment.flags.contains(.rst) { return false }
        var sequence = segment.sequence
        if segment.flags.contains(.syn) {
            open(segment, from: side, &books)
            sequence += 1
        }
        let isCaughtUp = acknowledge(segment, from: side, at: stamp, &books)
        if segment.length > 0 {
            let arrival = Arrival(side: side, stamp: stamp, isCaughtUp: isCaughtUp)
            switch side {
            case .client: Self.take(segment, sequence, frame, arrival, &client, &conversation, &books)
            case .server: Self.take(segment, sequence, frame, arrival, &server, &conversation, &books)
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
    mutating func end(_ ending: Ending, _ books: inout RedisBooks) {
        books.earlyBytes -= client.earlyBytes + server.earlyBytes
        conversation.ended(ending, &books)
    }

    /// A SYN tells both ends' first places. One with a new place on a known connection is a new connection.
    private mutating func open(_ segment: Segment, from side: Side, _ books: inout RedisBooks) {
        switch side {
        case .client:
            if opening == segment.sequence { return }
            if client.isKnown ? client.expected != segment.sequence + 1 : server.isKnown {
                end(.closed, &books)
                let (last, ranked, place) = (lastStamp, rankedAt, vantage)
                self = Flow(key: key, hash: hash, target: target)
                (lastStamp, rankedAt, vantage) = (last, ranked, place)
            }
            opening = segment.sequence
            client.begin(at: segment.sequence + 1)
            conversation.opened()
        case .server:
            if server.isKnown { return }
            server.begin(at: segment.sequence + 1)
            if !client.isKnown {
                client.begin(at: segment.acknowledgment)
                conversation.opened()
            }
        }
    }

    /// Reads the acknowledgment: bytes that the sender has received and the capture has not are lost for good.
    ///
    /// - Returns: whether the sender has received all that is known of the other direction.
    @inline(__always)
    private mutating func acknowledge(
        _ segment: Segment, from side: Side, at stamp: UInt64, _ books: inout RedisBooks
    ) -> Bool {
        guard segment.flags.contains(.ack) else { return false }
        let place = segment.acknowledgment
        switch side {
        case .client:
            if !server.isKnown { server.begin(at: place) }
            if place != server.expected {
                let arrival = Arrival(side: .server, stamp: stamp, isCaughtUp: false)
                Self.skip(to: place, arrival, &server, &conversation, &books)
            }
            return place == server.expected
        case .server:
            if client.isKnown && place != client.expected {
                let arrival = Arrival(side: .client, stamp: stamp, isCaughtUp: false)
                Self.skip(to: place, arrival, &client, &conversation, &books)
            }
            return client.isKnown && place == client.expected
        }
    }
}

// What happens in one direction. Static, so that the direction and the conversation are handed over side by side.
extension Flow {
    /// Puts a segment where it belongs: to the conversation, aside, or away.
    @inline(__always)
    private static func take(
        _ segment: Segment, _ sequence: SequenceNumber, _ frame: Span<UInt8>, _ arrival: Arrival,
        _ stream: inout HalfStream, _ conversation: inout RedisConversation, _ books: inout RedisBooks
    ) {
        if !stream.isKnown { stream.begin(at: sequence) }
        switch stream.position(of: sequence, length: segment.length) {
        case .next(let skip):
            let bytes = frame.extracting(segment.payload)
            deliver(bytes, missing: segment.missing, skip: skip, arrival, &stream, &conversation, &books)
            if !stream.early.isEmpty { deliverDue(arrival, &stream, &conversation, &books) }
        case .repeated:
            books.counts.repeatedSegments += 1
        case .early(let distance):
            books.counts.earlySegments += 1
            let early = EarlySegment(
                sequence: sequence, bytes: copy(frame.extracting(segment.payload)), missing: segment.missing,
                stamp: arrival.stamp)
            keep(early, distance, arrival, &stream, &conversation, &books)
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
        _ conversation: inout RedisConversation, _ books: inout RedisBooks
    ) {
        let before = stream.earlyBytes
        stream.keep(segment)
        books.earlyBytes += stream.earlyBytes - before
        let limits = books.limits
        while stream.early.count > limits.earlySegments || stream.earlyBytes > limits.earlyBytes
            || books.earlyBytes > limits.earlyBytesInAll || distance > HalfStream.largestWindow
        {
            guard let gap = stream.distanceToEarly else { return }
            skip(gap, arrival, &stream, &conversation, &books)
        }
    }

    /// Hands bytes to the conversation: what is left of a segment after those known already, then what was cut off.
    @inline(__always)
    private static func deliver(
        _ bytes: Span<UInt8>, missing: Int, skip: Int, _ arrival: Arrival, _ stream: inout HalfStream,
        _ conversation: inout RedisConversation, _ books: inout RedisBooks
    ) {
        stream.advance(by: bytes.count + missing - skip)
        if skip < bytes.count {
            conversation.receive(skip == 0 ? bytes : bytes.extracting(skip..<bytes.count), arrival, &books)
        }
        if missing > 0 {
            let rest = missing - Swift.max(0, skip - bytes.count)
            conversation.lost(rest, .snapLength, arrival, &books)
        }
    }

    /// Delivers the early segments whose turn has come.
    private static func deliverDue(
        _ arrival: Arrival, _ stream: inout HalfStream, _ conversation: inout RedisConversation,
        _ books: inout RedisBooks
    ) {
        while let due = stream.takeDue() {
            books.earlyBytes -= due.bytes.count
            guard case .next(let skip) = stream.position(of: due.sequence, length: due.length) else { continue }
            let arrival = Arrival(side: arrival.side, stamp: due.stamp, isCaughtUp: false)
            deliver(due.bytes.span, missing: due.missing, skip: skip, arrival, &stream, &conversation, &books)
        }
    }

    /// Gives up `count` bytes and goes on with what was kept behind them.
    private static func skip(
        _ count: Int, _ arrival: Arrival, _ stream: inout HalfStream, _ conversation: inout RedisConversation,
        _ books: inout RedisBooks
    ) {
        books.counts.gaps += 1
        stream.advance(by: count)
        conversation.lost(count, .gap, arrival, &books)
        deliverDue(arrival, &stream, &conversation, &books)
    }

    /// Gives up whatever is missing before a place that the other end has acknowledged.
    private static func skip(
        to place: SequenceNumber, _ arrival: Arrival, _ stream: inout HalfStream,
        _ conversation: inout RedisConversation, _ books: inout RedisBooks
    ) {
        while true {
            let distance = place.distance(from: stream.expected)
            guard distance > 0, distance <= HalfStream.largestWindow else { return }
            skip(Swift.min(distance, stream.distanceToEarly ?? distance), arrival, &stream, &conversation, &books)
        }
    }
}

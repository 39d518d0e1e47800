// What happens in one direction: its bytes reach the protocol in order, and what is missing is given up at some time.

// Static, so that the direction and the connection's state are handed over side by side.
extension Flow where P: ~Copyable {
    /// Puts a segment where it belongs: to the protocol, aside, or away.
    @inline(__always)
    static func take(
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

    static func copy(_ bytes: Span<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for index in bytes.indices { result.append(bytes[index]) }
        return result
    }

    /// Sets a segment aside. When there is no more room the bytes before the first one kept are given up.
    static func keep(
        _ segment: EarlySegment, _ distance: Int, _ arrival: Arrival, _ stream: inout HalfStream,
        _ connection: inout P.Connection, _ books: inout P, _ budget: inout Budget
    ) {
        let (bytes, segments) = (stream.earlyBytes, stream.early.count)
        stream.keep(segment)
        budget.earlyBytes += stream.earlyBytes - bytes
        budget.earlySegments += stream.early.count - segments
        let limits = budget.limits
        while stream.early.count > limits.earlySegments || stream.earlyBytes > limits.earlyBytes
            || budget.earlyBytes > limits.earlyBytesInAll || budget.earlySegments > limits.earlySegmentsInAll
            || distance > HalfStream.largestWindow
        {
            guard let gap = stream.distanceToEarly else { return }
            budget.shedFragments &+= 1
            skip(gap, arrival, &stream, &connection, &books, &budget)
        }
    }

    /// Hands bytes to the protocol: what is left of a segment after those known already, then what was cut off.
    @inline(__always)
    static func deliver(
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
    static func deliverDue(
        _ arrival: Arrival, _ stream: inout HalfStream, _ connection: inout P.Connection,
        _ books: inout P, _ budget: inout Budget
    ) {
        while let due = stream.takeDue() {
            budget.earlyBytes -= due.bytes.count
            budget.earlySegments -= 1
            guard case .next(let skip) = stream.position(of: due.sequence, length: due.length) else { continue }
            let arrival = Arrival(side: arrival.side, stamp: due.stamp, isCaughtUp: false)
            deliver(due.bytes.span, missing: due.missing, skip: skip, arrival, &stream, &connection, &books, &budget)
        }
    }

    /// Gives up `count` bytes and goes on with what was kept behind them.
    static func skip(
        _ count: Int, _ arrival: Arrival, _ stream: inout HalfStream, _ connection: inout P.Connection,
        _ books: inout P, _ budget: inout Budget
    ) {
        books.wire.gaps += 1
        stream.advance(by: count)
        books.lost(count, .gap, arrival, &connection, &budget)
        deliverDue(arrival, &stream, &connection, &books, &budget)
    }

    /// Gives up whatever is missing before a place that the other end has acknowledged.
    static func skip(
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

// The client's side: requests as they are sent.

extension HTTPConversation {
    /// Takes the next bytes of the client.
    @inline(never)  // with both in one function, the compiler leaves calls in the inner loops: 17 ns a request
    mutating func takeRequests(_ bytes: Span<UInt8>, at stamp: UInt64, _ books: inout HTTPBooks, _ budget: inout Budget)
    {
        var position = 0
        if client == .opening {
            guard takeOpening(bytes, &position, &books) else { return }
        }
        while true {
            switch client {
            case .start:
                while position < bytes.count, bytes[position] == 0x0D || bytes[position] == 0x0A { position &+= 1 }
                guard position < bytes.count else { return }
                requests.begin()
                client = .head
            case .head:
                switch requests.take(bytes, &position, &books) {
                case .starved: return
                case .complete: send(at: stamp, &books, &budget)
                case .malformed: return meetForeign(&books)
                case .oversized: return loseClient(.oversized, &books)
                }
                if hasLeft { return }
            case .body:
                switch requestBody.take(bytes, &position) {
                case .goesOn: return
                case .ended: endBody(&books)
                case .malformed: return loseClient(.malformedRequest, &books)
                }
            case .opening, .lost: return
            }
        }
    }

    /// Looks at what a connection starts with.
    ///
    /// - Returns: false when nothing is left to be read.
    private mutating func takeOpening(_ bytes: Span<UInt8>, _ position: inout Int, _ books: inout HTTPBooks) -> Bool {
        switch Opening(bytes) {
        case .request: client = .start
        case .proxyLine:
            position = bytes.lineFeed(from: 0) + 1
            client = .start
        case .proxyHeader(let count):
            guard count <= bytes.count else {
                requestBody = BodyReader(count: UInt64(count - bytes.count))
                countedBody = UInt64(count)  // nobody's
                position = bytes.count
                client = .body
                return true
            }
            position = count
            client = .start
        case .http2:
            books.wire.countUnmeasured(.http2)
            books.ports.count(.laterVersions, at: portPlace)
            leave(&books)
            return false
        case .encrypted:
            books.wire.encryptedConnections &+= 1
            books.ports.count(.encrypted, at: portPlace)
            books.wire.countUnmeasured(.encrypted)
            leave(&books)
            return false
        }
        return true
    }

    /// What should be a request is none.
    private mutating func meetForeign(_ books: inout HTTPBooks) {
        books.ports.count(.malformed, at: portPlace)
        loseClient(.malformedRequest, &books)
    }

    /// A request's head is complete.
    @inline(__always)
    private mutating func send(at stamp: UInt64, _ books: inout HTTPBooks, _ budget: inout Budget) {
        let head = requests.meaning
        countedBody = 0
        if headIsAnswered {
            headIsAnswered = false
        } else {
            guard push(at: stamp, isUntimed: false, &books, &budget) else {
                return fallApart(.queueFull, &books, &budget)
            }
        }
        switch head.length.framing {
        case .unsaid, .counted(0): client = .start
        case .counted(let count): beginBody(BodyReader(count: count))
        case .chunked: beginBody(.chunked)
        case .coded, .unknown: loseClient(.malformedRequest, &books)
        }
    }

    private mutating func beginBody(_ body: BodyReader) {
        requestBody = body
        client = .body
    }

    /// Remembers the request whose head was read, or as much of it as there is.
    mutating func push(at stamp: UInt64, isUntimed: Bool, _ books: inout HTTPBooks, _ budget: inout Budget) -> Bool {
        guard queue.count < HTTPLimits.pipelined, budget.inFlight < budget.limits.inFlightInAll else { return false }
        let head = requests.meaning
        books.ports.count(.requests, at: portPlace)
        let request = PendingRequest(
            stamp: stamp, trace: head.trace, path: head.path, key: head.key, method: head.method, isUntimed: isUntimed)
        queue.append(request, &budget.queueBytes)
        books.inFlight += 1
        budget.inFlight += 1
        return true
    }

    /// A request's body is complete: its request is the last one in flight, unless that was answered already.
    mutating func endBody(_ books: inout HTTPBooks) {
        client = .start
        settleBody(&books)
    }

    /// Counts what came of the body at hand.
    mutating func settleBody(_ books: inout HTTPBooks) {
        let count = requestBody.count
        guard count > countedBody else { return }
        if queue.isEmpty {
            let head = requests.meaning
            books.addRequestBytes(count - countedBody, method: head.method, path: head.path)
        } else {
            queue.last.bodyBytes = count
        }
        countedBody = count
    }
}

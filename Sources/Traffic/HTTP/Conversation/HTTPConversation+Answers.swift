// The server's side: answers, each to the oldest request in flight, and what comes unasked.

extension HTTPConversation {
    /// Takes the next bytes of the server.
    @inline(never)  // with both in one function, the compiler leaves calls in the inner loops: 17 ns a request
    mutating func takeAnswers(_ bytes: Span<UInt8>, at stamp: UInt64, _ books: inout HTTPBooks, _ budget: inout Budget)
    {
        var position = 0
        while true {
            switch server {
            case .start:
                while position < bytes.count, bytes[position] == 0x0D || bytes[position] == 0x0A { position &+= 1 }
                guard position < bytes.count else { return }
                answers.begin()
                server = .head
            case .head:
                switch answers.take(bytes, &position, &books) {
                case .starved: return
                case .complete: beginAnswer(at: stamp, &books, &budget)
                case .malformed: return loseServer(.malformedReply, &books)
                case .oversized: return loseServer(.oversized, &books)
                }
                if hasLeft { return }
            case .body:
                if answerIsPaired { watchPauses(at: stamp, &books, &budget) }
                switch answerBody.take(bytes, &position) {
                case .goesOn: return
                case .ended: endAnswer(at: stamp, &books, &budget)
                case .malformed: return loseServer(.malformedReply, &books)
                }
            case .lost: return
            }
        }
    }

    /// An answer's head is complete.
    @inline(__always)
    private mutating func beginAnswer(at stamp: UInt64, _ books: inout HTTPBooks, _ budget: inout Budget) {
        let head = answers.meaning
        if head.isInterim { return server = .start }
        findRequest(at: stamp, &books, &budget)
        status = head.status
        answerStamp = stamp
        pauses = 0
        let method = answerIsPaired ? queue.first.method : .other
        if head.status == 101 { return upgrade(head.upgrade, &books, &budget) }
        if method == .connect, head.status < 300 { return openTunnel(.tunnel, &books, &budget) }
        answerBody = BodyReader(count: 0)
        if method == .head || head.status == 204 || head.status == 304 { return endAnswer(at: stamp, &books, &budget) }
        switch head.length.framing {
        case .counted(0): return endAnswer(at: stamp, &books, &budget)
        case .counted(let count): answerBody = BodyReader(count: count)
        case .chunked: answerBody = .chunked
        case .coded, .unsaid: answerBody = .untilClose
        case .unknown: return loseServer(.malformedReply, &books)
        }
        server = .body
        if head.kind != .ordinary { beginStream(head.kind == .events ? .events : .other, &books, &budget) }
    }

    /// Finds out whose answer it is. One may come while the request's head is still being sent, such as 431.
    private mutating func findRequest(at stamp: UInt64, _ books: inout HTTPBooks, _ budget: inout Budget) {
        if queue.isEmpty, client == .head, requests.hasStart, !headIsAnswered {
            headIsAnswered = push(at: stamp, isUntimed: true, &books, &budget)
        }
        answerIsPaired = !queue.isEmpty
        if !answerIsPaired && client != .lost { books.wire.countResync(.unexpectedReply) }
    }

    /// The answer at hand is over.
    @inline(__always)
    mutating func endAnswer(at stamp: UInt64, isTimed: Bool = true, _ books: inout HTTPBooks, _ budget: inout Budget) {
        server = .start
        if answerIsPaired {
            let request = pop(&books, &budget)
            books.answered(
                request, status: status, bytes: answerBody.count, at: isTimed && !request.isUntimed ? stamp : nil)
        } else if let kind = stream {
            books.counts.streams.close(kind)
            books.addAnswerBytes(answerBody.count, method: streamMethod, path: streamPath)
        }
        stream = nil
        answerIsPaired = false
        status = 0
    }

    /// Takes the oldest request out of the queue. The body of the last one may still be on its way.
    mutating func pop(_ books: inout HTTPBooks, _ budget: inout Budget) -> PendingRequest {
        if queue.count == 1, client == .body { settleBody(&books) }
        books.inFlight -= 1
        budget.inFlight -= 1
        return queue.removeFirst(&budget.queueBytes)
    }
}

// Answers that go on for as long as somebody listens.
extension HTTPConversation {
    /// Counts the request now, and never its time.
    private mutating func beginStream(_ kind: HTTPStreamKind, _ books: inout HTTPBooks, _ budget: inout Budget) {
        guard answerIsPaired else { return }
        let request = pop(&books, &budget)
        (streamMethod, streamPath) = (request.method, request.path)
        books.answered(request, status: status, bytes: 0, at: nil)
        answerIsPaired = false
        stream = kind
        books.counts.streams.open(kind)
    }

    /// An answer that pauses again and again for longer than anybody waits for a page is a stream.
    @inline(__always)
    private mutating func watchPauses(at stamp: UInt64, _ books: inout HTTPBooks, _ budget: inout Budget) {
        guard stamp > serverStamp, stamp - serverStamp >= HTTPLimits.streamPause, stamp > answerStamp else { return }
        pauses = Swift.min(pauses + 1, 2)
        if pauses > 1, stamp - answerStamp >= HTTPLimits.streamAge { beginStream(.other, &books, &budget) }
    }

    /// The connection speaks something else from here on.
    private mutating func upgrade(_ upgrade: AnswerHead.Upgrade, _ books: inout HTTPBooks, _ budget: inout Budget) {
        switch upgrade {
        case .webSocket: openTunnel(.webSocket, &books, &budget)
        case .other, .none: openTunnel(.other, &books, &budget)
        case .http2:
            if answerIsPaired { _ = pop(&books, &budget) }
            books.wire.countUnmeasured(.http2)
            books.ports.count(.laterVersions, at: portPlace)
            giveUp(.http2, &books, &budget)
            leave(&books)
        }
    }

    private mutating func openTunnel(_ kind: HTTPStreamKind, _ books: inout HTTPBooks, _ budget: inout Budget) {
        beginStream(kind, &books, &budget)
        giveUp(.resync, &books, &budget)
        leave(&books)
    }
}

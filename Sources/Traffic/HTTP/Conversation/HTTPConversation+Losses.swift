// What becomes of a connection when the capture has missed a part of it. Where a client speaks again after the server
// spoke last, the answer before is over: that much is certain without having read its end.

extension HTTPConversation {
    /// Learns that bytes of one side are missing.
    mutating func lost(_ count: Int, _ loss: Loss, _ arrival: Arrival, _ books: inout HTTPBooks, _ budget: inout Budget)
    {
        if hasLeft { return }
        let reason: ResyncReason = loss == .gap ? .gap : .snapLength
        switch arrival.side {
        case .client: loseRequests(count, reason, at: arrival.stamp, &books, &budget)
        case .server:
            loseAnswers(count, reason, at: arrival.stamp, &books, &budget)
            serverStamp = arrival.stamp
        }
        lastSender = arrival.side
    }

    private mutating func loseRequests(
        _ count: Int, _ reason: ResyncReason, at stamp: UInt64, _ books: inout HTTPBooks, _ budget: inout Budget
    ) {
        switch client {
        case .lost: return
        case .opening, .start: loseClient(reason, &books)
        case .head:
            // The first line is known: a request that counts, whose key may have been in what is missing.
            if requests.loseRest(&books), !headIsAnswered {
                if !push(at: stamp, isUntimed: false, &books, &budget) { return fallApart(.queueFull, &books, &budget) }
            }
            headIsAnswered = false
            loseClient(reason, &books)
        case .body:
            switch requestBody.skipLost(count) {
            case .goesOn: break
            case .ended: endBody(&books)
            case .malformed: loseClient(reason, &books)
            }
        }
    }

    private mutating func loseAnswers(
        _ count: Int, _ reason: ResyncReason, at stamp: UInt64, _ books: inout HTTPBooks, _ budget: inout Budget
    ) {
        switch server {
        case .lost: return
        case .start: loseServer(reason, &books)
        case .head:
            if answers.loseRest(&books), !answers.meaning.isInterim, !queue.isEmpty {
                status = answers.meaning.status
                answerIsPaired = true
                answerBody = BodyReader(count: 0)
            }
            loseServer(reason, &books)
        case .body:
            switch answerBody.skipLost(count) {
            case .goesOn: break
            // The last byte came with this packet, or with one that was not seen.
            case .ended: endAnswer(at: stamp, isTimed: reason == .snapLength, &books, &budget)
            case .malformed: loseServer(reason, &books)
            }
        }
    }

    /// Where the next request starts is not known. Those in flight were whole.
    mutating func loseClient(_ reason: ResyncReason, _ books: inout HTTPBooks) {
        if client == .body { settleBody(&books) }
        if isInStep { self.reason = UnmeasuredReason(reason) }
        books.wire.countResync(reason)
        client = .lost
        requests.clear(&books)
    }

    /// Where the next answer starts is not known.
    mutating func loseServer(_ reason: ResyncReason, _ books: inout HTTPBooks) {
        if isInStep { self.reason = UnmeasuredReason(reason) }
        books.wire.countResync(reason)
        server = .lost
        answers.clear(&books)
    }

    /// Too much is in flight, or nothing makes sense.
    mutating func fallApart(_ reason: UnmeasuredReason, _ books: inout HTTPBooks, _ budget: inout Budget) {
        books.wire.countUnmeasured(reason)
        giveUp(reason, &books, &budget)
        closeStream(&books)
        self.reason = reason
        client = .lost
        server = .lost
        answerIsPaired = false
        status = 0
        clear(&books)
    }

    /// Counts all that is in flight as not measured.
    mutating func giveUp(_ reason: UnmeasuredReason, _ books: inout HTTPBooks, _ budget: inout Budget) {
        while !queue.isEmpty {
            _ = pop(&books, &budget)
            books.wire.countUnmeasured(reason)
        }
    }

    /// The client sends while the connection is out of step: a new turn, if it waited for the server.
    mutating func takeTurn(_ bytes: Span<UInt8>, _ arrival: Arrival, _ books: inout HTTPBooks, _ budget: inout Budget) {
        guard lastSender != .client, arrival.isCaughtUp, client == .lost || client == .start else { return }
        if client == .lost {
            if lastSender == nil, reason == .joinedMidstream, Opening(bytes) == .encrypted {
                client = .opening
                return
            }
            guard HTTPMethod.startsRequest(bytes) else { return }
        }
        if server == .lost {
            endByTurn(&books, &budget)
        } else {
            guard queue.isEmpty, server == .start else { return }
        }
        client = .start
    }

    /// The answer in flight is over, since the client goes on; which answer it was is certain for one request only.
    private mutating func endByTurn(_ books: inout HTTPBooks, _ budget: inout Budget) {
        if stream != nil || queue.count == 1 && status != 0 && answerIsPaired {
            endAnswer(at: serverStamp, &books, &budget)
        } else {
            giveUp(reason, &books, &budget)
        }
        status = 0
        answerIsPaired = false
        server = .start
    }
}

// The end of a connection.
extension HTTPConversation {
    /// One side has said that nothing more will come, or has broken off.
    ///
    /// A client that has said so may still be answered.
    mutating func finished(_ side: Side, isReset: Bool, _ books: inout HTTPBooks, _ budget: inout Budget) {
        if hasLeft { return }
        if side == .client && !isReset { return clientHasFinished = true }
        let isRead = server != .lost
        if answerIsPaired || stream != nil {
            let isWhole = isRead ? answerBody.endsWithConnection : queue.count == 1
            endAnswer(at: serverStamp, isTimed: isWhole && !isReset, &books, &budget)
        }
        while !queue.isEmpty {
            let request = pop(&books, &budget)
            if isRead {
                books.unanswered(request, hasClientLeft: side == .client || clientHasFinished)
            } else {
                books.wire.countUnmeasured(reason)
            }
        }
        server = .lost
        client = .lost
        clear(&books)
    }

    /// Gives up what is still open.
    mutating func ended(_ ending: Ending, _ books: inout HTTPBooks, _ budget: inout Budget) {
        giveUp(ending == .closed ? .closed : .evicted, &books, &budget)
        closeStream(&books)
        clear(&books)
    }

    private mutating func closeStream(_ books: inout HTTPBooks) {
        if let kind = stream { books.counts.streams.close(kind) }
        stream = nil
    }
}

// What becomes of a session when the capture has missed a part of it. Rows may be missing as long as their lengths are
// known. Otherwise the next certain place is where the server ends a packet with ReadyForQuery: the client, which waits
// for that, begins with a new message then.

extension PostgresConversation {
    mutating func lost(_ count: Int, _ loss: Loss, _ arrival: Arrival, _ books: inout PostgresBooks) {
        lastStamp = arrival.stamp
        let reason: ResyncReason = loss == .gap ? .gap : .snapLength
        switch (phase, arrival.side) {
        case (.left, _): break
        case (.start, _), (.encryption, _): leave(reason, &books)
        case (.login, .client), (.session, .client): loseRequests(count, reason, arrival, &books)
        case (.login, .server), (.session, .server): loseAnswers(count, reason, arrival, &books)
        }
    }

    private mutating func loseRequests(
        _ count: Int, _ reason: ResyncReason, _ arrival: Arrival, _ books: inout PostgresBooks
    ) {
        if phase == .session { beginRound(arrival, &books) }
        if state.contains(.isClientLost) { return }
        switch client.skipLost(count) {
        case .within: break
        case .beyond: loseClient(reason, &books)
        case .ended:
            let nothing: [UInt8] = []
            if phase == .session { takeRequests(nothing.span, at: arrival.stamp, &books) }
        }
    }

    private mutating func loseAnswers(
        _ count: Int, _ reason: ResyncReason, _ arrival: Arrival, _ books: inout PostgresBooks
    ) {
        lastAnswer = arrival.stamp
        state.remove(.isReady)
        state.insert(.isAnswered)
        if state.contains(.isServerLost) { return }
        switch server.skipLost(count) {
        case .within: break
        case .beyond: loseServer(reason, &books)
        case .ended:
            let nothing: [UInt8] = []
            takeAnswers(nothing.span, at: arrival.stamp, &books)
        }
    }

    /// The client's bytes are missing or make no sense. What it sent before is still answered in order.
    mutating func loseClient(_ reason: ResyncReason, _ books: inout PostgresBooks) {
        books.wire.countResync(reason)
        self.reason = UnmeasuredReason(reason)
        state.insert(.isClientLost)
        state.remove([.isSkipping, .isCopying, .isPreparing])
        heldBack = 0
        if phase == .login { phase = .session }
    }

    mutating func loseServer(_ reason: ResyncReason, _ books: inout PostgresBooks) {
        books.wire.countResync(reason)
        self.reason = UnmeasuredReason(reason)
        state.insert(.isServerLost)
        if phase == .login { phase = .session }
    }

    /// Queries and answers do not fit together.
    mutating func loseBoth(_ reason: ResyncReason, _ books: inout PostgresBooks) {
        loseClient(reason, &books)
        state.insert(.isServerLost)
        giveUp(self.reason, &books)
        transaction.forget()
    }
}

// In sync again.
extension PostgresConversation {
    /// A packet of the client comes.
    @inline(__always)
    mutating func beginRound(_ arrival: Arrival, _ books: inout PostgresBooks) {
        if !state.isDisjoint(with: [.isClientLost, .isServerLost]) { findSync(arrival, &books) }
        state.remove([.isAnswered, .isReady])
        transaction.goesOn(at: arrival.stamp, &books.counts)
    }

    /// The client has received all that the server has sent: is that the whole of the answers?
    private mutating func findSync(_ arrival: Arrival, _ books: inout PostgresBooks) {
        guard arrival.isCaughtUp else { return }
        if state.contains(.isReady) {
            giveUp(reason, &books)
            resetClient(&books)
            state = []
        } else if state.contains(.isServerLost), !state.contains(.isClientLost), state.contains(.isAnswered) {
            endCutTail(&books)
        }
    }

    /// The end of an answer was not captured, and its client goes on. Where one statement was under way, it has ended
    /// before, with an unknown outcome.
    private mutating func endCutTail(_ books: inout PostgresBooks) {
        if reason == .snapLength, queue.count == 2, queue.first.isStatement {
            let unit = pop(&books)
            books.wire.countUnmeasured(.tailCut)
            books.ended(
                unit, as: unit.type, isError: false, from: Swift.max(unit.stamp, lastEnd), at: lastAnswer, by: session)
            lastEnd = lastAnswer
        }
        let isPipeline = queue.count > 2
        giveUp(reason, &books)
        if isPipeline {
            state.insert(.isClientLost)
            return
        }
        resetServer(&books)
        state.remove(.isServerLost)
    }

    /// Looks for a ReadyForQuery at the end of a packet of the server.
    mutating func findReady(_ bytes: Span<UInt8>, at stamp: UInt64, _ books: inout PostgresBooks) {
        guard let status = AnswerTail.status(bytes) else { return }
        resetServer(&books)
        state.remove(.isServerLost)
        if !state.contains(.isClientLost), queue.count == 2, queue.first.isStatement {
            switch AnswerTail.ending(bytes) {
            case .complete(let tag)?: complete(tag, at: stamp, &books)
            case .error(let error)?: fail(error, at: stamp, &books)
            case nil: break
            }
        } else if state.contains(.isClientLost), queue.isEmpty, AnswerTail.ending(bytes) != nil {
            books.wire.countUnmeasured(reason)
        }
        if queue.count > 1 {
            let isPipeline = queue.count > 2
            giveUp(reason, &books)
            if isPipeline { state.insert(.isClientLost) }
        }
        while !queue.isEmpty { _ = pop(&books) }
        state.insert(.isReady)
        transaction.ready(isInTransaction: status != UInt8(ascii: "I"), at: stamp, &books.counts)
    }
}

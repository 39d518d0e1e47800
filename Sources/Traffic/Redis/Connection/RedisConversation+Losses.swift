// What becomes of a connection when the capture has missed a part of it. What was sent whole before a loss is answered
// before everything that comes after it, so it is measured. What follows is not, until the connection is in sync again.

extension RedisConversation {
    mutating func lost(
        _ count: Int, _ loss: Loss, _ arrival: Arrival, _ books: inout RedisBooks, _ budget: inout Budget
    ) {
        if sync.hasLeft { return }
        let reason: ResyncReason = loss == .gap ? .gap : .snapLength
        switch arrival.side {
        case .client: loseRequests(count, reason, arrival, &books, &budget)
        case .server: loseReplies(count, reason, arrival, &books, &budget)
        }
        sync.pass(arrival.side, at: arrival.stamp)
    }

    /// The client's bytes make no sense; its earlier commands do.
    mutating func loseClient(
        _ reason: ResyncReason, at stamp: UInt64, _ books: inout RedisBooks, _ budget: inout Budget
    ) {
        loseClient(reason, missing: 0, at: stamp, &books, &budget)
        sync.loseReplies()  // no bound is known for what Redis makes of it
    }

    /// Gives up pairing until the connection is in sync again.
    mutating func loseSync(_ reason: ResyncReason, _ books: inout RedisBooks, _ budget: inout Budget) {
        guard sync.isPairing else { return sync.loseReplies() }
        books.wire.countResync(reason)
        sync.loseSync(reason)
        tail = .none
        queue.giveUp(sync.reason, &books, &budget)
        held.giveUp(sync.reason, &books, &budget)
        transaction.clear(&budget)
        session.forgetUncertain()
    }

    /// Ends pairing once nothing certain is in flight any more.
    mutating func endIfIdle(_ books: inout RedisBooks, _ budget: inout Budget) {
        guard sync.isDraining, queue.isEmpty else { return }
        sync.hasEnded(open: queue.repliesToPass)
        queue.giveUp(sync.reason, &books, &budget)
        transaction.clear(&budget)
        session.forgetUncertain()
    }

    private mutating func loseRequests(
        _ count: Int, _ reason: ResyncReason, _ arrival: Arrival, _ books: inout RedisBooks, _ budget: inout Budget
    ) {
        // A command that ended in a gap has no known time.
        if !isClientLost && requests.skipLost(count, mayEnd: reason == .snapLength) {
            let nothing: [UInt8] = []
            return takeRequests(nothing.span, at: arrival.stamp, &books, &budget)
        }
        if reason == .snapLength { books.wire.blindCuts &+= 1 }
        if isClientLost { return sync.sendUnread(count) }
        // The command at hand, of which there may be only a part, was seen at least.
        let begun = requests.isAtStart ? 0 : requests.size
        if begun > 0 { books.wire.countUnmeasured(UnmeasuredReason(reason)) }
        loseClient(reason, missing: begun + count, at: arrival.stamp, &books, &budget)
    }

    private mutating func loseClient(
        _ reason: ResyncReason, missing bytes: Int, at stamp: UInt64, _ books: inout RedisBooks, _ budget: inout Budget
    ) {
        isClientLost = true
        guard sync.isInSync else { return sync.sendUnread(bytes) }
        if sync.isOnProbation { return loseSync(reason, &books, &budget) }
        books.wire.countResync(reason)
        let isOnePacket = reason == .snapLength && queue.first?.stamp ?? stamp == stamp
        sync.end(reason, missing: bytes, isOnePacket: isOnePacket)
        endIfIdle(&books, &budget)
    }

    private mutating func loseReplies(
        _ count: Int, _ reason: ResyncReason, _ arrival: Arrival, _ books: inout RedisBooks, _ budget: inout Budget
    ) {
        guard sync.readsReplies else {
            if tail != .none { books.replyGoesOn(tail, count) }
            return
        }
        if replies.skipLost(count) {
            let nothing: [UInt8] = []
            takeReplies(nothing.span, at: arrival.stamp, &books, &budget)
        } else {
            if reason == .snapLength && queue.count > 1 { books.wire.blindCuts &+= 1 }
            loseReply(reason, count, &books, &budget)
        }
    }
}

// What becomes of a connection when the capture has missed a part of it. What was sent whole before a loss is answered
// before everything that comes after it, so it is measured; what follows is not, until the connection is in step again.

extension RedisConversation {
    mutating func lost(_ count: Int, _ loss: Loss, _ arrival: Arrival, _ ledger: inout Ledger) {
        if lockstep.hasLeft { return }
        let reason: ResyncReason = loss == .gap ? .gap : .snapLength
        switch arrival.side {
        case .client: loseRequests(count, reason, arrival, &ledger)
        case .server: loseReplies(count, reason, arrival, &ledger)
        }
        lockstep.pass(arrival.side, at: arrival.stamp)
    }

    /// The client's bytes make no sense; its earlier commands do.
    mutating func loseClient(_ reason: ResyncReason, at stamp: UInt64, _ ledger: inout Ledger) {
        loseClient(reason, missing: 0, at: stamp, &ledger)
        lockstep.loseReplies()  // no bound is known for what Redis makes of it
    }

    /// Gives up pairing until the connection is in step again.
    mutating func fallApart(_ reason: ResyncReason, _ ledger: inout Ledger) {
        guard lockstep.isPairing else { return lockstep.loseReplies() }
        ledger.resync(reason)
        lockstep.fallApart(reason)
        tail = .none
        queue.giveUp(lockstep.reason, &ledger)
        held.giveUp(lockstep.reason, &ledger)
        transaction.clear(&ledger)
        session.blur()
    }

    /// Ends pairing once nothing certain is in flight any more.
    mutating func endIfIdle(_ ledger: inout Ledger) {
        guard lockstep.isEnding, queue.isEmpty else { return }
        lockstep.hasEnded(open: queue.repliesToPass)
        queue.giveUp(lockstep.reason, &ledger)
        transaction.clear(&ledger)
        session.blur()
    }

    private mutating func loseRequests(
        _ count: Int, _ reason: ResyncReason, _ arrival: Arrival, _ ledger: inout Ledger
    ) {
        if isClientLost { return lockstep.sendUnread(count) }
        // A command that ended in a gap has no known time.
        if requests.skipLost(count, mayEnd: reason == .snapLength) {
            let nothing: [UInt8] = []
            return takeRequests(nothing.span, at: arrival.stamp, &ledger)
        }
        // The command at hand, of which there may be only a part, was seen at least.
        let begun = requests.isAtStart ? 0 : requests.size
        if begun > 0 { ledger.unmeasured(UnmeasuredReason(reason)) }
        loseClient(reason, missing: begun + count, at: arrival.stamp, &ledger)
    }

    private mutating func loseClient(
        _ reason: ResyncReason, missing bytes: Int, at stamp: UInt64, _ ledger: inout Ledger
    ) {
        isClientLost = true
        guard lockstep.isInStep else { return lockstep.sendUnread(bytes) }
        if lockstep.isOnProbation { return fallApart(reason, &ledger) }
        ledger.resync(reason)
        let isOnePacket = reason == .snapLength && queue.first?.stamp ?? stamp == stamp
        lockstep.end(reason, missing: bytes, isOnePacket: isOnePacket)
        endIfIdle(&ledger)
    }

    private mutating func loseReplies(
        _ count: Int, _ reason: ResyncReason, _ arrival: Arrival, _ ledger: inout Ledger
    ) {
        guard lockstep.readsReplies else {
            if tail != .none { ledger.replyGoesOn(tail, count) }
            return
        }
        if replies.skipLost(count) {
            let nothing: [UInt8] = []
            takeReplies(nothing.span, at: arrival.stamp, &ledger)
        } else {
            loseReply(reason, count, &ledger)
        }
    }
}

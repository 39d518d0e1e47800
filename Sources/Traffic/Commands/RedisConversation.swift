// One connection to Redis, followed command by command: what the client sends waits in a queue until the server's reply
// to it has come.

/// Pairs a connection's commands with their replies.
struct RedisConversation: Conversation, Sendable {
    var lockstep = Lockstep()
    var queue = CommandQueue()
    var transaction = TransactionQueue()
    var session = RedisSession()
    var requests = RequestParser()
    var reader = CommandReader()
    var replies = ReplyParser()
    /// When the reply at hand began.
    var replyStamp: UInt64 = 0
    /// Whether nobody knows where the client's next command starts.
    private var isClientLost = true
    var hasPaired = false
    /// Whose reply goes on, past what could be read of it.
    var tail = GroupHandle.none

    /// Whether commands are counted for the user `unknown`.
    var isUserUnknown: Bool { session.user == UserRows.unknown && !lockstep.hasLeft }

    mutating func learn(user: UserID) {
        session.learn(user: user)
    }

    mutating func opened() {
        lockstep.open()
        isClientLost = false
        session = .fresh
    }

    mutating func receive(_ bytes: Span<UInt8>, _ arrival: Arrival, _ ledger: inout Ledger) {
        if lockstep.hasLeft { return }
        switch arrival.side {
        case .client:
            if requests.isAtStart || isClientLost { beginRound(bytes, arrival) }
            if !isClientLost { takeRequests(bytes, at: arrival.stamp, &ledger) }
        case .server:
            if lockstep.isInStep {
                takeReplies(bytes, at: arrival.stamp, &ledger)
            } else if tail != .none {
                ledger.replyGoesOn(tail, bytes.count)
            }
        }
        lockstep.pass(arrival)
    }

    mutating func lost(_ count: Int, _ loss: Loss, _ arrival: Arrival, _ ledger: inout Ledger) {
        if lockstep.hasLeft { return }
        let nothing: [UInt8] = []
        let reason: ResyncReason = loss == .gap ? .gap : .snapLength
        switch arrival.side {
        case .client:
            if isClientLost { return }
            // A command that ended in a gap has no known time.
            if requests.skipLost(count, mayEnd: loss == .snapLength) {
                takeRequests(nothing.span, at: arrival.stamp, &ledger)
            } else {
                countPartOfCommand(reason, &ledger)
                loseClient(reason, &ledger)
            }
        case .server:
            guard lockstep.isInStep else {
                if tail != .none { ledger.replyGoesOn(tail, count) }
                return
            }
            if replies.skipLost(count) {
                takeReplies(nothing.span, at: arrival.stamp, &ledger)
            } else {
                loseReply(reason, count, &ledger)
            }
        }
    }

    mutating func ended(_ ending: Ending, _ ledger: inout Ledger) {
        queue.giveUp(ending == .closed ? .closed : .evicted, &ledger)
        transaction.clear(&ledger)
    }

    /// Looks at the first bytes of a client's packet.
    private mutating func beginRound(_ bytes: Span<UInt8>, _ arrival: Arrival) {
        if isClientLost {
            guard RequestParser.looksLikeRequest(bytes) else { return }
            isClientLost = false
            requests.reset()
            reader.begin()
        }
        if lockstep.beginRound(arrival, isIdle: queue.isIdle) {
            replies.reset()
            tail = .none
        }
    }

    mutating func loseClient(_ reason: ResyncReason, _ ledger: inout Ledger) {
        isClientLost = true
        if lockstep.isInStep { fallApart(reason, &ledger) }
    }

    /// The command at hand, of which there may be only a part, was seen at least.
    private mutating func countPartOfCommand(_ reason: ResyncReason, _ ledger: inout Ledger) {
        if !requests.isAtStart { ledger.unmeasured(UnmeasuredReason(reason)) }
    }

    /// Gives up pairing until the connection is in step again.
    mutating func fallApart(_ reason: ResyncReason, _ ledger: inout Ledger) {
        ledger.resync(reason)
        lockstep.fallApart(reason)
        tail = .none
        queue.giveUp(lockstep.reason, &ledger)
        transaction.clear(&ledger)
        session.blur()
    }

    mutating func leave(_ ledger: inout Ledger) {
        queue.giveUp(.replication, &ledger)
        transaction.clear(&ledger)
        lockstep.leave()
    }
}

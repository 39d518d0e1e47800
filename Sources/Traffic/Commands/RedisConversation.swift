// One connection to Redis, followed command by command: what the client sends waits in a queue until the server's reply
// to it has come.

/// Pairs a connection's commands with their replies.
struct RedisConversation: Conversation, Sendable {
    var lockstep = Lockstep()
    var queue = CommandQueue()
    var transaction = TransactionQueue()
    var held = HeldPairs()
    var session = RedisSession()
    var requests = RequestParser()
    var reader = CommandReader()
    var replies = ReplyParser()
    /// When the reply at hand began.
    var replyStamp: UInt64 = 0
    /// Whether nobody knows where the client's next command starts.
    var isClientLost = true
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
            lockstep.beginPacket(arrival, isIdle: queue.isIdle)
            if requests.isAtStart || isClientLost { beginRound(bytes, arrival, &ledger) }
            if isClientLost {
                lockstep.sendUnread(bytes.count)
            } else {
                takeRequests(bytes, at: arrival.stamp, &ledger)
            }
        case .server:
            if lockstep.readsReplies {
                takeReplies(bytes, at: arrival.stamp, &ledger)
            } else if tail != .none {
                ledger.replyGoesOn(tail, bytes.count)
            }
        }
        lockstep.pass(arrival.side, at: arrival.stamp)
    }

    mutating func rested(until stamp: UInt64?, _ ledger: inout Ledger) {
        if lockstep.rest(at: stamp, isIdle: queue.isIdle && replies.isAtStart) { held.count(&ledger) }
    }

    mutating func ended(_ ending: Ending, _ ledger: inout Ledger) {
        if ending == .closed { rested(until: nil, &ledger) }
        queue.giveUp(ending == .closed ? .closed : .evicted, &ledger)
        transaction.clear(&ledger)
        held.giveUp(lockstep.reason, &ledger)
    }

    /// Looks at the first bytes of a client's packet.
    private mutating func beginRound(_ bytes: Span<UInt8>, _ arrival: Arrival, _ ledger: inout Ledger) {
        if isClientLost {
            guard RequestParser.looksLikeRequest(bytes) else { return }
            isClientLost = false
            requests.reset()
            reader.begin()
        }
        switch lockstep.beginRound(arrival, isIdle: queue.isIdle, isWithinReply: !replies.isAtStart) {
        case .nothing: break
        case .isProven: held.count(&ledger)
        case .isInStep:
            replies.reset()
            tail = .none
            if !lockstep.isOnProbation { held.count(&ledger) }
        }
    }

    mutating func leave(_ ledger: inout Ledger) {
        queue.giveUp(.replication, &ledger)
        held.giveUp(.replication, &ledger)
        transaction.clear(&ledger)
        lockstep.leave()
    }
}

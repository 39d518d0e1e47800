// One connection to Redis, followed command by command: what the client sends waits in a queue until the server's reply
// to it has come.

/// Pairs a connection's commands with their replies.
struct RedisConversation: Sendable {
    var sync = SyncState()
    var queue = CommandQueue()
    var transaction = TransactionQueue()
    var held = HeldPairs()
    var session = RedisSession()
    var requests = RequestParser()
    var reader = CommandReader()
    var replies = ReplyParser()
    /// When the reply at hand began.
    var replyStamp: UInt64 = 0
    /// Whether it is unknown where the client's next command starts.
    var isClientLost = true
    var hasPaired = false
    /// Whether a packet of the client was seen.
    private var hasClientSpoken = false
    /// Whose reply goes on, past what could be read of it.
    var tail = GroupHandle.none

    /// Whether commands are counted for the user `unknown`.
    var isUserUnknown: Bool { session.user == RedisUsers.unknown && !sync.hasLeft }

    mutating func learn(user: UserID) {
        session.learn(user: user)
    }

    mutating func opened() {
        sync.open()
        isClientLost = false
        session = .fresh
    }

    @inline(__always)
    mutating func receive(_ bytes: Span<UInt8>, _ arrival: Arrival, _ books: inout RedisBooks, _ budget: inout Budget) {
        if sync.hasLeft { return }
        switch arrival.side {
        case .client:
            if !hasClientSpoken {
                hasClientSpoken = true
                if TLSRecord.begins(bytes) { return leaveEncrypted(&books, &budget) }
            }
            sync.beginPacket(arrival, isIdle: queue.isIdle)
            if isClientLost || requests.isAtStart && !sync.isSettled { beginRound(bytes, arrival, &books, &budget) }
            if isClientLost {
                sync.sendUnread(bytes.count)
            } else {
                takeRequests(bytes, at: arrival.stamp, &books, &budget)
            }
        case .server:
            if sync.readsReplies {
                takeReplies(bytes, at: arrival.stamp, &books, &budget)
            } else if tail != .none {
                books.replyGoesOn(tail, bytes.count)
            }
        }
        sync.pass(arrival.side, at: arrival.stamp)
    }

    mutating func rested(until stamp: UInt64?, _ books: inout RedisBooks, _ budget: inout Budget) {
        if sync.rest(at: stamp, isIdle: queue.isIdle && replies.isAtStart) { held.count(&books, &budget) }
    }

    mutating func ended(_ ending: Ending, _ books: inout RedisBooks, _ budget: inout Budget) {
        if ending == .closed { rested(until: nil, &books, &budget) }
        queue.giveUp(ending == .closed ? .closed : .evicted, &books, &budget)
        transaction.clear(&budget)
        held.giveUp(sync.reason, &books, &budget)
    }

    /// Looks at the first bytes of a client's packet.
    private mutating func beginRound(
        _ bytes: Span<UInt8>, _ arrival: Arrival, _ books: inout RedisBooks, _ budget: inout Budget
    ) {
        if isClientLost {
            guard RequestParser.looksLikeRequest(bytes) else { return }
            isClientLost = false
            requests.reset()
            reader.begin()
        }
        switch sync.beginRound(arrival, isIdle: queue.isIdle, isWithinReply: !replies.isAtStart) {
        case .nothing: break
        case .isProven: held.count(&books, &budget)
        case .isInSync:
            replies.reset()
            tail = .none
            if !sync.isOnProbation { held.count(&books, &budget) }
        }
    }

    private mutating func leaveEncrypted(_ books: inout RedisBooks, _ budget: inout Budget) {
        books.wire.encryptedConnections &+= 1
        leave(&books, &budget)
    }

    mutating func leave(_ books: inout RedisBooks, _ budget: inout Budget) {
        queue.giveUp(.replication, &books, &budget)
        held.giveUp(.replication, &books, &budget)
        transaction.clear(&budget)
        sync.leave()
    }
}

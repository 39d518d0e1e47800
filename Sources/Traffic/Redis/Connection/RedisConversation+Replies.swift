// The server's side of a connection: replies, each to the oldest command in flight, and what comes unasked.

extension RedisConversation {
    /// Takes the next bytes of the server.
    @inline(__always)
    mutating func takeReplies(_ bytes: Span<UInt8>, at stamp: UInt64, _ books: inout RedisBooks, _ budget: inout Budget)
    {
        var position = 0
        while true {
            if replies.isAtStart {
                if position == bytes.count { return }
                replyStamp = stamp
                if let reply = ReplyFacts(wholeIn: bytes, at: &position) {
                    if receive(reply, &books, &budget) { continue } else { return }
                }
                replies.opensArray = !transaction.isEmpty && queue.first?.role == .exec
            }
            switch replies.next(bytes, &position) {
            case .starved: return
            case .nestedError:
                if queue.first?.role == .exec { books.counts.users.countError(session.user, replies.nestedWord) }
            case .opened: beginResults(&books, &budget)
            case .element: takeResult(replies.reply, &books, &budget)
            case .reply: if !receive(replies.reply, &books, &budget) { return }
            case .impossible(let reason): return loseSync(reason, &books, &budget)
            }
        }
    }

    /// Takes a reply.
    ///
    /// - Returns: whether there is any use in reading the next one.
    private mutating func receive(_ reply: ReplyFacts, _ books: inout RedisBooks, _ budget: inout Budget) -> Bool {
        pair(reply, &books, &budget)
        if sync.isInSync { return true }
        endIfIdle(&books, &budget)
        return sync.readsReplies
    }

    @inline(__always)
    private mutating func pair(_ reply: ReplyFacts, _ books: inout RedisBooks, _ budget: inout Budget) {
        guard sync.isPairing else { return receiveOutOfSync(reply) }
        if reply.isPush || reply.isArray && !reply.word.isEmpty && mayBePush {
            if receivePush(reply, &books, &budget) { return }
        }
        if let front = queue.first, front.marks.contains(.isCounted) { _ = queue.takeFirst(&books, &budget) }
        while let front = queue.first, front.role != .ordinary, !front.role.mayBeAnswered(by: reply) {
            _ = queue.takeFirst(&books, &budget)
            session.refuseClaim()
            books.wire.countUnmeasured(.noReply)
        }
        guard let command = queue.takeFirst(&books, &budget) else { return receiveUnexpected(reply, &books, &budget) }
        let isQueued = session.isQueued(reply)
        measure(command, reply, isQueued: isQueued, &books, &budget)
        if command.role != .ordinary || isQueued { conclude(command.role, reply, isQueued: isQueued, &books, &budget) }
    }

    @inline(__always)
    private mutating func measure(
        _ command: PendingCommand, _ reply: ReplyFacts, isQueued: Bool, _ books: inout RedisBooks,
        _ budget: inout Budget
    ) {
        hasPaired = true
        if reply.isError { books.counts.users.countError(session.user, reply.word) }
        if replyStamp > command.stamp { sync.learn(wait: replyStamp &- command.stamp) }
        var command = command
        if command.hasWaited(until: replyStamp) {
            command.mark(.blocking)
            queue.haveWaited()
        }
        if sync.isOnProbation {
            let pair = HeldPair(
                command: command, reply: reply, isQueued: isQueued, stamp: replyStamp, user: session.user)
            return held.hold(pair, sync.reason, &books, &budget)
        }
        if isQueued { transaction.append(command, &budget) }
        books.answered(command, reply, isQueued: isQueued, at: replyStamp, by: session.user)
    }

    /// Counts a reply whose command is not known. Messages are none.
    private mutating func receiveOutOfSync(_ reply: ReplyFacts) {
        if reply.isPush || reply.isArray && PushKind(reply.word) != nil { return }
        sync.answerOutOfSync()
    }

    /// Lets a reply change the session.
    private mutating func conclude(
        _ role: CommandRole, _ reply: ReplyFacts, isQueued: Bool, _ books: inout RedisBooks, _ budget: inout Budget
    ) {
        session.receive(reply, to: role, isQueued: isQueued, &books.counts.users)
        let isRefused = role == .multi && reply.isError  // within a transaction, which goes on
        if role.endsTransaction && !isQueued && !isRefused { transaction.clear(&budget) }
        if role.endsMeasurement && !reply.isError && !isQueued { leave(&books, &budget) }
    }

    /// Whether an array whose first element is a word may be a message rather than a reply.
    @inline(__always)
    private var mayBePush: Bool {
        session.mayReceiveArrays || queue.first?.role.isSubscription ?? false
    }

    /// Takes a push, or an array that may be one.
    ///
    /// - Returns: false for an array that is a reply after all.
    private mutating func receivePush(_ reply: ReplyFacts, _ books: inout RedisBooks, _ budget: inout Budget) -> Bool {
        let front = queue.first
        switch PushKind(reply.word) {
        case nil: return reply.isPush
        case .message?:
            return reply.isPush || session.isSubscribed || front?.role.isAllowedWhileSubscribed ?? true
        case .confirmation(let role)?:
            guard reply.isPush || front?.role == role || session.isSubscribed else { return false }
            session.confirm(role, total: reply.integer)
            if let front, front.role == role { receiveConfirmation(of: front, reply, &books, &budget) }
            return true
        }
    }

    /// The end of the reply at hand cannot be found. Its beginning, which is what a latency needs, was seen; when
    /// nothing else is in flight, pairing goes on with the next command.
    mutating func loseReply(_ reason: ResyncReason, _ count: Int, _ books: inout RedisBooks, _ budget: inout Budget) {
        guard sync.isPairing, let begun = replies.begun, !begun.isPush, !(begun.isArray && mayBePush),
            let front = queue.first, !front.marks.contains(.isCounted), front.role.mayBeAnswered(by: begun),
            let command = queue.takeFirst(&books, &budget)
        else { return loseSync(reason, &books, &budget) }
        if replies.elementsToCome > 0 { missResults(&books, &budget) }
        measure(command, begun, isQueued: false, &books, &budget)
        if command.role != .ordinary { conclude(command.role, begun, isQueued: false, &books, &budget) }
        if sync.hasLeft { return }
        guard queue.isIdle else { return loseSync(reason, &books, &budget) }
        sync.passOver(reason)
        tail = command.group
        if tail != .none { books.replyGoesOn(tail, count) }
    }

    /// The first confirmation is the reply; the others have to come before the next one.
    private mutating func receiveConfirmation(
        of command: PendingCommand, _ reply: ReplyFacts, _ books: inout RedisBooks, _ budget: inout Budget
    ) {
        if !command.marks.contains(.isCounted) { measure(command, reply, isQueued: false, &books, &budget) }
        if command.items == 1 || command.items == 0 && session.isUnsubscribed(command.role) {
            _ = queue.takeFirst(&books, &budget)
        } else {
            queue.expectMoreConfirmations()
        }
    }

    /// A reply to no command means that pairing is wrong, or soon would be.
    private mutating func receiveUnexpected(_ reply: ReplyFacts, _ books: inout RedisBooks, _ budget: inout Budget) {
        if sync.isDraining { return sync.answerOutOfSync() }
        if queue.passReply() { return }
        if reply.isError && !hasPaired { return }  // refused at once: -ERR max number of clients, -DENIED
        loseSync(.unexpectedReply, &books, &budget)
    }
}

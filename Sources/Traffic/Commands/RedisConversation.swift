// One connection to Redis, followed command by command: what the client sends waits in a queue until the server's reply
// to it has come.

/// Pairs a connection's commands with their replies.
struct RedisConversation: Conversation, Sendable {
    private var lockstep = Lockstep()
    private var queue = CommandQueue()
    private var session = RedisSession()
    private var requests = RequestParser()
    private var reader = CommandReader()
    private var replies = ReplyParser()
    /// When the reply at hand began.
    private var replyStamp: UInt64 = 0
    /// Whether nobody knows where the client's next command starts.
    private var isClientLost = true
    private var hasPaired = false

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
            if lockstep.isInStep { takeReplies(bytes, at: arrival.stamp, &ledger) }
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
            guard lockstep.isInStep else { return }
            if replies.skipLost(count) {
                takeReplies(nothing.span, at: arrival.stamp, &ledger)
            } else {
                fallApart(reason, &ledger)
            }
        }
    }

    mutating func ended(_ ending: Ending, _ ledger: inout Ledger) {
        queue.giveUp(ending == .closed ? .closed : .evicted, &ledger)
    }

    /// Looks at the first bytes of a client's packet.
    private mutating func beginRound(_ bytes: Span<UInt8>, _ arrival: Arrival) {
        if isClientLost {
            guard RequestParser.looksLikeRequest(bytes) else { return }
            isClientLost = false
            requests.reset()
            reader.begin()
        }
        if lockstep.beginRound(arrival, isIdle: queue.isIdle) { replies.reset() }
    }

    private mutating func loseClient(_ reason: ResyncReason, _ ledger: inout Ledger) {
        isClientLost = true
        if lockstep.isInStep { fallApart(reason, &ledger) }
    }

    /// The command at hand, of which there may be only a part, was seen at least.
    private mutating func countPartOfCommand(_ reason: ResyncReason, _ ledger: inout Ledger) {
        if !requests.isAtStart { ledger.unmeasured(UnmeasuredReason(reason)) }
    }

    /// Gives up pairing until the connection is in step again.
    private mutating func fallApart(_ reason: ResyncReason, _ ledger: inout Ledger) {
        ledger.resync(reason)
        lockstep.fallApart(reason)
        queue.giveUp(lockstep.reason, &ledger)
        session.blur()
    }

    private mutating func leave(_ ledger: inout Ledger) {
        queue.giveUp(.replication, &ledger)
        lockstep.leave()
    }
}

// Requests.
extension RedisConversation {
    @inline(__always)
    private mutating func takeRequests(_ bytes: Span<UInt8>, at stamp: UInt64, _ ledger: inout Ledger) {
        var position = 0
        while true {
            if requests.isAtStart {
                takePlainCommands(bytes, &position, at: stamp, &ledger)
                if position == bytes.count { return }
            }
            switch requests.next(bytes, &position) {
            case .starved: return
            case .argument(let range): take(bytes.extracting(range), &ledger)
            case .keptArgument:
                let kept = requests.kept
                take(kept.span, &ledger)
            case .command:
                takeParsedCommand(at: stamp, &ledger)
                if lockstep.hasLeft { return }
            case .impossible(let reason): return loseClient(reason, &ledger)
            }
        }
    }

    @inline(__always)
    private mutating func takePlainCommands(
        _ bytes: Span<UInt8>, _ position: inout Int, at stamp: UInt64, _ ledger: inout Ledger
    ) {
        while let plain = PlainCommand(bytes, at: position, ledger.commands) {
            var group = GroupHandle.none
            if let key = plain.key { group = ledger.group(of: bytes.extracting(key), length: key.count) }
            let command = SentCommand(
                command: plain.command, facts: plain.facts, group: group, arguments: plain.argumentCount,
                size: plain.end &- position, isBlocking: false)
            send(command, at: stamp, &ledger)
            position = plain.end
        }
    }

    /// Shows an argument to the reader, which says what it wants to see next.
    private mutating func take(_ argument: Span<UInt8>, _ ledger: inout Ledger) {
        requests.wanted = reader.take(
            argument, length: requests.length, index: requests.index, count: requests.argumentCount, &ledger)
    }

    /// Takes note of a command that came through the parser, and of what it asks of the connection.
    private mutating func takeParsedCommand(at stamp: UInt64, _ ledger: inout Ledger) {
        defer { reader.begin() }
        if reader.facts.role == .sync || reader.isReplicaAcknowledgment {
            ledger.unmeasured(.replication)
            return leave(&ledger)
        }
        session.send(reader, arguments: requests.argumentCount)
        let command = SentCommand(
            command: reader.command, facts: reader.facts, group: reader.group, arguments: requests.argumentCount,
            size: requests.size, isBlocking: reader.isBlocking && !session.isQueueing)
        send(command, at: stamp, &ledger)
    }

    /// Takes note of a complete command.
    @inline(__always)
    private mutating func send(_ command: SentCommand, at stamp: UInt64, _ ledger: inout Ledger) {
        let isAnswered = session.takeTurn()
        guard lockstep.isInStep else {
            lockstep.sendApart()
            return sendUnanswered(command.facts.role, lockstep.reason, &ledger)
        }
        guard isAnswered else { return sendUnanswered(command.facts.role, .noReply, &ledger) }
        var marks: PendingCommand.Marks = []
        if command.isBlocking { marks.insert(.blocking) }
        if command.readsOneKey { marks.insert(.readsOneKey) }
        if lockstep.isOnProbation { marks.insert(.onProbation) }
        if !queue.send(command, marks, at: stamp, &ledger) {
            sendUnanswered(command.facts.role, .queueFull, &ledger)
        }
    }

    /// Counts a command whose reply nobody will look at.
    private mutating func sendUnanswered(_ role: CommandRole, _ reason: UnmeasuredReason, _ ledger: inout Ledger) {
        session.sendUnanswered(role)
        ledger.unmeasured(reason)
        if role.endsMeasurement { leave(&ledger) }
    }
}

// Replies.
extension RedisConversation {
    @inline(__always)
    private mutating func takeReplies(_ bytes: Span<UInt8>, at stamp: UInt64, _ ledger: inout Ledger) {
        var position = 0
        while true {
            if replies.isAtStart {
                if position == bytes.count { return }
                replyStamp = stamp
            }
            switch replies.next(bytes, &position) {
            case .starved: return
            case .nestedError:
                if queue.first?.role == .exec { ledger.counts.users.countError(session.user, replies.nestedWord) }
            case .reply:
                receive(replies.reply, &ledger)
                if !lockstep.isInStep { return }
            case .impossible(let reason): return fallApart(reason, &ledger)
            }
        }
    }

    @inline(__always)
    private mutating func receive(_ reply: Reply, _ ledger: inout Ledger) {
        if reply.isPush || reply.isArray && !reply.word.isEmpty && mayBePush {
            if receivePush(reply, &ledger) { return }
        }
        if let front = queue.first, front.marks.contains(.isCounted) { _ = queue.takeFirst(&ledger) }
        while let front = queue.first, front.role != .ordinary, !front.role.mayBeAnswered(by: reply) {
            _ = queue.takeFirst(&ledger)
            session.refuseClaim()
            ledger.unmeasured(.noReply)
        }
        guard let command = queue.takeFirst(&ledger) else { return receiveUnexpected(reply, &ledger) }
        let isQueued = session.isQueued(reply)
        measure(command, reply, isQueued: isQueued, &ledger)
        if command.role != .ordinary || isQueued { conclude(command.role, reply, isQueued: isQueued, &ledger) }
    }

    @inline(__always)
    private mutating func measure(
        _ command: PendingCommand, _ reply: Reply, isQueued: Bool, _ ledger: inout Ledger
    ) {
        hasPaired = true
        if reply.isError { ledger.counts.users.countError(session.user, reply.word) }
        if command.marks.contains(.onProbation) { return ledger.unmeasured(lockstep.reason) }
        ledger.answered(command, reply, isQueued: isQueued, at: replyStamp, by: session.user)
    }

    /// Lets a reply change the session.
    private mutating func conclude(_ role: CommandRole, _ reply: Reply, isQueued: Bool, _ ledger: inout Ledger) {
        session.receive(reply, to: role, isQueued: isQueued, &ledger.counts.users)
        if role.endsMeasurement && !reply.isError && !isQueued { leave(&ledger) }
    }

    /// Whether an array whose first element is a word may be a message rather than a reply.
    @inline(__always)
    private var mayBePush: Bool {
        session.mayReceiveArrays || queue.first?.role.isSubscription ?? false
    }

    /// Takes a push, or an array that may be one.
    ///
    /// - Returns: false for an array that is a reply after all.
    private mutating func receivePush(_ reply: Reply, _ ledger: inout Ledger) -> Bool {
        let front = queue.first
        switch PushKind(reply.word) {
        case nil: return reply.isPush
        case .message?:
            return reply.isPush || session.isSubscribed || front?.role.isAllowedWhileSubscribed ?? true
        case .confirmation(let role)?:
            guard reply.isPush || front?.role == role || session.isSubscribed else { return false }
            session.confirm(role, total: reply.integer)
            if let front, front.role == role { receiveConfirmation(of: front, reply, &ledger) }
            return true
        }
    }

    /// The first confirmation is the reply; the others have to come before the next one.
    private mutating func receiveConfirmation(of command: PendingCommand, _ reply: Reply, _ ledger: inout Ledger) {
        if !command.marks.contains(.isCounted) { measure(command, reply, isQueued: false, &ledger) }
        if command.confirmations == 1 || command.confirmations == 0 && session.isUnsubscribed(command.role) {
            _ = queue.takeFirst(&ledger)
        } else {
            queue.expectMoreConfirmations()
        }
    }

    /// A reply that nobody asked for means that pairing is wrong, or soon would be.
    private mutating func receiveUnexpected(_ reply: Reply, _ ledger: inout Ledger) {
        if queue.passReply() { return }
        if reply.isError && !hasPaired { return }  // refused at once: -ERR max number of clients, -DENIED
        fallApart(.unexpectedReply, &ledger)
    }
}

// One connection to Redis, followed command by command. Redis answers in order and never numbers its answers, so all
// depends on being in step: on knowing that the next reply belongs to the oldest command in flight.

/// Pairs a connection's commands with their replies.
///
/// A connection seen from its start is in step until something is missing. One that is joined in the middle, or has lost
/// something, waits for a moment at which nothing can be in flight: its client starts a command having received all
/// that the server has sent. Clients that have been seen to send more before they had all replies have to prove it:
/// the first few such rounds are paired and not measured.
struct RedisConversation: Conversation, Sendable {
    private enum Step: Sendable {
        case inStep
        /// Replies are passed over, commands are counted as unmeasured.
        case apart
        /// A monitor's or replica's connection; nothing is looked at any more.
        case left
    }

    /// Silence after which nothing is in flight, in nanoseconds.
    private static let silence: UInt64 = 10_000_000
    /// Rounds to be proven by a client that does not wait for its replies.
    private static let roundsToProve: UInt8 = 3

    private var step = Step.apart
    /// Why the connection is, or was last, out of step.
    private var reason = UnmeasuredReason.joinedMidstream
    private var roundsLeft: UInt8 = 0
    /// Whether nobody knows where the client's next command starts.
    private var isClientLost = true
    /// Whether the client was seen to send commands while others were in flight.
    private var overlaps = false
    private var hasPaired = false
    private var lastStamp: UInt64 = 0

    private(set) var session = RedisSession()
    private var requests = RequestParser()
    private var reader = CommandReader()
    private var replies = ReplyParser()
    /// When the reply at hand began.
    private var replyStamp: UInt64 = 0
    private var inFlight = InFlightQueue<PendingCommand>()
    private var blockingInFlight = 0
    /// Replies to commands for which there was no room in the queue.
    private var repliesToPass = 0

    /// Whether commands are counted for the user `unknown`.
    var isUserUnknown: Bool { session.user == UserRows.unknown && !hasLeft }

    private var hasLeft: Bool { if case .left = step { true } else { false } }
    private var isInStep: Bool { if case .inStep = step { true } else { false } }

    mutating func learn(user: UserID) {
        session.learn(user: user)
    }

    mutating func opened() {
        step = .inStep
        isClientLost = false
        session = .fresh
    }

    mutating func receive(_ bytes: Span<UInt8>, _ arrival: Arrival, _ ledger: inout Ledger) {
        if hasLeft { return }
        switch arrival.side {
        case .client:
            if requests.isAtStart || isClientLost { beginRound(bytes, arrival) }
            if !isClientLost { takeRequests(bytes, at: arrival.stamp, &ledger) }
        case .server:
            if isInStep { takeReplies(bytes, at: arrival.stamp, &ledger) }
        }
        lastStamp = arrival.stamp
    }

    mutating func lost(_ count: Int, _ loss: Loss, _ arrival: Arrival, _ ledger: inout Ledger) {
        if hasLeft { return }
        let nothing: [UInt8] = []
        let reason: ResyncReason = loss == .gap ? .gap : .snapLength
        switch arrival.side {
        case .client:
            if isClientLost { return }
            // A command that ended in a gap has no known time.
            if requests.skipLost(count, mayEnd: loss == .snapLength) {
                takeRequests(nothing.span, at: arrival.stamp, &ledger)
            } else {
                loseClient(reason, &ledger)
            }
        case .server:
            guard isInStep else { return }
            if replies.skipLost(count) {
                takeReplies(nothing.span, at: arrival.stamp, &ledger)
            } else {
                fallApart(reason, &ledger)
            }
        }
    }

    mutating func ended(_ ending: Ending, _ ledger: inout Ledger) {
        giveUp(ending == .closed ? .closed : .evicted, &ledger)
    }
}

// Keeping in step.
extension RedisConversation {
    /// Looks at the first bytes of a client's packet: may the connection be, or be trusted to be, in step from here on?
    private mutating func beginRound(_ bytes: Span<UInt8>, _ arrival: Arrival) {
        if isClientLost {
            guard RequestParser.looksLikeRequest(bytes) else { return }
            isClientLost = false
            requests.reset()
            reader.begin()
        }
        let isIdle = inFlight.isEmpty && repliesToPass == 0
        let isQuiet = arrival.stamp > lastStamp && arrival.stamp - lastStamp >= Self.silence
        switch step {
        case .inStep:
            if !isIdle {
                overlaps = true
            } else if roundsLeft > 0 && arrival.isCaughtUp {
                roundsLeft = isQuiet ? 0 : roundsLeft - 1
            }
        case .apart where arrival.isCaughtUp:
            step = .inStep
            replies.reset()
            if isQuiet { roundsLeft = 0 }
        case .apart, .left: break
        }
    }

    private mutating func loseClient(_ reason: ResyncReason, _ ledger: inout Ledger) {
        isClientLost = true
        if isInStep { fallApart(reason, &ledger) }
    }

    /// Gives up pairing until the connection is in step again.
    private mutating func fallApart(_ reason: ResyncReason, _ ledger: inout Ledger) {
        ledger.resync(reason)
        self.reason = UnmeasuredReason(reason)
        giveUp(self.reason, &ledger)
        step = .apart
        roundsLeft = overlaps || reason == .unexpectedReply ? Self.roundsToProve : 0
        session.blur()
    }

    /// Counts all commands in flight as unmeasured.
    private mutating func giveUp(_ reason: UnmeasuredReason, _ ledger: inout Ledger) {
        while !inFlight.isEmpty {
            let command = takeFirst(&ledger)
            if command.marks.contains(.isCounted) { continue }
            ledger.unmeasured(command.role == .shutdown && reason == .closed ? .noReply : reason)
        }
        repliesToPass = 0
    }

    private mutating func leave(_ ledger: inout Ledger) {
        giveUp(.replication, &ledger)
        step = .left
    }

    private mutating func takeFirst(_ ledger: inout Ledger) -> PendingCommand {
        let command = inFlight.removeFirst()
        ledger.inFlight &-= 1
        if command.marks.contains(.blocking) { blockingInFlight &-= 1 }
        return command
    }
}

// Requests.
extension RedisConversation {
    @inline(__always)
    private mutating func takeRequests(_ bytes: Span<UInt8>, at stamp: UInt64, _ ledger: inout Ledger) {
        var position = 0
        while true {
            if requests.isAtStart {
                while let plain = PlainCommand(bytes, at: position, ledger.commands) {
                    let group = plain.key.map { ledger.group(of: bytes.extracting($0), length: $0.count) }
                    send(
                        SentCommand(
                            command: plain.command, facts: plain.facts, group: group ?? .none,
                            arguments: plain.argumentCount, size: plain.end &- position, isBlocking: false),
                        at: stamp, &ledger)
                    position = plain.end
                }
                if position == bytes.count { return }
            }
            switch requests.next(bytes, &position) {
            case .starved: return
            case .argument(let range):
                requests.wanted = reader.take(
                    bytes.extracting(range), length: requests.length, index: requests.index,
                    count: requests.argumentCount, &ledger)
            case .keptArgument:
                let kept = requests.kept
                requests.wanted = reader.take(
                    kept.span, length: requests.length, index: requests.index, count: requests.argumentCount, &ledger)
            case .command:
                takeParsedCommand(at: stamp, &ledger)
                if hasLeft { return }
            case .impossible(let reason): return loseClient(reason, &ledger)
            }
        }
    }

    /// Takes note of a command that came through the parser, and of what it asks of the connection.
    private mutating func takeParsedCommand(at stamp: UInt64, _ ledger: inout Ledger) {
        defer { reader.begin() }
        let role = reader.facts.role
        if role == .sync || reader.isReplicaAcknowledgment {
            ledger.unmeasured(.replication)
            return leave(&ledger)
        }
        session.send(reader, arguments: requests.argumentCount)
        let command = SentCommand(
            command: reader.command, facts: reader.facts, group: reader.group, arguments: requests.argumentCount,
            size: requests.size, isBlocking: reader.isBlocking)
        send(command, at: stamp, &ledger)
    }

    /// Takes note of a complete command.
    @inline(__always)
    private mutating func send(_ command: SentCommand, at stamp: UInt64, _ ledger: inout Ledger) {
        let isAnswered = session.takeTurn()
        guard isInStep else { return sendUnanswered(command.facts.role, reason, &ledger) }
        guard isAnswered else { return sendUnanswered(command.facts.role, .noReply, &ledger) }
        ledger.arrived(inFlight: inFlight.count &+ repliesToPass &+ 1)
        if repliesToPass > 0 || inFlight.count >= ledger.limits.inFlight
            || ledger.inFlight >= ledger.limits.inFlightInAll
        {
            repliesToPass += Swift.max(1, Int(command.confirmations))
            return sendUnanswered(command.facts.role, .queueFull, &ledger)
        }
        var marks: PendingCommand.Marks = []
        if command.isBlocking && !session.isQueueing {
            marks.insert(.blocking)
            blockingInFlight &+= 1
        } else if blockingInFlight > 0 {
            marks.insert(.behindBlocking)
        }
        if roundsLeft > 0 { marks.insert(.onProbation) }
        if command.readsOneKey { marks.insert(.readsOneKey) }
        inFlight.append(PendingCommand(command, marks, stamp: stamp))
        ledger.inFlight &+= 1
    }

    /// Counts a command whose reply nobody will look at.
    private mutating func sendUnanswered(_ role: CommandRole, _ reason: UnmeasuredReason, _ ledger: inout Ledger) {
        session.sendUnanswered(role)
        ledger.unmeasured(reason)
        if role == .monitor || role == .partialSync { leave(&ledger) }
    }
}

// Replies.
extension RedisConversation {
    @inline(__always)
    private mutating func takeReplies(_ bytes: Span<UInt8>, at stamp: UInt64, _ ledger: inout Ledger) {
        var position = 0
        while true {
            if replies.isAtStart { replyStamp = stamp }
            switch replies.next(bytes, &position) {
            case .starved: return
            case .nestedError:
                if !inFlight.isEmpty && inFlight.first.role == .exec {
                    ledger.counts.users.countError(session.user, replies.nestedWord)
                }
            case .reply:
                receive(replies.reply, &ledger)
                if !isInStep { return }
            case .impossible(let reason): return fallApart(reason, &ledger)
            }
        }
    }

    @inline(__always)
    private mutating func receive(_ reply: Reply, _ ledger: inout Ledger) {
        if reply.isPush || reply.isArray && !reply.word.isEmpty && mayBePush {
            if receivePush(reply, &ledger) { return }
        }
        if !inFlight.isEmpty && inFlight.first.marks.contains(.isCounted) { _ = takeFirst(&ledger) }
        guard !inFlight.isEmpty else { return receiveUnexpected(reply, &ledger) }
        let command = takeFirst(&ledger)
        hasPaired = true
        let isQueued = session.isQueued(reply)
        measure(command, reply, isQueued: isQueued, &ledger)
        if command.role != .ordinary || isQueued { conclude(command.role, reply, isQueued: isQueued, &ledger) }
    }

    @inline(__always)
    private mutating func measure(
        _ command: PendingCommand, _ reply: Reply, isQueued: Bool, _ ledger: inout Ledger
    ) {
        if reply.isError { ledger.counts.users.countError(session.user, reply.word) }
        if command.marks.contains(.onProbation) { return ledger.unmeasured(reason) }
        ledger.answered(command, reply, isQueued: isQueued, at: replyStamp, by: session.user)
    }

    /// Lets a reply change the session.
    private mutating func conclude(_ role: CommandRole, _ reply: Reply, isQueued: Bool, _ ledger: inout Ledger) {
        session.receive(reply, to: role, isQueued: isQueued, &ledger.counts.users)
        if (role == .monitor || role == .partialSync) && !reply.isError && !isQueued { leave(&ledger) }
    }

    /// Whether an array whose first element is a word may be a message rather than a reply.
    private var mayBePush: Bool {
        session.mayReceiveArrays || !inFlight.isEmpty && inFlight.first.role.isSubscription
    }

    /// Takes a push, or an array that may be one.
    ///
    /// - Returns: false for an array that is a reply after all.
    private mutating func receivePush(_ reply: Reply, _ ledger: inout Ledger) -> Bool {
        let front = inFlight.isEmpty ? nil : inFlight.first.role
        switch PushKind(reply.word) {
        case nil: return reply.isPush
        case .message?:
            return reply.isPush || session.isSubscribed || front?.isAllowedWhileSubscribed ?? true
        case .confirmation(let role)?:
            guard reply.isPush || front == role || session.isSubscribed else { return false }
            session.confirm(role, total: reply.integer)
            if front == role { receiveConfirmation(reply, &ledger) }
            return true
        }
    }

    /// The first confirmation is the reply; the others have to come before the next one.
    private mutating func receiveConfirmation(_ reply: Reply, _ ledger: inout Ledger) {
        let command = inFlight.first
        if !command.marks.contains(.isCounted) {
            hasPaired = true
            measure(command, reply, isQueued: false, &ledger)
        }
        let isLast = command.confirmations == 1 || command.confirmations == 0 && session.isUnsubscribed(command.role)
        if isLast {
            _ = takeFirst(&ledger)
        } else {
            inFlight.first.expectMoreConfirmations()
        }
    }

    /// A reply that nobody asked for means that pairing is wrong, or soon would be.
    private mutating func receiveUnexpected(_ reply: Reply, _ ledger: inout Ledger) {
        if repliesToPass > 0 {
            repliesToPass -= 1
        } else if reply.isError && !hasPaired {
            return  // a connection refused at once: -ERR max number of clients, -DENIED
        } else {
            fallApart(.unexpectedReply, &ledger)
        }
    }
}

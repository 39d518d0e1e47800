// The client's side of a connection: commands as they are sent.

extension RedisConversation {
    /// Takes the next bytes of the client.
    @inline(__always)
    mutating func takeRequests(_ bytes: Span<UInt8>, at stamp: UInt64, _ ledger: inout Ledger) {
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
            case .impossible(let reason): return loseClient(reason, at: stamp, &ledger)
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
                size: plain.end &- position, isBlocking: false, isRead: plain.isRead)
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
            size: requests.size, isBlocking: reader.isBlocking && !session.isQueueing, isRead: reader.isRead)
        send(command, at: stamp, &ledger)
    }

    /// Takes note of a complete command.
    @inline(__always)
    private mutating func send(_ command: SentCommand, at stamp: UInt64, _ ledger: inout Ledger) {
        let isAnswered = session.takeTurn()
        lockstep.learn(size: command.size)
        guard lockstep.isInStep else {
            if isAnswered { lockstep.sendApart() }
            return sendUnanswered(command.facts.role, lockstep.reason, &ledger)
        }
        guard isAnswered else { return sendUnanswered(command.facts.role, .noReply, &ledger) }
        var marks: PendingCommand.Marks = []
        if command.isBlocking { marks.insert(.blocking) }
        if command.facts.mayWait && !session.isQueueing { marks.insert(.mayWait) }
        if command.isRead { marks.insert(.read) }
        if !queue.send(command, marks, at: stamp, &ledger) {
            sendUnanswered(command.facts.role, .queueFull, &ledger)
        }
    }

    /// Counts a command whose reply nobody will look at.
    private mutating func sendUnanswered(_ role: CommandRole, _ reason: UnmeasuredReason, _ ledger: inout Ledger) {
        session.sendUnanswered(role, afterOthers: lockstep.isEnding)
        ledger.unmeasured(reason)
        if role.endsMeasurement { leave(&ledger) }
    }
}

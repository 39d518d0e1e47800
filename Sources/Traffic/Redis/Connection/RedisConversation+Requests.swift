// The client's side of a connection: commands as they are sent.

extension RedisConversation {
    /// Takes the next bytes of the client.
    @inline(__always)
    mutating func takeRequests(
        _ bytes: Span<UInt8>, at stamp: UInt64, _ books: inout RedisBooks, _ budget: inout Budget
    ) {
        var position = 0
        while true {
            if requests.isAtStart {
                takePlainCommands(bytes, &position, at: stamp, &books, &budget)
                if position == bytes.count { return }
            }
            switch requests.next(bytes, &position) {
            case .starved: return
            case .argument(let range): take(bytes.extracting(range), &books)
            case .keptArgument:
                let kept = requests.kept
                take(kept.span, &books)
            case .command:
                takeParsedCommand(at: stamp, &books, &budget)
                if sync.hasLeft { return }
            case .impossible(let reason): return loseClient(reason, at: stamp, &books, &budget)
            }
        }
    }

    @inline(__always)
    private mutating func takePlainCommands(
        _ bytes: Span<UInt8>, _ position: inout Int, at stamp: UInt64, _ books: inout RedisBooks, _ budget: inout Budget
    ) {
        while let plain = PlainCommand(bytes, at: position, books.commands) {
            var group = GroupHandle.none
            if let key = plain.key { group = books.group(of: bytes.extracting(key), length: key.count) }
            let command = SentCommand(
                command: plain.command, facts: plain.facts, group: group, arguments: plain.argumentCount,
                size: plain.end &- position, isBlocking: false, isRead: plain.isRead)
            send(command, at: stamp, &books, &budget)
            position = plain.end
        }
    }

    /// Shows an argument to the reader, which says what it wants to see next.
    private mutating func take(_ argument: Span<UInt8>, _ books: inout RedisBooks) {
        requests.wanted = reader.take(
            argument, length: requests.length, index: requests.index, count: requests.argumentCount, &books)
    }

    /// Takes note of a command that came through the parser, and of what it asks of the connection.
    private mutating func takeParsedCommand(at stamp: UInt64, _ books: inout RedisBooks, _ budget: inout Budget) {
        defer { reader.begin() }
        if reader.facts.role == .sync || reader.isReplicaAcknowledgment {
            books.wire.countUnmeasured(.replication)
            return leave(&books, &budget)
        }
        session.send(reader, arguments: requests.argumentCount)
        let command = SentCommand(
            command: reader.command, facts: reader.facts, group: reader.group, arguments: requests.argumentCount,
            size: requests.size, isBlocking: reader.isBlocking && !session.isQueueing, isRead: reader.isRead,
            place: reader.transfer.place(at: stamp, &books))
        send(command, at: stamp, &books, &budget)
    }

    /// Takes note of a complete command.
    @inline(__always)
    private mutating func send(
        _ command: SentCommand, at stamp: UInt64, _ books: inout RedisBooks, _ budget: inout Budget
    ) {
        let isAnswered = session.takeTurn()
        sync.learn(size: command.size)
        guard sync.isInSync else {
            if isAnswered { sync.sendOutOfSync() }
            return sendUnanswered(command.facts.role, sync.reason, &books, &budget)
        }
        guard isAnswered else { return sendUnanswered(command.facts.role, .noReply, &books, &budget) }
        var marks: PendingCommand.Marks = []
        if command.isBlocking { marks.insert(.blocking) }
        if command.facts.traits.contains(.mayWait) && !session.isQueueing { marks.insert(.mayWait) }
        if command.isRead { marks.insert(.read) }
        if command.place != .none { marks.insert(.transfer) }
        if !queue.send(command, marks, at: stamp, &books, &budget) {
            sendUnanswered(command.facts.role, .queueFull, &books, &budget)
        }
    }

    /// Counts a command whose reply will not be looked at.
    private mutating func sendUnanswered(
        _ role: CommandRole, _ reason: UnmeasuredReason, _ books: inout RedisBooks, _ budget: inout Budget
    ) {
        session.sendUnanswered(role, afterOthers: sync.isDraining)
        books.wire.countUnmeasured(reason)
        if role.endsMeasurement { leave(&books, &budget) }
    }
}

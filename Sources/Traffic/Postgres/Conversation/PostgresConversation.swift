// One connection to Postgres, followed message by message: what the client asks waits in a queue until the server has
// answered it. The server answers in order and never numbers its answers.

/// Pairs a connection's statements with their answers.
struct PostgresConversation: Sendable {
    enum Phase: UInt8, Sendable {
        /// The client's first message is to come.
        case start
        /// Encryption was asked for; the server answers with one letter.
        case encryption
        /// From the session's first message to the first ReadyForQuery.
        case login
        case session
        /// Nothing is looked at any more: encrypted, a cancellation, a replica's, or no Postgres at all.
        case left
    }

    var phase = Phase.session
    var startup = StartupReader()
    var client = MessageReader()
    var server = MessageReader()
    var queue = InFlightQueue<QueryUnit>()
    var statements = StatementNames(limit: PostgresLimits.statementNames)
    var portals = StatementNames(limit: PostgresLimits.portalNames)
    /// The statement and the portal without a name.
    var statement = StatementFacts.unknown
    var portal = StatementFacts.unknown
    var transaction = TransactionClock()
    var session = SessionRows.unknown
    /// When the last statement ended.
    var lastEnd: UInt64 = 0
    var lastStamp: UInt64 = 0
    /// When the server sent its last bytes, captured or not.
    var lastAnswer: UInt64 = 0
    /// The type of the statement that was sent or answered last.
    var lastType = StatementType.other
    /// Why it was, or is, out of sync.
    var reason = UnmeasuredReason.joinedMidstream
    /// Syncs that the server has passed over, since they came before the data of a COPY.
    var passedSyncs: UInt16 = 0
    /// How many of those sent last are Executes without a Sync or Flush behind them, and when the first of them came.
    var heldBack = 0
    var heldSince: UInt64 = 0
    var state: State = [.isClientLost, .isServerLost]

    struct State: OptionSet, Sendable {
        let rawValue: UInt8
        /// Where the client's next message starts is not known.
        static let isClientLost = State(rawValue: 1)
        /// Where the server's next message starts is not known.
        static let isServerLost = State(rawValue: 2)
        /// The server has ended its last packet with ReadyForQuery, and nothing has come since.
        static let isReady = State(rawValue: 4)
        /// After an error the server passes over what comes before the client's next Sync.
        static let isSkipping = State(rawValue: 8)
        /// The client sends the data of a COPY.
        static let isCopying = State(rawValue: 16)
        /// The client has sent messages that are no statements and that the server may refuse.
        static let isPreparing = State(rawValue: 32)
        /// The server has sent something since the client's last bytes.
        static let isAnswered = State(rawValue: 64)
    }

    /// The connection was seen from its first byte on.
    mutating func opened() {
        phase = .start
        state = []
    }

    mutating func receive(_ bytes: Span<UInt8>, _ arrival: Arrival, _ books: inout PostgresBooks) {
        lastStamp = arrival.stamp
        switch (phase, arrival.side) {
        case (.session, .client): receiveRequests(bytes, arrival, &books)
        case (.session, .server), (.login, .server): receiveAnswers(bytes, arrival, &books)
        case (.left, _): break
        case (.login, .client): passLogin(bytes, &books)
        case (.start, .client): begin(bytes, arrival, &books)
        case (.encryption, .server): answerEncryption(bytes, arrival, &books)
        case (.start, .server): leave(.malformedReply, &books)
        case (.encryption, .client): leave(.malformedRequest, &books)
        }
    }

    mutating func ended(_ ending: Ending, _ books: inout PostgresBooks) {
        giveUp(ending == .closed ? .closed : .evicted, &books)
        transaction.disconnect(at: lastStamp, &books.counts)
        forgetMessages(&books)
    }

    /// Looks at nothing any more.
    mutating func leave(_ books: inout PostgresBooks) {
        giveUp(.resync, &books)
        forgetMessages(&books)
        self = PostgresConversation()
        phase = .left
    }

    mutating func leave(_ reason: ResyncReason, _ books: inout PostgresBooks) {
        books.wire.countResync(reason)
        leave(&books)
    }
}

// Messages in pieces.
extension PostgresConversation {
    /// Begins anew with the client's next byte.
    mutating func resetClient(_ books: inout PostgresBooks) {
        client.reset(&books.keptBytes)
    }

    /// Begins anew with the server's next byte.
    mutating func resetServer(_ books: inout PostgresBooks) {
        server.reset(&books.keptBytes)
    }

    /// Forgets all that was kept of messages.
    mutating func forgetMessages(_ books: inout PostgresBooks) {
        startup.reset(&books.keptBytes)
        resetClient(&books)
        resetServer(&books)
    }
}

// The queue.
extension PostgresConversation {
    @inline(__always)
    mutating func push(_ unit: QueryUnit, _ books: inout PostgresBooks) {
        queue.append(unit, &books.queueBytes)
        books.inFlight &+= 1
        if unit.isStatement { books.counts.inFlight &+= 1 }
    }

    /// Takes out the oldest one. Must not be asked of an empty queue.
    @inline(__always)
    mutating func pop(_ books: inout PostgresBooks) -> QueryUnit {
        let unit = queue.removeFirst(&books.queueBytes)
        books.inFlight &-= 1
        if unit.isStatement { books.counts.inFlight &-= 1 }
        return unit
    }

    /// Takes out all, and counts the statements among them as not measured.
    mutating func giveUp(_ reason: UnmeasuredReason, _ books: inout PostgresBooks) {
        while !queue.isEmpty {
            if pop(&books).isStatement { books.wire.countUnmeasured(reason) }
        }
        passedSyncs = 0
        queue.giveBack(&books.queueBytes)
    }

    /// Whether there is room for another statement.
    @inline(__always)
    func hasRoom(_ books: borrowing PostgresBooks) -> Bool {
        queue.count < books.mostInFlight && books.inFlight < books.mostInFlightInAll
    }

    /// Whether there is room for another ReadyForQuery: one for each statement, should all the others' room be taken.
    @inline(__always)
    func hasRoomForReady(_ books: borrowing PostgresBooks) -> Bool {
        queue.count < 2 &* books.mostInFlight && books.inFlight < 2 &* books.mostInFlightInAll
    }
}

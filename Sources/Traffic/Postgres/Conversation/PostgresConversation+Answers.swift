// The server's side of a session. A statement ends with its CommandComplete, with an error, with EmptyQueryResponse, or
// when its portal is suspended; what stands before that, rows above all, is passed over by its length.

extension PostgresConversation {
    mutating func receiveAnswers(_ bytes: Span<UInt8>, _ arrival: Arrival, _ books: inout PostgresBooks) {
        lastAnswer = arrival.stamp
        state.remove(.isReady)
        state.insert(.isAnswered)
        if state.contains(.isServerLost) { return findReady(bytes, at: arrival.stamp, &books) }
        takeAnswers(bytes, at: arrival.stamp, &books)
    }

    @inline(__always)
    mutating func takeAnswers(_ bytes: Span<UInt8>, at stamp: UInt64, _ books: inout PostgresBooks) {
        var position = 0
        let mayKeep = books.mayKeep
        while true {
            switch server.next(bytes, &position, limit: { Self.kept($0, mayKeep) }) {
            case .starved: return server.settle(&books.keptBytes)
            case .impossible:
                if phase == .login { return leave(.malformedReply, &books) }
                return loseBoth(.malformedReply, &books)
            case .message(let message):
                state.remove(.isReady)
                if let body = message.body {
                    take(message.type, bytes.extracting(body), at: stamp, &books)
                } else {
                    let kept = server.takeKept()
                    take(message.type, kept.span, at: stamp, &books)
                }
                if phase == .left || state.contains(.isServerLost) { return }
            }
        }
    }

    /// How much is kept of a message in pieces; negative for a letter that no server sends.
    private static func kept(_ type: UInt8, _ mayKeep: Bool) -> Int {
        switch type {
        case UInt8(ascii: "C"), UInt8(ascii: "Z"): PostgresLimits.tag
        case UInt8(ascii: "E"): mayKeep ? PostgresLimits.error : 0
        case UInt8(ascii: "1"), UInt8(ascii: "2"), UInt8(ascii: "3"), UInt8(ascii: "A"), UInt8(ascii: "D"): 0
        case UInt8(ascii: "G"), UInt8(ascii: "H"), UInt8(ascii: "I"), UInt8(ascii: "K"), UInt8(ascii: "N"): 0
        case UInt8(ascii: "R"), UInt8(ascii: "S"), UInt8(ascii: "T"), UInt8(ascii: "V"), UInt8(ascii: "W"): 0
        case UInt8(ascii: "c"), UInt8(ascii: "d"), UInt8(ascii: "n"), UInt8(ascii: "s"), UInt8(ascii: "t"): 0
        case UInt8(ascii: "v"): 0
        default: -1
        }
    }

    @inline(__always)
    private mutating func take(
        _ type: UInt8, _ body: Span<UInt8>, at stamp: UInt64, _ books: inout PostgresBooks
    ) {
        switch type {
        case UInt8(ascii: "D"), UInt8(ascii: "d"): break
        case UInt8(ascii: "C"): complete(CommandTag(body), at: stamp, &books)
        case UInt8(ascii: "Z"): ready(body.count > 0 ? body[0] : UInt8(ascii: "I"), at: stamp, &books)
        case UInt8(ascii: "E"): fail(ErrorFields(body), at: stamp, &books)
        case UInt8(ascii: "s"): suspend(at: stamp, &books)
        case UInt8(ascii: "I"): if let unit = takeAnswered(&books) { lastEnd = Swift.max(stamp, unit.stamp) }
        case UInt8(ascii: "V"): if let unit = takeAnswered(&books) { end(unit, as: .other, at: stamp, &books) }
        case UInt8(ascii: "G"): beginCopying()
        default: break
        }
    }

    /// The statement that an answer belongs to; nil when none is known.
    @inline(__always)
    private mutating func takeAnswered(_ books: inout PostgresBooks) -> QueryUnit? {
        guard !queue.isEmpty, queue.first.isStatement else { return nil }
        let unit = pop(&books)
        if passedSyncs > 0 { passSyncs(&books) }
        return unit
    }

    /// Files a statement that has ended without an error.
    @inline(__always)
    mutating func end(_ unit: QueryUnit, as type: StatementType, at stamp: UInt64, _ books: inout PostgresBooks) {
        let begin = Swift.max(unit.stamp, lastEnd)
        lastEnd = stamp
        lastType = type
        books.wire.requests &+= 1
        books.ended(unit, as: type, isError: false, from: begin, at: stamp, by: session)
    }

    @inline(__always)
    mutating func complete(_ tag: CommandTag, at stamp: UInt64, _ books: inout PostgresBooks) {
        var answered = takeAnswered(&books)
        if answered == nil { answered = unforeseen(at: stamp, &books) }
        guard let unit = answered else { return }
        if let rows = tag.rows { books.counts.rows[Int(tag.type.rawValue)] &+= rows }
        let begin = Swift.max(unit.stamp, lastEnd)
        end(unit, as: tag.type, at: stamp, &books)
        transaction.answered(tag.mark, from: begin, at: stamp, &books.counts)
    }

    /// A further answer to a Query whose text was not read to its end. Without one that is open, it is unknown what was
    /// answered.
    private mutating func unforeseen(at stamp: UInt64, _ books: inout PostgresBooks) -> QueryUnit? {
        if !queue.isEmpty {
            return QueryUnit(.simple, table: .unknown, at: queue.first.stamp)
        }
        if state.contains(.isClientLost) {
            books.wire.countUnmeasured(reason)
        } else {
            loseBoth(.unexpectedReply, &books)
        }
        return nil
    }

    /// A portal has given as many rows as were asked for, and has more.
    private mutating func suspend(at stamp: UInt64, _ books: inout PostgresBooks) {
        guard let unit = takeAnswered(&books) else { return }
        books.counts.rows[Int(StatementType.fetch.rawValue)] &+= UInt64(unit.limit)
        end(unit, as: .fetch, at: stamp, &books)
    }

    @inline(__always)
    mutating func ready(_ status: UInt8, at stamp: UInt64, _ books: inout PostgresBooks) {
        if phase == .login {
            loggedIn(&books)
        } else if !takeReady(&books), !state.contains(.isClientLost) {
            return loseBoth(.unexpectedReply, &books)
        }
        state.insert(.isReady)
        if queue.isEmpty { state.remove([.isPreparing, .isCopying]) }
        transaction.ready(isInTransaction: status != UInt8(ascii: "I"), at: stamp, &books.counts)
    }

    /// Takes out what a ReadyForQuery answers, and statements before it that had no answer; false when there is none.
    @inline(__always)
    private mutating func takeReady(_ books: inout PostgresBooks) -> Bool {
        while !queue.isEmpty {
            if !pop(&books).isStatement { return true }
        }
        return false
    }
}

// Errors.
extension PostgresConversation {
    mutating func fail(_ error: ErrorFields, at stamp: UInt64, _ books: inout PostgresBooks) {
        if phase == .login { return refused(error, &books) }
        if queue.isEmpty { return failIdle(error, at: stamp, &books) }
        let head = queue.first
        if head.isStatement {
            let unit = pop(&books)
            let begin = Swift.max(unit.stamp, lastEnd)
            lastEnd = stamp
            books.wire.requests &+= 1
            books.counts.errors.record(unit.type, error.code)
            books.ended(unit, as: unit.type, isError: true, from: begin, at: stamp, by: session)
        } else {
            books.counts.errors.record(lastType, error.code)
        }
        if passedSyncs > 0 { passSyncs(&books) }
        state.remove(.isCopying)
        skipToReady(&books)
    }

    /// The server passes over what comes before the next Sync, and over the rest of a Query.
    private mutating func skipToReady(_ books: inout PostgresBooks) {
        while !queue.isEmpty, queue.first.isStatement {
            if pop(&books).kind == .execute { books.wire.countUnmeasured(.skippedAfterError) }
        }
        if queue.isEmpty { state.insert(.isSkipping) }
    }

    /// An error while no statement is under way: a Parse was refused, or the session is over.
    private mutating func failIdle(_ error: ErrorFields, at stamp: UInt64, _ books: inout PostgresBooks) {
        if state.contains(.isPreparing), !error.isFatal {
            books.counts.errors.record(lastType, error.code)
            state.insert(.isSkipping)
        } else {
            books.counts.sessionErrors.record(.other, error.code)
            transaction.goesOn(at: stamp, &books.counts)
        }
    }
}

// COPY from the client.
extension PostgresConversation {
    /// The server asks for data. Syncs that came before it, and those that come before the data's end, it passes over.
    private mutating func beginCopying() {
        guard !queue.isEmpty, queue.first.kind == .execute else { return }
        state.insert(.isCopying)
        passedSyncs = UInt16(clamping: queue.count - 1)
    }

    private mutating func passSyncs(_ books: inout PostgresBooks) {
        while passedSyncs > 0, !queue.isEmpty, !queue.first.isStatement {
            _ = pop(&books)
            passedSyncs -= 1
        }
        passedSyncs = 0
    }
}

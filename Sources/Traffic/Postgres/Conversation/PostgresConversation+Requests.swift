// The client's side of a session.

extension PostgresConversation {
    mutating func receiveRequests(_ bytes: Span<UInt8>, _ arrival: Arrival, _ books: inout PostgresBooks) {
        beginRound(arrival, &books)
        if state.contains(.isClientLost) { return }
        takeRequests(bytes, at: arrival.stamp, &books)
    }

    @inline(__always)
    mutating func takeRequests(_ bytes: Span<UInt8>, at stamp: UInt64, _ books: inout PostgresBooks) {
        var position = 0
        let limits = Limits(mayKeep: books.mayKeep)
        while true {
            switch client.next(bytes, &position, limit: { limits.kept($0) }) {
            case .starved: return client.settle(&books.keptBytes)
            case .impossible: return loseClient(.malformedRequest, &books)
            case .message(let message):
                if let body = message.body {
                    take(message, bytes.extracting(body), at: stamp, &books)
                } else {
                    let kept = client.takeKept()
                    take(message, kept.span, at: stamp, &books)
                }
                if state.contains(.isClientLost) { return }
            }
        }
    }

    /// How much is kept of a message in pieces; negative for a letter that no client sends.
    private struct Limits {
        let mayKeep: Bool

        func kept(_ type: UInt8) -> Int {
            switch type {
            case UInt8(ascii: "Q"), UInt8(ascii: "P"): mayKeep ? PostgresLimits.text : 0
            case UInt8(ascii: "B"), UInt8(ascii: "E"), UInt8(ascii: "C"): mayKeep ? PostgresLimits.names : 0
            case UInt8(ascii: "D"), UInt8(ascii: "S"), UInt8(ascii: "H"), UInt8(ascii: "F"), UInt8(ascii: "X"): 0
            case UInt8(ascii: "d"), UInt8(ascii: "c"), UInt8(ascii: "f"), UInt8(ascii: "p"): 0
            default: -1
            }
        }
    }

    @inline(__always)
    private mutating func take(
        _ message: MessageReader.Message, _ body: Span<UInt8>, at stamp: UInt64, _ books: inout PostgresBooks
    ) {
        switch message.type {
        case UInt8(ascii: "Q"): takeQuery(body, message.length, at: stamp, &books)
        case UInt8(ascii: "P"): takeParse(body, message.length, &books)
        case UInt8(ascii: "B"): takeBind(body, &books)
        case UInt8(ascii: "E"): takeExecute(body, at: stamp, &books)
        case UInt8(ascii: "S"), UInt8(ascii: "H"):
            takeEnd(isSync: message.type == UInt8(ascii: "S"), at: stamp, &books)
        case UInt8(ascii: "C"): takeClose(body, &books)
        case UInt8(ascii: "D"): state.insert(.isPreparing)
        case UInt8(ascii: "F"):
            takeStatement(QueryUnit(.function, at: stamp), &books)
            if !state.contains(.isClientLost) { takeReady(at: stamp, &books) }
        case UInt8(ascii: "c"), UInt8(ascii: "f"): state.remove(.isCopying)
        default: break
        }
    }

    private mutating func takeStatement(_ unit: QueryUnit, _ books: inout PostgresBooks) {
        lastType = unit.type
        if state.contains(.isSkipping) { return books.wire.countUnmeasured(.skippedAfterError) }
        if hasRoom(books) { push(unit, &books) } else { overflow(&books) }
    }

    private mutating func takeReady(at stamp: UInt64, _ books: inout PostgresBooks) {
        if state.contains(.isSkipping) { return }
        if hasRoomForReady(books) { push(QueryUnit(.ready, at: stamp), &books) } else { overflow(&books) }
    }

    /// Looks at nothing that the client sends until it waits again. Statements that had no room are counted with their
    /// answers.
    private mutating func overflow(_ books: inout PostgresBooks) {
        loseClient(.oversized, &books)
        reason = .queueFull
    }
}

// Statements.
extension PostgresConversation {
    private mutating func takeQuery(
        _ body: Span<UInt8>, _ length: Int, at stamp: UInt64, _ books: inout PostgresBooks
    ) {
        let count = Swift.min(body.count, PostgresLimits.text)
        let text = body.extracting(0..<count)
        var position = 0
        while let scanned = books.scanner.next(text, &position, isWhole: count == length) {
            let facts = facts(of: scanned, &books)
            takeStatement(QueryUnit(.simple, table: facts.table, type: facts.type, at: stamp), &books)
            if state.contains(.isClientLost) { return }
        }
        takeReady(at: stamp, &books)
    }

    /// What is remembered of a statement by its text.
    private mutating func facts(of scanned: ScannedStatement, _ books: inout PostgresBooks) -> StatementFacts {
        var facts = StatementFacts(table: .none, type: scanned.type)
        switch scanned.table {
        case .none: break
        case .named: facts.table = books.tables.handle(books.scanner.name)
        case .unknown: facts.table = .unknown
        }
        if scanned.role == .ordinary { return facts }
        // PREPARE and Parse name statements alike.
        let name = hash(books.scanner.prepared, books.hasher)
        switch scanned.role {
        case .ordinary: break
        case .prepare:
            facts.isNamed = true
            statements.insert(name, facts)
            facts.type = .other
            facts.table = .none
        case .execute: facts = statements.find(name) ?? .unknown
        case .deallocate: statements.remove(name)
        case .forgetAll: statements.removeAll()
        }
        return facts
    }

    private func hash(_ name: borrowing TableName, _ hasher: Hasher64) -> UInt64 {
        hasher.hash(name.bytes.span, 0..<name.count)
    }
}

// The extended protocol.
extension PostgresConversation {
    private mutating func takeParse(_ body: Span<UInt8>, _ length: Int, _ books: inout PostgresBooks) {
        state.insert(.isPreparing)
        guard let name = body.string(at: 0) else {
            statement = .unknown
            return
        }
        let end = Swift.min(body.count, name.upperBound + 1 + PostgresLimits.text)
        let text = body.extracting(name.upperBound + 1..<end)
        var position = 0
        var facts = StatementFacts(table: .none, type: .other)
        if let scanned = books.scanner.next(text, &position, isWhole: end == length) {
            facts = self.facts(of: scanned, &books)
        }
        facts.isNamed = !name.isEmpty
        lastType = facts.type
        if name.isEmpty { statement = facts } else { statements.insert(books.hasher.hash(body, name), facts) }
    }

    @inline(__always)
    private mutating func takeBind(_ body: Span<UInt8>, _ books: inout PostgresBooks) {
        state.insert(.isPreparing)
        guard let name = body.string(at: 0), let source = body.string(at: name.upperBound + 1) else {
            portal = .unknown
            return
        }
        let facts = source.isEmpty ? statement : statements.find(books.hasher.hash(body, source)) ?? .unknown
        if name.isEmpty { portal = facts } else { portals.insert(books.hasher.hash(body, name), facts) }
    }

    @inline(__always)
    private mutating func takeExecute(_ body: Span<UInt8>, at stamp: UInt64, _ books: inout PostgresBooks) {
        var facts = portal
        var limit: UInt32 = 0
        if let name = body.string(at: 0) {
            if !name.isEmpty { facts = portals.find(books.hasher.hash(body, name)) ?? .unknown }
            if name.upperBound + 5 <= body.count { limit = body.long(at: name.upperBound + 1) }
        } else {
            facts = .unknown
        }
        if facts.isNamed {
            if facts.isKnown { books.counts.knownExecutions &+= 1 } else { books.counts.unknownExecutions &+= 1 }
        }
        if heldBack == 0 { heldSince = stamp }
        heldBack += 1
        takeStatement(QueryUnit(.execute, table: facts.table, type: facts.type, limit: limit, at: stamp), &books)
    }

    private mutating func takeClose(_ body: Span<UInt8>, _ books: inout PostgresBooks) {
        state.insert(.isPreparing)
        guard body.count > 1, let name = body.string(at: 1) else { return }
        let hash = books.hasher.hash(body, name)
        if body[0] == UInt8(ascii: "S") { statements.remove(hash) } else { portals.remove(hash) }
    }

    /// A Sync or a Flush: what was sent before it is started on now at the latest.
    @inline(__always)
    private mutating func takeEnd(isSync: Bool, at stamp: UInt64, _ books: inout PostgresBooks) {
        if state.contains(.isCopying) { return }  // the server passes over both while data comes
        if heldBack > 0 {
            if heldSince != stamp { release(at: stamp) }
            heldBack = 0
        }
        guard isSync else { return }
        state.remove(.isSkipping)
        takeReady(at: stamp, &books)
    }

    private mutating func release(at stamp: UInt64) {
        var others = queue.count - heldBack
        queue.update { unit in
            if others <= 0 { unit.stamp = stamp }
            others -= 1
        }
    }
}

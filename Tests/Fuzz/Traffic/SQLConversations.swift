// Any talk between a client and a server that may be Postgres, with losses and any end. Nothing crashes, every
// statement is filed once, and what a closed connection held is given back.

import Metrics

@testable import Traffic

func fuzzSQLConversations(_ input: inout FuzzInput) {
    var settings = PostgresTrafficSettings()
    (settings.maxTables, settings.maxHistograms) = (3, 4)
    var books = PostgresBooks(settings, buckets: .latency, keepsPercentiles: true, seed: 1)
    var limits = TrafficLimits()
    (limits.inFlight, limits.inFlightInAll) = (12, 20)
    var budget = Budget(limits)
    var connection = PostgresBooks.begin(on: 5432)
    var stamp: UInt64 = 1_700_000_000_000_000_000
    let begin = input.byte()
    if begin & 1 == 0 { PostgresBooks.opened(&connection) }
    if begin & 6 == 0 { logIn(&connection, at: stamp, &books, &budget) }
    while !input.isEmpty {
        let order = input.byte()
        stamp &+= UInt64(order >> 4) * 1_000_000
        if order == 0xFF { stamp &-= 3_000_000_000 }
        let arrival = Arrival(side: order & 1 == 0 ? .client : .server, stamp: stamp, isCaughtUp: order & 2 == 0)
        switch order >> 2 & 3 {
        case 0:
            let loss: Loss = order & 0x10 == 0 ? .gap : .snapLength
            books.lost(Int(input.short() & 0xFFF) + 1, loss, arrival, &connection, &budget)
        default:
            let payload = input.bytes(Int(input.short() & 0x3FF))
            if !payload.isEmpty { payload.inExactMemory { books.receive($0, arrival, &connection, &budget) } }
        }
        precondition(books.inFlight == connection.queue.count && budget.inFlight == books.inFlight)
        // Beside statements, places of a ReadyForQuery are in the queue.
        precondition(books.counts.inFlight >= 0 && books.counts.inFlight <= limits.inFlight)
        precondition(books.keptBytes >= 0 && books.keptBytes <= 2 * PostgresLimits.text)
        precondition(connection.statements.count <= PostgresLimits.statementNames)
    }
    books.ended(.closed, &connection, &budget)
    precondition(books.inFlight == 0 && budget.inFlight == 0 && books.counts.inFlight == 0 && books.keptBytes == 0)
    precondition(budget.queueBytes == 0)
    check(books)
}

/// A session that has got in, so that inputs need not find out how.
private func logIn(
    _ connection: inout PostgresConversation, at stamp: UInt64, _ books: inout PostgresBooks, _ budget: inout Budget
) {
    let startup: [UInt8] = [0, 0, 0, 16, 0, 3, 0, 0] + Array("user".utf8) + [0, 97, 0, 0]
    let welcome: [UInt8] = [0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5A, 0, 0, 0, 5, 0x49]
    let sides: [(Side, [UInt8])] = [(.client, startup), (.server, welcome)]
    for (side, bytes) in sides {
        let arrival = Arrival(side: side, stamp: stamp, isCaughtUp: true)
        bytes.inExactMemory { books.receive($0, arrival, &connection, &budget) }
    }
}

/// Each statement is in one type, one session, and one pair of table and type at most.
private func check(_ books: borrowing PostgresBooks) {
    func total(_ rows: HistogramRows) -> UInt64 { (0..<rows.rows).reduce(0) { $0 + rows.count($1) } }
    let filed = total(books.counts.types)
    precondition(filed == total(books.counts.sessions.histograms))
    precondition(total(books.counts.tables.histograms) <= filed && books.wire.requests <= filed)
}

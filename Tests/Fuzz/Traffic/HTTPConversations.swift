// Any talk between a client and a server that may be HTTP, with losses and any end. Nothing crashes, and what a closed
// connection held is given back.

@testable import Traffic

func fuzzHTTPConversations(_ input: inout FuzzInput) {
    var settings = HTTPTrafficSettings()
    (settings.maxPaths, settings.maxHistograms) = (3, 2)
    settings.keyFields = ["authorization"]
    var books = HTTPBooks(settings, ports: [80], seed: 1)
    books.learn([TrafficAPIKey(name: "listed", sha256: SHA256(Array("token".utf8)))])
    var limits = TrafficLimits()
    limits.inFlightInAll = 12
    var budget = Budget(limits)
    var conversation = HTTPConversation(port: 80)
    var stamp: UInt64 = 1_700_000_000_000_000_000
    if input.byte() & 1 == 0 { conversation.opened() }
    while !input.isEmpty {
        let order = input.byte()
        stamp &+= UInt64(order >> 4) * 400_000_000
        let arrival = Arrival(
            side: order & 1 == 0 ? .client : .server, stamp: stamp, isCaughtUp: order & 2 == 0)
        switch order >> 2 & 3 {
        case 0:
            let loss: Loss = order & 0x10 == 0 ? .gap : .snapLength
            conversation.lost(Int(input.short() & 0xFFF) + 1, loss, arrival, &books, &budget)
        case 1 where order & 0x60 == 0:
            conversation.finished(arrival.side, isReset: order & 0x80 != 0, &books, &budget)
        default:
            let payload = input.bytes(Int(input.short() & 0x3FF))
            if !payload.isEmpty { payload.inExactMemory { conversation.receive($0, arrival, &books, &budget) } }
        }
        precondition(books.inFlight == conversation.queue.count)
    }
    books.ended(.closed, &conversation, &budget)
    precondition(books.inFlight == 0 && budget.inFlight == 0 && budget.queueBytes == 0)
    precondition(books.lineRoom == TrafficLimits().unfinishedInAll)
    precondition(books.counts.streams.opened.allSatisfy { $0 == 0 })
    check(books.counts, answered: books.wire.requests)
}

/// Requests are filed once each, and no more are timed than were answered.
private func check(_ counts: HTTPCounts, answered: UInt64) {
    let filed = counts.rows.rows.reduce(0) { $0 + $1.requests }
    let unanswered = counts.rows.rows.filter { [0, 499].contains($0.status.code) }.reduce(0) { $0 + $1.requests }
    let timed = (0..<counts.durations.histograms.rows).reduce(0) { $0 + counts.durations.histograms.count($1) }
    precondition(answered >= filed - unanswered && answered <= filed && timed <= answered)
}

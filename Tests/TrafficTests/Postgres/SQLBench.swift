// Feeds sessions on paper to the reader.

@testable import Traffic

/// What was counted of packets between a client and port 5432.
func sqlFigures(
    of packets: [CapturedPacket], _ change: (inout TrafficSettings) -> Void = { _ in }
) -> SQLFigures {
    var settings = TrafficSettings()
    change(&settings)
    var books = PostgresBooks(settings)
    var conversation = PostgresConversation()
    for packet in packets {
        let flags = packet.frame[47]
        if flags == ScriptedConnection.syn { conversation.opened() }
        let payload = Array(packet.frame.dropFirst(54))
        if payload.isEmpty { continue }
        let arrival = Arrival(side: packet.isReply ? .server : .client, stamp: packet.stamp, isCaughtUp: true)
        conversation.receive(payload.span, arrival, &books)
    }
    return SQLFigures(PostgresSnapshot(books, port: nil))
}

/// What was counted of a session that has logged in and goes on with `body`.
func sqlFigures(_ body: (inout SQLTalk) -> Void) -> SQLFigures {
    var talk = SQLTalk.session()
    body(&talk)
    return sqlFigures(of: talk.wire.packets)
}

// Feeds sessions on paper to an engine.

@testable import Traffic

/// What was counted of packets between clients and port 5432.
func sqlFigures(
    of packets: [CapturedPacket], _ change: (inout TrafficSettings) -> Void = { _ in }
) -> SQLFigures {
    SQLFigures(sqlSnapshot(of: packets, change))
}

/// What an engine has seen of packets.
func sqlSnapshot(
    of packets: [CapturedPacket], _ change: (inout TrafficSettings) -> Void = { _ in }
) -> TrafficSnapshot {
    var bench = Bench { settings in
        settings.ports = PortTable([5432], of: .postgres)
        change(&settings)
    }
    bench.feed(packets)
    return bench.engine.snapshot()
}

/// What was counted of a session that has logged in and goes on with `body`.
func sqlFigures(_ body: (inout SQLTalk) -> Void) -> SQLFigures {
    var talk = SQLTalk.session()
    body(&talk)
    return sqlFigures(of: talk.wire.packets)
}

// What passes each of the gateway's ports, and how the gateway does as a whole.

import Testing

@testable import Traffic

@Suite struct HTTPPortTests {
    private func snapshot(of connections: [ScriptedConnection]) -> HTTPSnapshot {
        var settings = TrafficSettings()
        settings.ports = PortTable([80, 81, 82, 83, 84], of: .http)
        var engine = TrafficEngine(settings)
        _ = engine.addInterface("test0")
        for packet in connections.flatMap(\.packets) {
            engine.process(
                packet.frame.span, originalLength: packet.originalLength, at: packet.stamp, link: .ethernet,
                interface: 0)
        }
        return engine.snapshot().http!
    }

    /// A connection to a port, opened and filled by `body`; or one that was there before.
    private func connection(
        _ port: UInt16, isKnown: Bool = true, _ body: (inout ScriptedConnection) -> Void
    ) -> ScriptedConnection {
        var wire = ScriptedConnection(clientPort: 50_000 + port, server: ([10, 0, 0, 2], port))
        if isKnown { wire.open() }
        body(&wire)
        return wire
    }

    @Test func portsAreToldApart() {
        let hello = [0x16, 0x03, 0x01, 0x02, 0x00] + [UInt8](repeating: 7, count: 512)
        let snapshot = snapshot(of: [
            connection(80) { wire in
                for _ in 0..<3 { wire.exchange(get("/a"), ok) }
            },
            connection(81) { $0.send(hello, isReply: false) },
            connection(82) { $0.exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "x") },
            connection(83) { $0.exchange("*1\r\n$4\r\nPING\r\n", "+PONG\r\n") },
            connection(84, isKnown: false) { wire in
                for _ in 0..<2 { wire.exchange("*1\r\n$4\r\nPING\r\n", "+PONG\r\n") }
            },
        ])
        let ports = snapshot.ports
        #expect(ports.map(\.port) == [80, 81, 82, 83, 84])
        #expect(ports.map(\.packets) == [6, 1, 2, 2, 4])
        #expect(ports.map(\.requests) == [3, 0, 0, 0, 0])
        #expect(ports.map(\.encrypted) == [0, 1, 0, 0, 0])
        #expect(ports.map(\.laterVersions) == [0, 0, 1, 0, 0])
        #expect(ports.map(\.malformed) == [0, 0, 0, 1, 0])
        #expect(ports.map(\.unread) == [0, 0, 0, 0, 2])
    }

    /// Errors are the server's; latencies of all paths are together.
    @Test func totalsAreOfAllPaths() throws {
        let snapshot = snapshot(of: [
            connection(80) { wire in
                for number in 0..<100 {
                    let code = number % 10 == 0 ? 503 : 404
                    wire.exchange(get("/api/\(number)"), answer(code, 3), after: number < 94 ? 1_000 : 500_000)
                }
            }
        ])
        let totals = snapshot.totals
        #expect(totals.requests == 100 && totals.errors == 10)
        #expect(try #require(totals.quantile(0.5)) < 0.002)
        #expect(abs(try #require(totals.quantile(0.95)) - 0.5) < 0.05)
        #expect(totals.since(totals) == HTTPTotals())
    }
}

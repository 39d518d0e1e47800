// What one client could make the engine keep, and what becomes of it.

import Testing

@testable import Traffic

@Suite struct SQLLimitTests {
    private static let limit = 32

    /// An engine with room for few questions, and what it has seen of a session.
    private func bench(_ body: (inout SQLTalk) -> Void) -> Bench {
        var bench = Bench { settings in
            settings.ports = PortTable([5432], of: .postgres)
            settings.limits.inFlight = Self.limit
            settings.limits.inFlightInAll = Self.limit
        }
        var talk = SQLTalk.session()
        body(&talk)
        bench.feed(talk.wire.packets)
        return bench
    }

    private func many(_ message: [UInt8], _ count: Int) -> [UInt8] { (0..<count).flatMap { _ in message } }

    @Test func statementsBeyondTheLimitAreUnmeasured() {
        let bench = bench { talk in
            talk.client(many(Ask.run("s"), 100), Ask.sync)
            talk.server(many(Say.reran("SELECT 1"), 100), Say.ready())
            talk.exchange(Ask.query("DELETE FROM t"), Say.complete("DELETE 3") + Say.ready())
        }
        let figures = SQLFigures(bench.engine.snapshot())
        #expect(figures.unmeasured == ["queue_full": 100 - Self.limit])
        #expect(figures.queries["select"] == Self.limit && figures.queries["delete"] == 1)
        #expect(bench.engine.lanes.budget.inFlight == 0)
    }

    /// Each Sync has an answer of its own, and a client need not read any.
    @Test func aFloodOfSyncsIsBounded() {
        let flood = bench { talk in
            for _ in 0..<50 { talk.client(many(Ask.sync, 200)) }
        }
        #expect(flood.engine.lanes.budget.inFlight <= 2 * Self.limit)
        let answered = bench { talk in
            talk.client(many(Ask.sync, 1_000))
            talk.server(many(Say.ready(), 1_000))
            talk.exchange(Ask.query("DELETE FROM t"), Say.complete("DELETE 3") + Say.ready())
        }
        let figures = SQLFigures(answered.engine.snapshot())
        #expect(figures.queries == ["delete": 1] && figures.inFlight == 0)
    }

    @Test func namesOfStatementsAreBounded() {
        let bench = bench { talk in
            for number in 0..<1_000 {
                let name = "s\(number)"
                talk.exchange(Ask.parse("SELECT 1 FROM t", as: name) + Ask.sync, Say.parsed + Say.ready())
            }
            for name in ["s0", "s999", "s744", "s743"] {
                talk.exchange(Ask.run(name) + Ask.sync, Say.reran("SELECT 1") + Say.ready())
            }
        }
        let figures = SQLFigures(bench.engine.snapshot())
        #expect(figures.tables == ["t select": 2, "unknown select": 2])
        #expect(figures.prepared == ["known": 2, "unknown": 2])
    }

    /// Clients that begin to say who they are, and never end.
    @Test func firstMessagesAreBounded() {
        let startup = Array(Ask.startup(["options", String(repeating: "x", count: 5_000)]).prefix(4_000))
        let flood = (0..<1_100).flatMap { number in
            var talk = SQLTalk(clientPort: 20_000 + UInt16(number))
            talk.wire.open()
            talk.client(startup)
            return talk.wire.packets
        }
        var bench = Bench { $0.ports = PortTable([5432], of: .postgres) }
        bench.feed(flood)
        let kept = bench.engine.lanes.postgres.books.keptBytes
        let most = TrafficLimits().unfinishedInAll + PostgresLimits.text + 1_100 * StartupMessage.headerLength
        #expect(kept > TrafficLimits().unfinishedInAll / 2 && kept <= most)
        // Where there is no room for its names, a session is read all the same.
        var talk = SQLTalk.session()
        talk.exchange(Ask.query("SELECT 1"), Say.selected(1))
        bench.feed(talk.wire.packets)
        #expect(SQLFigures(bench.engine.snapshot()).users == ["unknown unknown": 1])
    }
}

// What the capture has missed of sessions, and how they are found again.

import Testing

@testable import Traffic

@Suite struct SQLLossTests {
    /// What was counted of a session of which some packets were not captured.
    private func figures(
        snap: Int = .max, missing isMissing: (Int, CapturedPacket) -> Bool = { _, _ in false },
        _ body: (inout SQLTalk) -> Void
    ) -> SQLFigures {
        var talk = SQLTalk.session()
        talk.wire.snapLength = snap == .max ? .max : snap + 54
        let begin = talk.wire.packets.count
        body(&talk)
        let packets = talk.wire.packets.enumerated().filter { $0 < begin || !isMissing($0 - begin, $1) }.map(\.1)
        return sqlFigures(of: packets)
    }

    /// A question, and an answer in three packets of which the middle one holds rows; then another question.
    private func askTwice(_ talk: inout SQLTalk) {
        talk.client(Ask.query("SELECT * FROM a"))
        talk.wait(2)
        talk.server(Say.columns, Say.rows(3), Array(Say.row(100).prefix(40)))
        talk.server(Array(Say.row(100).dropFirst(40)), Say.rows(9), Array(Say.row(100).prefix(30)))
        talk.wait(3)
        talk.server(Array(Say.row(100).dropFirst(30)), Say.complete("SELECT 14"), Say.ready())
        talk.exchange(Ask.query("UPDATE b SET x = 1"), Say.complete("UPDATE 2") + Say.ready())
    }

    @Test func rowsMayBeMissing() {
        let figures = figures(missing: { place, _ in place == 2 }, askTwice)
        #expect(figures.queries == ["select": 1, "update": 1])
        #expect(figures.milliseconds == ["select": 5, "update": 1])
        #expect(figures.tables == ["a select": 1, "b update": 1])
        #expect(figures.unmeasured.isEmpty)
    }

    @Test func whereTheEndIsMissingThatStatementIsLostAndTheNextIsRight() {
        let figures = figures(missing: { place, _ in place == 3 }, askTwice)
        #expect(figures.queries == ["update": 1])
        #expect(figures.unmeasured == ["gap": 1])
        #expect(figures.resyncs == ["gap": 1])
        #expect(figures.tables == ["b update": 1])
    }

    @Test func anErrorBehindAHoleIsFound() {
        let figures = figures(missing: { place, _ in place == 1 }) { talk in
            talk.client(Ask.query("SELECT 1/x FROM a"))
            talk.server(Say.columns, Say.rows(3), Array(Say.row(100).prefix(40)))
            talk.server(Array(Say.row(100).dropFirst(40)), Say.error("22012"), Say.ready())
            talk.exchange(Ask.query("SELECT 1"), Say.selected(1))
        }
        #expect(figures.errors == ["select 22012": 1])
        #expect(figures.queries == ["select": 2])
    }

    /// On the loopback a large answer is one packet, of which the filter keeps the beginning.
    @Test func aCutTailEndsWithItsLastPacketAndIsFlagged() {
        let figures = figures(snap: 2_048) { talk in
            talk.client(Ask.query("SELECT * FROM a"))
            talk.wait(2)
            talk.server(Say.columns, Say.rows(800, of: 60))
            talk.wait(3)
            talk.server(Say.rows(700, of: 60), Say.complete("SELECT 1500"), Say.ready())
            talk.wait(50)
            talk.exchange(Ask.query("UPDATE b SET x = 1"), Say.complete("UPDATE 2") + Say.ready())
        }
        #expect(figures.queries == ["select": 1, "update": 1])
        #expect(figures.milliseconds == ["select": 5, "update": 1])
        #expect(figures.unmeasured == ["tail_cut": 1])
        #expect(figures.measured == 1, "how it ended is not known")
        #expect(figures.rows == ["update": 2])
    }

    @Test func aCutInTheMiddleOfAnAnswerLosesNothing() {
        let figures = figures(snap: 2_048) { talk in
            talk.client(Ask.query("SELECT * FROM a"))
            talk.server(Say.columns, Say.rows(800, of: 60))
            talk.server(Say.rows(7, of: 60), Say.complete("SELECT 807"), Say.ready())
            talk.exchange(Ask.query("UPDATE b SET x = 1"), Say.complete("UPDATE 2") + Say.ready())
        }
        #expect(figures.queries == ["select": 1, "update": 1])
        #expect(figures.rows == ["select": 807, "update": 2])
        #expect(figures.unmeasured.isEmpty)
    }

    @Test func aLongTextIsReadByItsBeginning() {
        let figures = figures(snap: 2_048) { talk in
            let values = (0..<2_000).map { "(\($0))" }.joined(separator: ",")
            talk.exchange(Ask.query("INSERT INTO a VALUES \(values)"), Say.complete("INSERT 0 2000") + Say.ready())
            talk.exchange(Ask.query("SELECT 1"), Say.selected(1))
        }
        #expect(figures.queries == ["insert": 1, "select": 1])
        #expect(figures.tables == ["a insert": 1])
        #expect(figures.unmeasured.isEmpty && figures.resyncs.isEmpty)
    }

    @Test func whatFollowsACutInAPipelineIsNotGuessed() {
        let figures = figures(snap: 2_048) { talk in
            let run = Ask.bind("s", value: String(repeating: "v", count: 300)) + Ask.execute()
            talk.exchange(Ask.parse("INSERT INTO a VALUES ($1)", as: "s") + Ask.sync, Say.parsed + Say.ready())
            talk.client((0..<20).flatMap { _ in run } + Ask.sync)
            talk.server((0..<20).flatMap { _ in Say.bound + Say.complete("INSERT 0 1") } + Say.ready())
            talk.exchange(Ask.query("SELECT 1"), Say.selected(1))
        }
        #expect(figures.queries == ["insert": 6, "select": 1], "those that were sent whole")
        #expect(figures.unmeasured == ["snap_length": 14])
        #expect(figures.tables == ["a insert": 6])
    }

    @Test func aSessionThatIsJoinedLateIsInSyncAfterItsFirstAnswer() {
        var talk = SQLTalk()
        talk.exchange(Ask.run("p") + Ask.sync, Say.reran("SELECT 1") + Say.ready())
        talk.exchange(Ask.run("p") + Ask.sync, Say.reran("INSERT 0 1") + Say.ready())
        talk.exchange(Ask.query("SELECT * FROM a"), Say.selected(1))
        let figures = sqlFigures(of: talk.wire.packets)
        #expect(figures.queries == ["insert": 1, "select": 1])
        #expect(figures.tables == ["unknown insert": 1, "a select": 1])
        #expect(figures.users == ["unknown unknown": 2])
        #expect(figures.unmeasured == ["joined_midstream": 1])
        #expect(figures.resyncs.isEmpty)
    }

    @Test func aServerThatSpeaksFirstIsASessionWhoseBeginningWasNotSeen() {
        var talk = SQLTalk()
        talk.server(Say.rows(3), Say.complete("SELECT 3"), Say.ready())
        talk.exchange(Ask.query("SELECT * FROM a"), Say.selected(1))
        let figures = sqlFigures(of: talk.wire.packets)
        #expect(figures.queries == ["select": 1])
    }

    @Test func aPortThatIsUsedAgainIsAnotherSession() {
        var first = SQLTalk.session(user: "one")
        first.exchange(Ask.query("BEGIN"), Say.complete("BEGIN") + Say.ready("T"))
        first.client(Ask.query("SELECT pg_sleep(100)"))
        var second = SQLTalk(time: first.wire.time + 1_000_000)
        second.wire.clientSequence = 77_000
        second.wire.serverSequence = 99_000
        second.wire.open()
        second.client(Ask.startup(user: "two"))
        second.server(Say.welcome)
        second.exchange(Ask.query("SELECT 1"), Say.selected(1))
        let figures = sqlFigures(of: first.wire.packets + second.wire.packets)
        #expect(figures.users == ["shop one": 1, "shop two": 1])
        #expect(figures.unmeasured == ["closed": 1])
        #expect(figures.transactions == ["rolled_back": 1])
        #expect(figures.inFlight == 0)
    }

    @Test func aResetEndsWhatIsUnderWay() {
        let figures = sqlFigures { talk in
            talk.client(Ask.query("SELECT pg_sleep(100)"))
            talk.wire.add(isReply: false, flags: ScriptedConnection.rst, [])
        }
        #expect(figures.unmeasured == ["closed": 1])
        #expect(figures.inFlight == 0)
    }

    @Test func bothHopsAreCountedApart() {
        var outer = SQLTalk.session(clientPort: 50_001, serverPort: 6432)
        var inner = SQLTalk.session(clientPort: 50_002, serverPort: 5432)
        outer.exchange(Ask.query("SELECT 1 FROM a"), Say.selected(1), after: 9)
        inner.exchange(Ask.query("SELECT 1 FROM a"), Say.selected(1), after: 2)
        let both = sqlSnapshot(of: outer.wire.packets + inner.wire.packets) {
            $0.ports = PortTable([6432, 5432], of: .postgres)
        }
        #expect(both.postgres.map(\.port) == ["6432", "5432"])
        let figures = SQLFigures(both)
        #expect(figures.queries == ["select 6432": 1, "select 5432": 1])
        #expect(figures.milliseconds == ["select 6432": 9, "select 5432": 2])
        let outside = sqlFigures(of: outer.wire.packets + inner.wire.packets) {
            $0.ports = PortTable([6432], of: .postgres)
        }
        #expect(outside.queries == ["select": 1])
    }

    @Test func messagesMayBeCutAnywhere() {
        var whole = SQLTalk.session()
        whole.exchange(Ask.statement("SELECT * FROM a WHERE b = $1") + Ask.sync, Say.ran("SELECT 3") + Say.ready("T"))
        whole.exchange(
            Ask.parse("UPDATE c SET d = 1", as: "p") + Ask.run("p") + Ask.sync, Say.ran("UPDATE 1") + Say.ready())
        whole.exchange(Ask.query("DELETE FROM e"), Say.error("23503") + Say.ready())
        var pieces = SQLTalk()
        pieces.wire.open()
        for packet in whole.wire.packets.dropFirst(3) {
            for byte in packet.frame.dropFirst(54) { pieces.wire.send([byte], isReply: packet.isReply) }
        }
        let (one, other) = (sqlFigures(of: whole.wire.packets), sqlFigures(of: pieces.wire.packets))
        #expect(one.queries == other.queries && one.queries == ["select": 1, "update": 1, "delete": 1])
        #expect(one.tables == other.tables && one.errors == other.errors && one.rows == other.rows)
        #expect(one.users == other.users)
    }

    @Test func nothingOfATextIsKept() {
        var talk = SQLTalk()
        talk.wire.open()
        talk.client(Ask.startup())
        talk.server(Say.passwordWanted)
        talk.client(Ask.password)
        talk.server(Say.welcome)
        talk.exchange(Ask.query("ALTER USER app PASSWORD 'geheim'"), Say.complete("ALTER ROLE") + Say.ready())
        talk.exchange(Ask.query("SELECT 'geheim' FROM a -- geheim"), Say.selected(1))
        talk.exchange(
            Ask.query("SELECT geheim; SELECT $$geheim$$; COPY a FROM '/geheim'"), Say.error("42703") + Say.ready())
        talk.exchange(
            Ask.statement("INSERT INTO a (geheim) VALUES ($1)") + Ask.sync, Say.ran("INSERT 0 1") + Say.ready())
        talk.exchange(
            Ask.parse("SELECT 1 FROM a", as: "geheim") + Ask.run("geheim") + Ask.sync, Say.ran("SELECT 1") + Say.ready()
        )
        let snapshot = sqlSnapshot(of: talk.wire.packets)
        #expect(SQLFigures(snapshot).measured == 5)
        let page = SQLFigures(snapshot).page
        #expect(!page.contains("geheim") && !page.contains("hunter2"))
    }
}

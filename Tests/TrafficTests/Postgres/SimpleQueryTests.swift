// The simple protocol: a text, and an answer to each of its statements.

import Testing

@testable import Traffic

@Suite struct SimpleQueryTests {
    @Test func aStatementEndsAtItsCommandComplete() {
        let figures = sqlFigures { talk in
            talk.client(Ask.query("SELECT * FROM orders WHERE id = 1"))
            talk.wait(2)
            talk.server(Say.columns, Say.row())
            talk.wait(3)
            talk.server(Say.row(), Say.complete("SELECT 2"))
            talk.wait(4)
            talk.server(Say.ready())
        }
        #expect(figures.queries == ["select": 1])
        #expect(figures.milliseconds == ["select": 5])
        #expect(figures.rows == ["select": 2])
        #expect(figures.tables == ["orders select": 1])
        #expect(figures.users == ["shop app": 1])
        #expect(figures.unmeasured.isEmpty && figures.resyncs.isEmpty && figures.inFlight == 0)
    }

    @Test func statementsOfOneQueryShareItsTime() {
        let figures = sqlFigures { talk in
            talk.client(Ask.query("SELECT 1; UPDATE a SET x = 1; SELECT * FROM b"))
            talk.wait(5)
            talk.server(Say.columns, Say.row(), Say.complete("SELECT 1"))
            talk.wait(7)
            talk.server(Say.complete("UPDATE 3"), Say.columns)
            talk.wait(9)
            talk.server(Say.complete("SELECT 0"), Say.ready())
        }
        #expect(figures.queries == ["select": 2, "update": 1])
        #expect(figures.milliseconds == ["select": 14, "update": 7])
        #expect(figures.tables == ["a update": 1, "b select": 1])
        #expect(figures.rows == ["select": 1, "update": 3])
    }

    @Test func anErrorInTheMiddleEndsTheQuery() {
        let figures = sqlFigures { talk in
            talk.client(Ask.query("SELECT 1; SELECT 1/0; DELETE FROM a"))
            talk.wait(1)
            talk.server(Say.columns, Say.row(), Say.complete("SELECT 1"), Say.columns, Say.error("22012"), Say.ready())
            talk.exchange(Ask.query("SELECT 2"), Say.selected(1))
        }
        #expect(figures.queries == ["select": 3])
        #expect(figures.errors == ["select 22012": 1])
        #expect(figures.unmeasured.isEmpty && figures.resyncs.isEmpty)
    }

    @Test(arguments: [";", "-- nothing", "", " ;; /* a /* b */ c */ "])
    func anEmptyTextIsNoStatement(_ text: String) {
        let figures = sqlFigures { talk in
            talk.exchange(Ask.query(text), Say.empty + Say.ready())
            talk.exchange(Ask.query("SELECT 1"), Say.selected(1))
        }
        #expect(figures.queries == ["select": 1])
        #expect(figures.measured == 1)
    }

    @Test(arguments: [
        ("EXECUTE p(1)", "INSERT 0 1", "insert"), ("EXECUTE p(1)", "SELECT 1", "select"),
        ("WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x", "INSERT 0 4", "insert"),
        ("WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM x", "SELECT 1", "select"),
        ("SELECT * INTO n FROM o", "SELECT 7", "select"), ("CREATE TABLE n AS SELECT 1", "SELECT 1", "select"),
        ("VALUES (1)", "SELECT 1", "select"), ("TABLE t", "SELECT 2", "select"), ("MERGE INTO t", "MERGE 3", "merge"),
        ("FETCH 10 FROM c", "FETCH 10", "fetch"), ("MOVE 1 FROM c", "MOVE 1", "fetch"),
        ("DECLARE c CURSOR FOR SELECT 1", "DECLARE CURSOR", "other"), ("END", "COMMIT", "transaction"),
        ("SAVEPOINT s", "SAVEPOINT", "transaction"), ("RELEASE s", "RELEASE", "transaction"),
        ("START TRANSACTION", "START TRANSACTION", "transaction"), ("DO $$ $$", "DO", "other"),
        ("TRUNCATE t", "TRUNCATE TABLE", "other"), ("CALL p()", "CALL", "other"),
        ("PREPARE p AS SELECT 1", "PREPARE", "other"),
    ])
    func theTagIsTheType(_ text: String, _ tag: String, _ type: String) {
        let figures = sqlFigures { talk in talk.exchange(Ask.query(text), Say.complete(tag) + Say.ready()) }
        #expect(figures.queries == [type: 1])
    }

    @Test func copiesAreOneStatementEach() {
        let figures = sqlFigures { talk in
            talk.client(Ask.query("COPY orders TO STDOUT"))
            talk.server(Say.copyOut)
            for _ in 0..<160 { talk.server(Say.copyData(64 << 10)) }
            talk.server(Say.copyDone, Say.complete("COPY 160"), Say.ready())
            talk.client(Ask.query("COPY shop.items (a, b) FROM STDIN"))
            talk.server(Say.copyIn)
            talk.wait(20)
            for _ in 0..<160 { talk.client(Ask.copyData(64 << 10)) }
            talk.client(Ask.copyDone)
            talk.server(Say.complete("COPY 5"), Say.ready())
            talk.client(Ask.query("COPY items FROM STDIN"))
            talk.server(Say.copyIn)
            talk.client(Ask.copyData(10), Ask.copyFail())
            talk.server(Say.error("57014"), Say.ready())
            talk.exchange(Ask.query("SELECT 1"), Say.selected(1))
        }
        #expect(figures.queries == ["copy": 3, "select": 1])
        #expect(figures.rows == ["copy": 165, "select": 1])
        #expect(figures.milliseconds["copy"] == 20)
        #expect(figures.errors == ["copy 57014": 1])
        #expect(figures.tables == ["orders copy": 1, "shop.items copy": 1, "other copy": 1])
        #expect(figures.resyncs.isEmpty && figures.unmeasured.isEmpty)
    }

    @Test func whatComesUnaskedIsNothing() {
        let figures = sqlFigures { talk in
            talk.server(Say.notification)
            talk.client(Ask.query("LISTEN channel"))
            talk.server(Say.notice, Say.complete("LISTEN"), Say.setting, Say.notification, Say.ready())
            talk.server(Say.notification, Say.notice, Say.setting)
        }
        #expect(figures.queries == ["other": 1])
        #expect(figures.sessionErrors.isEmpty && figures.resyncs.isEmpty)
    }

    @Test func aFunctionCallIsAStatement() {
        let figures = sqlFigures { talk in
            talk.exchange(message("F", [0, 0, 0, 1]), message("V", [0, 0, 0, 0]) + Say.ready(), after: 3)
            talk.exchange(Ask.query("SELECT 1"), Say.selected(1))
        }
        #expect(figures.queries == ["other": 1, "select": 1])
        #expect(figures.milliseconds["other"] == 3)
    }

    @Test func aTextThatIsLongerThanWhatIsReadCountsEachAnswer() {
        let figures = sqlFigures { talk in
            let long = String(repeating: "SELECT * FROM a; ", count: 400)
            talk.client(Ask.query(long))
            for _ in 0..<400 { talk.server(Say.columns, Say.complete("SELECT 0")) }
            talk.server(Say.ready())
            talk.exchange(Ask.query("SELECT 1"), Say.selected(1))
        }
        #expect(figures.queries == ["select": 401])
        #expect(figures.tables["a select", default: 0] >= 240)
        #expect(figures.tables.values.reduce(0, +) == 400)
        #expect(figures.resyncs.isEmpty)
    }
}

// The extended protocol: Parse, Bind, Execute, in pipelines and not.

import Testing

@testable import Traffic

@Suite struct ExtendedQueryTests {
    @Test func anExecuteIsAStatement() {
        let figures = sqlFigures { talk in
            talk.exchange(Ask.statement("SELECT * FROM a") + Ask.sync, Say.ran("SELECT 3") + Say.ready(), after: 4)
        }
        #expect(figures.queries == ["select": 1])
        #expect(figures.milliseconds == ["select": 4])
        #expect(figures.tables == ["a select": 1])
        #expect(figures.prepared.isEmpty)
    }

    @Test func aPreparedStatementKeepsItsTable() {
        let figures = sqlFigures { talk in
            talk.exchange(Ask.parse("UPDATE a SET x = $1", as: "p") + Ask.sync, Say.parsed + Say.ready())
            for _ in 0..<3 { talk.exchange(Ask.run("p") + Ask.sync, Say.reran("UPDATE 1") + Say.ready()) }
        }
        #expect(figures.queries == ["update": 3])
        #expect(figures.tables == ["a update": 3])
        #expect(figures.prepared == ["known": 3])
    }

    @Test func onePreparedBeforeTheCaptureIsUnknown() {
        let figures = sqlFigures { talk in
            talk.exchange(Ask.run("p") + Ask.sync, Say.reran("INSERT 0 1") + Say.ready())
            talk.exchange(Ask.run("p") + Ask.sync, Say.error("23505") + Say.ready())
        }
        #expect(figures.queries == ["insert": 1, "other": 1])
        #expect(figures.tables == ["unknown insert": 1, "unknown other": 1])
        #expect(figures.prepared == ["unknown": 2])
        #expect(figures.errors == ["other 23505": 1])
    }

    @Test func executemanyCountsEach() {
        let figures = sqlFigures { talk in
            talk.client(Ask.parse("INSERT INTO a VALUES ($1)", as: "s") + Ask.describe("S", "s") + Ask.flush)
            talk.server(Say.parsed, Say.parameters, Say.noData)
            let one = Ask.bind("s") + Ask.execute()
            talk.client(one, one, one, Ask.sync)
            talk.wait(2)
            talk.server(Say.bound, Say.complete("INSERT 0 1"), Say.bound, Say.complete("INSERT 0 1"))
            talk.wait(3)
            talk.server(Say.bound, Say.complete("INSERT 0 1"), Say.ready())
        }
        #expect(figures.queries == ["insert": 3])
        #expect(figures.rows == ["insert": 3])
        #expect(figures.milliseconds == ["insert": 5], "a pipeline's time is counted once")
        #expect(figures.tables == ["a insert": 3])
    }

    @Test func afterAnErrorTheServerSkipsToTheSync() {
        let figures = sqlFigures { talk in
            let good = Ask.statement("SELECT 1 FROM a")
            talk.client(good, good, Ask.statement("SELECT 1/0"), good, good, Ask.sync)
            talk.server(
                Say.ran("SELECT 1"), Say.ran("SELECT 1"), Say.parsed, Say.bound, Say.error("22012"), Say.ready())
            talk.exchange(good + Ask.sync, Say.ran("SELECT 1") + Say.ready())
        }
        #expect(figures.queries == ["select": 4])
        #expect(figures.errors == ["select 22012": 1])
        #expect(figures.unmeasured == ["skipped_after_error": 2])
        #expect(figures.tables == ["a select": 3])
        #expect(figures.resyncs.isEmpty)
    }

    @Test func aSyncThatComesAfterTheErrorEndsTheSkipping() {
        let figures = sqlFigures { talk in
            talk.client(Ask.statement("SELECT 1/0"), Ask.flush)
            talk.server(Say.parsed, Say.bound, Say.error("22012"))
            talk.client(Ask.statement("SELECT 2"))
            talk.exchange(Ask.sync, Say.ready())
            talk.exchange(Ask.statement("SELECT 3") + Ask.sync, Say.ran("SELECT 1") + Say.ready())
        }
        #expect(figures.queries == ["select": 2])
        #expect(figures.unmeasured == ["skipped_after_error": 1])
        #expect(figures.resyncs.isEmpty)
    }

    @Test func preparingIsNoStatement() {
        let figures = sqlFigures { talk in
            talk.client(
                Ask.parse("SELECT 1", as: "__asyncpg_stmt_1__"), Ask.describe("S", "__asyncpg_stmt_1__"), Ask.flush)
            talk.server(Say.parsed, Say.parameters, Say.columns)
        }
        #expect(figures.queries.isEmpty)
        #expect(figures.unmeasured.isEmpty && figures.inFlight == 0)
    }

    @Test func aRefusedParseIsAnErrorAndNoStatement() {
        let figures = sqlFigures { talk in
            talk.exchange(Ask.parse("SELECT * FROM nowhere", as: "p") + Ask.flush, Say.error("42P01"))
            talk.exchange(Ask.sync, Say.ready())
            talk.exchange(Ask.parse("DELETE FROM nowhere", as: "p") + Ask.sync, Say.error("42P01") + Say.ready())
            talk.exchange(Ask.query("SELECT 1"), Say.selected(1))
        }
        #expect(figures.queries == ["select": 1])
        #expect(figures.errors == ["select 42P01": 1, "delete 42P01": 1])
        #expect(figures.sessionErrors.isEmpty && figures.resyncs.isEmpty)
    }

    @Test func aSuspendedPortalIsAFetchAndItsEndTheStatement() {
        let figures = sqlFigures { talk in
            talk.exchange(Ask.parse("SELECT * FROM a") + Ask.bind(portal: "c") + Ask.flush, Say.parsed + Say.bound)
            talk.exchange(
                Ask.execute("c", limit: 50) + Ask.sync, Say.rows(50) + Say.suspended + Say.ready("T"), after: 2)
            talk.exchange(
                Ask.execute("c", limit: 50) + Ask.sync, Say.rows(50) + Say.suspended + Say.ready("T"), after: 3)
            talk.exchange(
                Ask.execute("c", limit: 50) + Ask.sync, Say.rows(20) + Say.complete("SELECT 20") + Say.ready("T"))
        }
        #expect(figures.queries == ["fetch": 2, "select": 1])
        #expect(figures.rows == ["fetch": 100, "select": 20])
        #expect(figures.milliseconds == ["fetch": 5, "select": 1])
        #expect(figures.tables == ["a fetch": 2, "a select": 1])
    }

    /// libpq sends a Sync with the Execute, which the server passes over, and another one behind the data.
    @Test func aCopyPassesOverTheSyncBeforeItsData() {
        let figures = sqlFigures { talk in
            talk.exchange(
                Ask.statement("COPY a FROM STDIN") + Ask.sync, Say.parsed + Say.bound + Say.noData + Say.copyIn)
            talk.wait(9)
            talk.client(Ask.copyData(100), Ask.copyDone, Ask.sync)
            talk.server(Say.complete("COPY 1"), Say.ready())
            talk.exchange(Ask.statement("SELECT 1") + Ask.sync, Say.ran("SELECT 1") + Say.ready())
        }
        #expect(figures.queries == ["copy": 1, "select": 1])
        #expect(figures.milliseconds == ["copy": 10, "select": 1])
        #expect(figures.resyncs.isEmpty)
    }

    @Test func theServerStartsWithTheSyncOrTheFlush() {
        let figures = sqlFigures { talk in
            talk.client(Ask.statement("SELECT 1"))
            talk.wait(50)
            talk.client(Ask.flush)
            talk.wait(2)
            talk.server(Say.ran("SELECT 1"))
            talk.client(Ask.statement("SELECT 1"))
            talk.wait(50)
            talk.client(Ask.sync)
            talk.wait(3)
            talk.server(Say.ran("SELECT 1"), Say.ready())
        }
        #expect(figures.milliseconds == ["select": 5])
    }

    @Test func emptyStatementsAndClosedOnesAreNothing() {
        let figures = sqlFigures { talk in
            talk.exchange(Ask.statement("") + Ask.sync, Say.parsed + Say.bound + Say.noData + Say.empty + Say.ready())
            talk.exchange(Ask.parse("SELECT 1 FROM a", as: "p") + Ask.sync, Say.parsed + Say.ready())
            talk.exchange(Ask.close("S", "p") + Ask.sync, Say.closed + Say.ready())
            talk.exchange(Ask.run("p") + Ask.sync, Say.error("26000") + Say.ready())
        }
        #expect(figures.queries == ["other": 1])
        #expect(figures.errors == ["other 26000": 1])
    }

    @Test func statementsOfSQLAndOfTheProtocolShareNames() {
        let figures = sqlFigures { talk in
            talk.exchange(
                Ask.query("PREPARE \"P\" (int) AS UPDATE a SET x = $1"), Say.complete("PREPARE") + Say.ready())
            talk.exchange(Ask.query("EXECUTE \"P\"(5)"), Say.complete("UPDATE 1") + Say.ready())
            talk.exchange(Ask.run("P") + Ask.sync, Say.reran("UPDATE 1") + Say.ready())
            talk.exchange(Ask.query("DEALLOCATE ALL"), Say.complete("DEALLOCATE ALL") + Say.ready())
            talk.exchange(Ask.run("P") + Ask.sync, Say.error("26000") + Say.ready())
        }
        #expect(figures.queries == ["other": 3, "update": 2])
        #expect(figures.tables == ["a update": 2, "unknown other": 1])
    }

    @Test func namesAreRememberedUpToABound() {
        let figures = sqlFigures { talk in
            for number in 0..<1_000 {
                talk.exchange(Ask.parse("SELECT 1 FROM a", as: "s\(number)") + Ask.sync, Say.parsed + Say.ready())
            }
            for number in 0..<1_000 {
                talk.exchange(Ask.run("s\(number)") + Ask.sync, Say.reran("SELECT 1") + Say.ready())
            }
        }
        #expect(figures.prepared == ["known": 256, "unknown": 744])
        #expect(figures.tables == ["a select": 256, "unknown select": 744])
    }
}

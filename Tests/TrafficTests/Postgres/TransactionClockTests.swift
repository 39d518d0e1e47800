// Transactions, and how long their clients do nothing in them.

import Testing

@testable import Traffic

@Suite struct TransactionClockTests {
    @Test func anOpenTransactionHasATimeAndARest() {
        let figures = sqlFigures { talk in
            talk.exchange(Ask.query("BEGIN"), Say.complete("BEGIN") + Say.ready("T"))
            talk.exchange(Ask.query("UPDATE a SET x = 1"), Say.complete("UPDATE 1") + Say.ready("T"))
            talk.exchange(Ask.query("DELETE FROM b"), Say.complete("DELETE 1") + Say.ready("T"))
            talk.wait(5_000)
            talk.exchange(Ask.query("COMMIT"), Say.complete("COMMIT") + Say.ready())
            talk.wait(1_000)
            talk.exchange(Ask.query("SELECT 1"), Say.selected(1))
        }
        #expect(figures.transactions == ["committed": 1])
        #expect(figures.transactionTime == (1, 5_004))
        #expect(figures.idleTime == (3, 5_000))
    }

    @Test func aFailedBlockIsRolledBackByItsCommit() {
        let figures = sqlFigures { talk in
            talk.exchange(Ask.query("BEGIN"), Say.complete("BEGIN") + Say.ready("T"))
            talk.exchange(Ask.query("SELECT 1/0"), Say.error("22012") + Say.ready("E"))
            talk.exchange(Ask.query("SELECT 1"), Say.error("25P02") + Say.ready("E"))
            talk.exchange(Ask.query("COMMIT"), Say.complete("ROLLBACK") + Say.ready())
        }
        #expect(figures.transactions == ["rolled_back": 1])
        #expect(figures.errors == ["select 22012": 1, "select 25P02": 1])
    }

    @Test func savepointsAndChainsAreToldFromEnds() {
        let figures = sqlFigures { talk in
            talk.exchange(Ask.query("BEGIN"), Say.complete("BEGIN") + Say.ready("T"))
            talk.exchange(Ask.query("SAVEPOINT s"), Say.complete("SAVEPOINT") + Say.ready("T"))
            talk.exchange(Ask.query("ROLLBACK TO s"), Say.complete("ROLLBACK") + Say.ready("T"))
            talk.exchange(Ask.query("COMMIT AND CHAIN"), Say.complete("COMMIT") + Say.ready("T"))
            talk.exchange(Ask.query("ROLLBACK"), Say.complete("ROLLBACK") + Say.ready())
        }
        #expect(figures.transactions == ["committed": 1, "rolled_back": 1])
    }

    @Test func aTransactionWithinOneTextIsOneToo() {
        let figures = sqlFigures { talk in
            let text = "BEGIN; UPDATE a SET x = 1; COMMIT; BEGIN; DELETE FROM a; ROLLBACK"
            talk.exchange(
                Ask.query(text),
                ["BEGIN", "UPDATE 1", "COMMIT", "BEGIN", "DELETE 1", "ROLLBACK"].flatMap(Say.complete) + Say.ready())
            talk.exchange(Ask.query("COMMIT"), Say.notice + Say.complete("COMMIT") + Say.ready())
            talk.exchange(Ask.query("INSERT INTO a VALUES (1)"), Say.complete("INSERT 0 1") + Say.ready())
        }
        #expect(figures.transactions == ["committed": 1, "rolled_back": 1], "a statement alone is none")
    }
}

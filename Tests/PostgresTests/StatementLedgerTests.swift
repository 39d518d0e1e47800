import Metrics
import Testing

@testable import Postgres

@Suite struct StatementLedgerTests {
    private func table(_ lines: String...) -> Rows {
        rows("queryid\town\tcalls\ttime\n" + lines.map { $0 + "\n" }.joined())
    }

    private func key(_ number: Int64, own: Bool = false) -> StatementKey {
        StatementKey(queryID: number, isOwnRole: own)
    }

    @Test func aStatementWaitsForItsTextAndThenCountsInFull() {
        var ledger = StatementLedger()
        ledger.take(table("1\tf\t10\t2000", "2\tt\t5\t100"), serverStarted: 1)
        #expect(ledger.hasUnknown && ledger.calls.isEmpty)
        ledger.learn(key(1), is: .kind(.select))
        ledger.learn(key(2, own: true), is: .own)
        #expect(!ledger.hasUnknown && ledger.calls == [.select: 10] && ledger.seconds[.select] == 2)
        ledger.take(table("1\tf\t12\t2500", "2\tt\t9\t200", "3\tf\t4\t0"), serverStarted: 1)
        #expect(ledger.calls == [.select: 12] && ledger.hasUnknown && ledger.count == 3)
        ledger.learn(key(3), is: .kind(.delete))
        #expect(ledger.calls == [.select: 12, .delete: 4])
    }

    @Test func aStatementThatWasForgottenAndMetAgainLosesNothing() {
        var ledger = StatementLedger()
        ledger.take(table("1\tf\t10\t0"), serverStarted: 1)
        ledger.learn(key(1), is: .kind(.insert))
        ledger.take(table(), serverStarted: 1)
        #expect(ledger.calls == [.insert: 10] && ledger.count == 0)
        ledger.take(table("1\tf\t3\t0"), serverStarted: 1)
        #expect(ledger.hasUnknown, "its text has to be read again")
        ledger.learn(key(1), is: .kind(.insert))
        #expect(ledger.calls == [.insert: 13])
        ledger.take(table("1\tf\t2\t0"), serverStarted: 1)
        #expect(ledger.calls == [.insert: 15], "reset meanwhile")
    }

    @Test func anotherServersCountsAreNoGrowth() {
        var ledger = StatementLedger()
        ledger.take(table("1\tf\t10\t0"), serverStarted: 1)
        ledger.learn(key(1), is: .kind(.update))
        ledger.take(table("1\tf\t500\t0", "2\tf\t7\t0"), serverStarted: 2)
        ledger.learn(key(2), is: .kind(.update))
        #expect(ledger.calls == [.update: 10])
        ledger.take(table("1\tf\t501\t0", "2\tf\t9\t0"), serverStarted: 2)
        #expect(ledger.calls == [.update: 13])
    }

    @Test func whatCannotBeReadIsOther() {
        var ledger = StatementLedger()
        ledger.take(table("1\tf\t10\t0"), serverStarted: 1)
        ledger.giveUpWaiting()
        #expect(ledger.calls == [.other: 10])
        ledger.take(table("1\tf\t12\t0"), serverStarted: 1)
        ledger.learn(key(1), is: .kind(.select))
        #expect(ledger.calls == [.other: 10, .select: 2], "known from now on")
    }

    @Test func muchTextIsReadSeldomAndTooMuchOnce() {
        var texts = StatementTexts()
        let start = ContinuousClock.now
        #expect(texts.source(at: start) == .all)
        texts.read(10_000, at: start)
        #expect(texts.source(at: start) == .all)
        texts.read(9_700_000, at: start)
        #expect(texts.source(at: start + .seconds(120)) == nil && texts.source(at: start + .seconds(150)) == .all)
        texts.read(289 << 20, at: start)
        #expect(texts.source(at: start + .seconds(3600)) == .sessions && texts.failure?.reason == .overflow)
        var refused = StatementTexts()
        refused.failed(CollectorFailure(.refused, "no"), at: start)
        #expect(refused.source(at: start + .seconds(3599)) == .sessions)
        #expect(refused.source(at: start + .seconds(3600)) == .all)
    }

    @Test(
        arguments: [
            ("select", "select"), ("values", "select"), ("begin", "transaction"), ("savepoint", "transaction"),
            ("copy", "copy"), ("merge", "merge"), ("fetch", "fetch"), ("with", "other"), ("explain", "other"),
            (nil, "other"),
        ] as [(String?, String)])
    func kindsFollowFromTheFirstKeyword(keyword: String?, kind: String) {
        #expect(StatementKind(keyword: keyword).rawValue == kind)
    }

    @Test func everyKindStandsThereFromTheBeginning() {
        let part = PostgresQueries()
        let samples = part.samples(from: table(), of: session())
        #expect(samples.sum("database_queries_total") == 0)
        #expect(samples[PostgresQueries.count].map { $0.labels[0] } == StatementKind.allCases.map(\.rawValue))
        #expect(samples[PostgresQueries.seconds].count == StatementKind.allCases.count)
    }
}

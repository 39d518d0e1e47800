import Metrics
import Testing

@testable import Postgres

@Suite struct StatementCountersTests {
    private func table(_ lines: String...) -> Rows {
        rows("queryid\town\tcalls\ttime\n" + lines.map { $0 + "\n" }.joined())
    }

    private func key(_ number: Int64, own: Bool = false) -> StatementKey {
        StatementKey(queryID: number, isOwnRole: own)
    }

    @Test func aStatementWaitsForItsTextAndThenCountsInFull() {
        var counters = StatementCounters()
        counters.take(table("1\tf\t10\t2000", "2\tt\t5\t100"), serverStarted: 1)
        #expect(counters.hasUnknown && counters.calls.isEmpty)
        counters.learn(key(1), is: .kind(.select))
        counters.learn(key(2, own: true), is: .own)
        #expect(!counters.hasUnknown && counters.calls == [.select: 10] && counters.seconds[.select] == 2)
        counters.take(table("1\tf\t12\t2500", "2\tt\t9\t200", "3\tf\t4\t0"), serverStarted: 1)
        #expect(counters.calls == [.select: 12] && counters.hasUnknown && counters.count == 3)
        counters.learn(key(3), is: .kind(.delete))
        #expect(counters.calls == [.select: 12, .delete: 4])
    }

    @Test func aStatementThatWasForgottenAndMetAgainLosesNothing() {
        var counters = StatementCounters()
        counters.take(table("1\tf\t10\t0"), serverStarted: 1)
        counters.learn(key(1), is: .kind(.insert))
        counters.take(table(), serverStarted: 1)
        #expect(counters.calls == [.insert: 10] && counters.count == 0)
        counters.take(table("1\tf\t3\t0"), serverStarted: 1)
        #expect(counters.hasUnknown, "its text has to be read again")
        counters.learn(key(1), is: .kind(.insert))
        #expect(counters.calls == [.insert: 13])
        counters.take(table("1\tf\t2\t0"), serverStarted: 1)
        #expect(counters.calls == [.insert: 15], "reset meanwhile")
    }

    @Test func anotherServersCountsAreNoGrowth() {
        var counters = StatementCounters()
        counters.take(table("1\tf\t10\t0"), serverStarted: 1)
        counters.learn(key(1), is: .kind(.update))
        counters.take(table("1\tf\t500\t0", "2\tf\t7\t0"), serverStarted: 2)
        counters.learn(key(2), is: .kind(.update))
        #expect(counters.calls == [.update: 10])
        counters.take(table("1\tf\t501\t0", "2\tf\t9\t0"), serverStarted: 2)
        #expect(counters.calls == [.update: 13])
    }

    @Test func whatCannotBeReadIsOther() {
        var counters = StatementCounters()
        counters.take(table("1\tf\t10\t0"), serverStarted: 1)
        counters.giveUpWaiting()
        #expect(counters.calls == [.other: 10])
        counters.take(table("1\tf\t12\t0"), serverStarted: 1)
        counters.learn(key(1), is: .kind(.select))
        #expect(counters.calls == [.other: 10, .select: 2], "known from now on")
    }

    @Test func muchTextIsReadSeldomAndTooMuchOnce() {
        var texts = StatementTexts()
        let start = ContinuousClock.now
        #expect(texts.origin(at: start) == .all)
        texts.read(10_000, at: start)
        #expect(texts.origin(at: start) == .all)
        texts.read(9_700_000, at: start)
        #expect(texts.origin(at: start + .seconds(120)) == nil && texts.origin(at: start + .seconds(150)) == .all)
        texts.read(289 << 20, at: start)
        #expect(texts.origin(at: start + .seconds(3600)) == .sessions && texts.failure?.reason == .overflow)
        var refused = StatementTexts()
        refused.failed(CollectorFailure(.refused, "no"), at: start)
        #expect(refused.origin(at: start + .seconds(3599)) == .sessions)
        #expect(refused.origin(at: start + .seconds(3600)) == .all)
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

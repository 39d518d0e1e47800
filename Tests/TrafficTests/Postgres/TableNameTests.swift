// Tables on the page: how many there are, and what they are called.

import Testing

@testable import Traffic

@Suite struct TableNameTests {
    private func run(
        _ texts: [String], tag: String = "SELECT 1", _ settings: (inout PostgresTrafficSettings) -> Void = { _ in }
    )
        -> SQLFigures
    {
        var talk = SQLTalk.session()
        for text in texts { talk.exchange(Ask.query(text), Say.complete(tag) + Say.ready()) }
        return sqlFigures(of: talk.wire.packets) { settings(&$0.postgres) }
    }

    @Test func digitsAreGroupedAsInKeys() {
        let figures = run(
            (1...12).map { "SELECT * FROM events_2026_\($0)" } + ["SELECT 1 FROM log_v2", "SELECT 1 FROM user12"])
        #expect(figures.tables == ["events_* select": 12, "log_v2 select": 1, "user* select": 1])
    }

    @Test func namesWithoutDigitsStayHoweverManyThereAre() {
        let names = "abcdefghijklmnopqrst".map { "orders_\($0)\($0)" }
        let figures = run(names.map { "SELECT 1 FROM \($0)" })
        #expect(Set(figures.tables.keys) == Set(names.map { "\($0) select" }))
    }

    @Test func theCatalogsAreOne() {
        let figures = run([
            "SELECT 1 FROM pg_class", "SELECT 1 FROM information_schema.columns", "SELECT 1 FROM pg_catalog.pg_type",
        ])
        #expect(figures.tables == ["catalog select": 3])
    }

    @Test func whatHasNoSlotIsOtherExactly() {
        let words = ["alpha", "beta", "gamma", "delta"]
        let figures = run(words.flatMap { ["SELECT 1 FROM \($0)", "SELECT 2 FROM \($0)"] }) { $0.maxTables = 2 }
        #expect(figures.tables == ["alpha select": 2, "beta select": 2, "other select": 4])
        let none = run(words.map { "SELECT 1 FROM \($0)" }) { $0.maxTables = 0 }
        #expect(none.tables == ["other select": 4])
        let pairs = run(words.map { "SELECT 1 FROM \($0)" }) { $0.maxHistograms = 1 }
        #expect(pairs.tables == ["alpha select": 1, "other other": 3])
    }

    @Test func aBusyTableTakesTheSlotOfAQuietOne() {
        let texts =
            ["SELECT 1 FROM quiet"] + Array(repeating: "SELECT 1 FROM busy", count: 100) + ["SELECT 1 FROM quiet"]
        let figures = run(texts) { $0.maxTables = 1 }
        #expect(figures.tables.values.reduce(0, +) == 102)
        #expect(figures.tables["busy select", default: 0] > 90)
        #expect(figures.tables["quiet select"] == nil)
    }

    @Test func tablesThatThereAreNotDriveNobodyOut() {
        var talk = SQLTalk.session()
        let word = Array("abcdefghijklmnop")
        for number in 0..<9_000 {
            let name = (0..<4).map { String(repeating: word[number >> ($0 * 4) & 15], count: 2) }.joined(separator: "_")
            talk.exchange(Ask.query("SELECT 1 FROM no_\(name)"), Say.error("42P01") + Say.ready())
        }
        talk.exchange(Ask.query("SELECT 1 FROM there"), Say.selected(1))
        let figures = sqlFigures(of: talk.wire.packets)
        #expect(figures.tables == ["other select": 9_000, "there select": 1])
    }

    @Test func keywordsAreWhatTheySay() {
        let pairs: [(SQLWord, String)] = [
            (.select, "select"), (.truncate, "TRUNCATE"), (.savepoint, "SavePoint"), (.deallocate, "deallocate"),
            (.recursive, "recursive"), (.materialized, "materialized"), (.transaction, "transaction"),
            (.intersect, "intersect"), (.concurrently, "concurrently"), (.lateral, "LATERAL"), (.as, "as"),
        ]
        for (word, text) in pairs {
            let bytes = Array(text.utf8)
            #expect(SQLWord(bytes.span, bytes.indices) == word, "\(text)")
        }
    }
}

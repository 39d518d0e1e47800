// Which table a text works on.

import Testing

@testable import Traffic

@Suite struct StatementScannerTests {
    /// Type and table of each statement: `select a`, `other -` for no table, `select ?` for one that was cut off.
    private func scan(_ text: String, isWhole: Bool = true) -> [String] {
        var scanner = StatementScanner(hasher: Hasher64(seed: 1))
        let bytes = Array(text.utf8)
        var (position, result) = (0, [String]())
        while let statement = scanner.next(bytes.span, &position, isWhole: isWhole) {
            let table =
                switch statement.table {
                case .none: "-"
                case .unknown: "?"
                case .named:
                    scanner.name.isCatalog
                        ? "catalog" : String(printable: Array(scanner.name.bytes[..<scanner.name.count]))
                }
            result.append("\(statement.type.label) \(table)")
        }
        return result
    }

    @Test(arguments: [
        ("SELECT 1", "select -"), ("select * from Orders", "select orders"), ("SELECT*FROM a WHERE x=1", "select a"),
        ("SELECT a FROM ONLY t", "select t"), ("SELECT a FROM ONLY (t)", "select t"), ("TABLE t", "select t"),
        ("SELECT a FROM public.t", "select t"), ("SELECT a FROM shop . \"T\" x", "select shop.T"),
        ("SELECT a FROM db.shop.t", "select shop.t"), ("SELECT a FROM pg_temp.t", "select t"),
        ("SELECT a FROM pg_class", "select catalog"), ("SELECT a FROM pg_catalog.x", "select catalog"),
        ("SELECT a FROM information_schema.tables", "select catalog"),
        ("SELECT a FROM \"We\"\"ird\"", "select We\"ird"),
        ("SELECT a FROM b, c", "select b"), ("SELECT a FROM b JOIN c ON true", "select b"),
        ("SELECT a FROM generate_series(1, 2) s", "select -"), ("SELECT a FROM f(1) s, t", "select t"),
        ("SELECT a FROM f(1) s JOIN t ON x", "select t"), ("SELECT a FROM LATERAL f(1), t", "select t"),
        ("SELECT a FROM ROWS FROM (f(1), g(2)) x, t", "select t"), ("SELECT a FROM (b JOIN c ON true)", "select b"),
        ("SELECT a FROM (SELECT * FROM b) x JOIN c ON true", "select b"),
        ("SELECT (SELECT count(*) FROM b) FROM c", "select c"), ("SELECT (SELECT count(*) FROM b)", "select b"),
        ("SELECT extract(year FROM d) FROM t", "select t"), ("SELECT extract(year FROM now())", "select -"),
        ("SELECT substring(a FROM 1 FOR 2), trim(both FROM x) FROM t", "select t"),
        ("SELECT a IS DISTINCT FROM b FROM t", "select t"), ("SELECT DISTINCT a FROM t", "select t"),
        ("SELECT DISTINCT ON (a) * FROM t", "select t"), ("SELECT count(DISTINCT a) FROM t", "select t"),
        ("SELECT a INTO n FROM o", "select o"), ("(SELECT a FROM b) UNION (SELECT a FROM c)", "select b"),
        ("SELECT 1 UNION SELECT a FROM t", "select t"), ("VALUES (1), (2)", "select -"),
        ("SELECT a FROM b WHERE x IN (SELECT y FROM c)", "select b"),
        ("SELECT 1 WHERE EXISTS (SELECT 1 FROM c)", "select c"),
        ("SELECT 1 ORDER BY a, b", "select -"), ("SELECT \u{e9}t\u{e9} FROM \u{c9}t\u{e9}", "select \u{c9}t\u{e9}"),
    ])
    func queries(_ text: String, _ expected: String) {
        #expect(scan(text) == [expected])
    }

    @Test(arguments: [
        ("INSERT INTO a (x, y) VALUES (1, 2)", "insert a"), ("INSERT INTO a SELECT * FROM b", "insert a"),
        ("UPDATE a SET x = 1 FROM b", "update a"), ("UPDATE ONLY a SET x = 1", "update a"),
        ("DELETE FROM a USING b", "delete a"), ("MERGE INTO a USING b ON x", "merge a"),
        ("COPY a FROM STDIN", "copy a"), ("COPY shop.a(x) TO STDOUT", "copy shop.a"),
        ("COPY BINARY a TO STDOUT", "copy a"),
        ("COPY (SELECT * FROM a) TO STDOUT", "copy a"),
        ("WITH x AS (SELECT * FROM a) SELECT * FROM x", "select a"),
        ("WITH x AS (SELECT * FROM a) SELECT * FROM x JOIN b ON true", "select b"),
        (
            "WITH RECURSIVE x(n) AS (VALUES (1) UNION SELECT n + 1 FROM x), y AS (SELECT 1) SELECT * FROM y, t",
            "select t"
        ),
        ("WITH x AS MATERIALIZED (SELECT * FROM a) INSERT INTO b SELECT * FROM x", "insert b"),
        ("WITH x AS (INSERT INTO a VALUES (1) RETURNING *) SELECT * FROM x", "select a"),
        ("WITH x AS (DELETE FROM a RETURNING *) UPDATE b SET y = 1 FROM x", "update b"),
        ("WITH x AS (SELECT 1) DELETE FROM a WHERE y IN (SELECT * FROM x)", "delete a"),
        ("WITH x AS (SELECT 1) SELECT * FROM shop.x", "select shop.x"),
    ])
    func statementsThatWriteAndLists(_ text: String, _ expected: String) {
        #expect(scan(text) == [expected])
    }

    @Test(arguments: [
        ("BEGIN", "transaction -"), ("start transaction", "transaction -"), ("Commit", "transaction -"),
        ("ROLLBACK TO a", "transaction -"), ("SAVEPOINT a", "transaction -"), ("RELEASE a", "transaction -"),
        ("FETCH 10 FROM c", "fetch -"), ("MOVE c", "fetch -"),
        ("DECLARE c CURSOR WITH HOLD FOR SELECT * FROM a", "other a"),
        ("TRUNCATE TABLE ONLY a, b", "other a"), ("LOCK TABLE a IN SHARE MODE", "other a"),
        ("CREATE TABLE IF NOT EXISTS shop.a (x int)", "other shop.a"), ("CREATE TEMP TABLE a AS SELECT 1", "other a"),
        ("CREATE UNIQUE INDEX CONCURRENTLY i ON a (x)", "other a"),
        ("ALTER TABLE IF EXISTS ONLY a ADD x int", "other a"),
        ("DROP TABLE IF EXISTS a", "other a"), ("DROP FUNCTION f()", "other -"), ("VACUUM (ANALYZE) a", "other a"),
        ("ANALYZE", "other -"), ("VACUUM FULL a", "other a"), ("REFRESH MATERIALIZED VIEW CONCURRENTLY v", "other v"),
        ("EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM a", "other a"), ("EXPLAIN ANALYZE UPDATE a SET x = 1", "other a"),
        ("SET search_path TO a", "other -"), ("SHOW x", "other -"), ("CALL p(1)", "other -"),
        ("DO $$ SELECT 1 FROM a $$", "other -"),
        ("PREPARE TRANSACTION 'x'", "other -"), ("NOTIFY a, 'from b'", "other -"), ("EXECUTE p(1)", "other -"),
    ])
    func otherStatements(_ text: String, _ expected: String) {
        #expect(scan(text) == [expected])
    }

    @Test(
        arguments: [
            ("-- from x\nSELECT 1 /* FROM y /* z */ FROM w */ FROM a -- from b", ["select a"]),
            ("SELECT ' FROM x; ' || E'\\' FROM y; ' || $q$ FROM z; $$ $q$ FROM a; SELECT 2", ["select a", "select -"]),
            ("SELECT \"FROM x;\" FROM a;;; ; UPDATE b SET c = 'it''s; ok'; ", ["select a", "update b"]),
            ("SELECT $1 FROM a$b WHERE x = $2; DELETE FROM c", ["select a$b", "delete c"]),
            ("SELECT U&'\\0041 FROM x' FROM U&\"a\"; SELECT B'1', x'f' FROM b", ["select a", "select b"]),
            ("BEGIN; INSERT INTO a VALUES (';'); COMMIT", ["transaction -", "insert a", "transaction -"]),
            ("SELECT 1 /* open", ["select -"]), ("SELECT 'open FROM a", ["select -"]),
            ("SELECT $x$ open", ["select -"]),
            ("", []), ("   \n\t", []), ("()((", []), ("'a' b", ["other -"]), ("SELECT", ["select -"]),
            ("SELECT FROM", ["select -"]),
        ] as [(String, [String])])
    func whatIsNoKeyword(_ text: String, _ expected: [String]) {
        #expect(scan(text) == expected)
    }

    @Test func whatWasCutOffIsUnknown() {
        #expect(scan("SELECT a, b, c", isWhole: false) == ["select ?"])
        #expect(scan("SELECT a FROM t WHERE x = 'abc", isWhole: false) == ["select t"])
    }

    @Test func namesAreCutWhereTheServerCutsThem() {
        let long = String(repeating: "n", count: 80)
        #expect(scan("SELECT 1 FROM \(long)") == ["select \(long.prefix(63))"])
        let odd = String(repeating: "n", count: 62)
        #expect(scan("SELECT 1 FROM \"\(odd)\u{e9}\u{e9}\"") == ["select \(odd)"], "no character is cut in two")
        #expect(scan("SELECT 1 FROM \"a\u{1}\nb\"") == ["select a\\x01\\x0ab"])
        #expect(scan("SELECT 1 FROM \(long).\(long)") == ["select \(long.prefix(63)).\(long.prefix(63))"])
    }

    @Test func anyDepthOfBracketsIsSurvived() {
        let deep = String(repeating: "(", count: 20_000)
        #expect(scan("SELECT \(deep) SELECT 1 FROM a") == ["select -"])
        #expect(scan("\(deep) SELECT 1 FROM a").count == 1)
    }
}

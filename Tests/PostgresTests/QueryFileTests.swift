import Foundation
import Metrics
import Testing

@testable import Postgres

@Suite struct QueryFileTests {
    @Test func everythingThatTheFormatHas() throws {
        let queries = try CustomQuery.read(
            SmallYAML.parse(
                """
                orders:
                  query: |
                    SELECT state, kind,
                      total FROM orders
                  master: true
                  cache_seconds: 30
                  timeout: 250ms
                  min_version: 120000
                  max_version: 180000
                  metrics:
                    - state:
                        usage: "LABEL"
                        description: "State"
                    - kind:
                        usage: label
                        rename: type
                        default: none
                    - total:
                        usage: COUNTER
                        description: Orders.
                        scale: 0.5
                        default: 3
                    - lag:
                        usage: DURATION
                    - noise:
                        usage: DISCARD
                    - sizes:
                        usage: HISTOGRAM
                orders_old:
                  name: orders
                  query: SELECT 1 AS other
                  skip: true
                  metrics:
                    - other:
                        usage: GAUGE
                """))
        #expect(queries.count == 1, "the second is skipped")
        let query = try #require(queries.first)
        #expect(query.text == "SELECT state, kind,\ntotal FROM orders" && query.isForPrimary)
        #expect(query.lifetime == .seconds(30) && query.timeout == .milliseconds(250))
        #expect(query.versions == 120000..<180000)
        #expect(query.labels.map(\.name) == ["state", "type"] && query.labels.map(\.fallback) == ["", "none"])
        #expect(query.descriptors.map(\.name) == ["orders_total", "orders_lag_milliseconds", "orders_sizes"])
        #expect(query.descriptors.map(\.kind) == [.counter, .gauge, .histogram])
        #expect(query.descriptors.allSatisfy { $0.labels == ["state", "type"] })
    }

    /// What is wrong, the line, and a part of the message.
    @Test(arguments: [
        ("just text", 1, "a map from names to queries"),
        ("q:\n  query: SELECT 1\n  metric:\n    - a:\n        usage: GAUGE\n", 3, "unknown key metric"),
        ("q:\n  metrics:\n    - a:\n        usage: GAUGE\n", 1, "has no `query`"),
        ("q:\n  query: SELECT 1\n", 1, "no column that is a metric"),
        ("q:\n  query: SELECT 1\n  metrics:\n    - a:\n        usage: LABEL\n", 1, "no column that is a metric"),
        ("q:\n  query: SELECT 1\n  metrics:\n    - a:\n        usage: GUAGE\n", 5, "usage must be one of LABEL"),
        ("q:\n  query: SELECT 1\n  metrics:\n    - a:\n        description: x\n", 4, "has no `usage`"),
        ("q:\n  query: SELECT 1\n  metrics:\n    - a:\n      usage: GAUGE\n", 4, "indented below it"),
        ("q:\n  query: SELECT 1\n  metrics:\n    - a:\n        usage: GAUGE\n        scal: 2\n", 6, "unknown key scal"),
        ("q:\n  query: SELECT 1\n  metrics:\n    - a:\n        usage: GAUGE\n        scale: 0\n", 4, "scale 0"),
        ("q:\n  query: SELECT 1\n  metrics:\n    - a:\n        usage: GAUGE\n        scale: two\n", 6, "a number"),
        ("q:\n  query: SELECT 1\n  metrics:\n    - a:\n        usage: GAUGE\n        default: x\n", 6, "a number"),
        ("q:\n  query: SELECT 1\n  metrics:\n    - a-b:\n        usage: GAUGE\n", 4, "a-b is no name"),
        ("q:\n  query: SELECT 1\n  metrics:\n    - le:\n        usage: LABEL\n", 4, "a meaning of its own"),
        ("q:\n  query: SELECT 1\n  metrics: all\n", 3, "a list of columns"),
        ("q:\n  query: SELECT 1\n  metrics:\n    - a: GAUGE\n", 4, "is a map with the keys usage"),
        ("q-1:\n  query: SELECT 1\n  metrics:\n    - a:\n        usage: GAUGE\n", 1, "cannot begin a metric name"),
        ("q:\n  query: SELECT 1\n  ttl: soon\n  metrics:\n    - a:\n        usage: GAUGE\n", 3, "a number of seconds"),
        ("q:\n  query: SELECT 1\n  ttl: -1\n  metrics:\n    - a:\n        usage: GAUGE\n", 3, "a number of seconds"),
        (
            "q:\n  query: S\n  ttl: 1\n  cache_seconds: 1\n  metrics:\n    - a:\n        usage: GAUGE\n", 1,
            "mean the same"
        ),
        ("q:\n  query: S\n  master: perhaps\n  metrics:\n    - a:\n        usage: GAUGE\n", 3, "true or false"),
        ("q:\n  query: S\n  min_version: 14\n  metrics:\n    - a:\n        usage: GAUGE\n", 3, "such as 140000"),
        (
            "q:\n  query: S\n  min_version: 150000\n  max_version: 140000\n  metrics:\n    - a:\n        usage: GAUGE\n",
            1,
            "max_version is exclusive"
        ),
        (
            "q:\n  query: S\n  metrics:\n    - a:\n        usage: GAUGE\nq:\n  query: S\n", 6, "query q stands twice"
        ),
        (
            "q:\n  query: S\n  metrics:\n    - a:\n        usage: GAUGE\n    - a:\n        usage: GAUGE\n", 6,
            "column a stands twice"
        ),
        (
            "q:\n  query: S\n  metrics:\n    - a:\n        usage: GAUGE\np:\n  name: q\n  query: S\n  metrics:\n"
                + "    - a:\n        usage: COUNTER\n", 6, "q_a is there already"
        ),
    ])
    func mistakesAreRefusedWithTheirLine(text: String, line: Int, message: String) throws {
        let error = #expect(throws: QueryFileError.self) { try CustomQuery.read(SmallYAML.parse(text)) }
        let problem = try #require(error?.problems.first)
        #expect(problem.line == line, "\(problem.message)")
        #expect(problem.message.contains(message), "\(problem.message)")
        #expect(error?.description.hasPrefix("line \(line): ") == true)
    }

    @Test func allMistakesAreToldAtOnceInTheirOrder() throws {
        let text = "b:\n  query: S\n  ttl: x\n  metrics:\n    - a:\n        usage: GAUGE\nc:\n  quary: S\n"
        let error = #expect(throws: QueryFileError.self) { try CustomQuery.read(SmallYAML.parse(text)) }
        #expect(error?.problems.map(\.line) == [3, 7, 8])
    }

    @Test func theShippedFileIsGood() throws {
        let file = URL(fileURLWithPath: #filePath).appending(path: "../../../deploy/gateway-queries.yaml").standardized
        let queries = try CustomQuery.read(SmallYAML.parse(try String(contentsOf: file, encoding: .utf8)))
        #expect(
            queries.flatMap(\.descriptors).map(\.name)
                == ["organizations_total", "users_total", "redis_instances_total", "api_keys_total"])
    }
}

@Suite struct CustomQueryDecodeTests {
    private func part(_ columns: String, limit: Int = 1000) throws -> CustomQueryPart {
        let text = "q:\n  query: SELECT 1\n  metrics:\n\(columns)"
        return try part(reading: text, limit: limit)
    }

    private func part(reading text: String, limit: Int = 1000) throws -> CustomQueryPart {
        let options = PostgresOptions(
            PostgresAccess(try ConnectionString(parsing: "")), timeout: .seconds(5), seriesPerQuery: limit)
        return CustomQueryPart(try CustomQuery.read(SmallYAML.parse(text))[0], options)
    }

    @Test func defaultsStandForNullOnly() throws {
        let part = try self.part(
            """
                - name:
                    usage: LABEL
                    default: nobody
                - a:
                    usage: GAUGE
                    default: 7
                    scale: 2
                - b:
                    usage: GAUGE
            """)
        let samples = part.samples(
            from: rows("name\ta\tb\tunknown\n\\N\t\\N\t\\N\t1\nx\t1\tword\t1\ny\tt\tInfinity\t1\n"), of: session())
        #expect(
            samples.value("q_a", "nobody") == 14 && samples.value("q_a", "x") == 2 && samples.value("q_a", "y") == 2)
        #expect(samples.value("q_b", "nobody") == nil && samples.value("q_b", "x") == nil)
        #expect(samples.value("q_b", "y") == .infinity)
        #expect(samples.value("sidelong_postgres_query_dropped_series", "q") == 0)
        #expect(!samples.names.contains("q_unknown"))
    }

    @Test(arguments: [
        ("1h2m3.5s", 3_723_500.0), ("-300ms", -300), ("1µs", 0.001), ("0s", 0), ("word", nil), ("1", nil), ("", nil),
        ("1.2.3s", nil),
    ])
    func durations(text: String, milliseconds: Double?) throws {
        let samples = try part("    - a:\n        usage: DURATION\n").samples(
            from: rows("a\tb\n\(text)\t1\n"), of: session())
        let value = samples.value("q_a_milliseconds")
        #expect((value == nil) == (milliseconds == nil))
        if let value, let milliseconds { #expect(abs(value - milliseconds) < 1e-6) }
    }

    @Test func histogramsComeFromFourColumns() throws {
        let part = try self.part("    - a:\n        usage: HISTOGRAM\n")
        let samples = part.samples(
            from: rows("a\ta_bucket\ta_sum\ta_count\n{0.1,1,10}\t{1,3,6}\t12.5\t8\n"), of: session())
        let family = try #require(samples.families.first { $0.descriptor.name == "q_a" })
        guard case .histogram(let value)? = family.samples.first?.value else {
            Issue.record("no histogram")
            return
        }
        #expect(value.buckets.bounds == [0.1, 1, 10] && value.counts == [1, 2, 3, 2] && value.sum == 12.5)
    }

    /// As in a file of postgres_exporter's, whose query counts other sessions in the buckets than in all.
    @Test func bucketsMayStandInAnyOrderAndHoldMoreThanAll() throws {
        let part = try self.part("    - a:\n        usage: HISTOGRAM\n")
        let samples = part.samples(from: rows("a\ta_bucket\ta_sum\ta_count\n{2,1}\t{5,3}\t1\t4\n"), of: session())
        let family = try #require(samples.families.first { $0.descriptor.name == "q_a" })
        guard case .histogram(let value)? = family.samples.first?.value else {
            Issue.record("no histogram")
            return
        }
        #expect(value.buckets.bounds == [1, 2] && value.counts == [3, 2, 0])
    }

    @Test(arguments: [
        "{1,2}\t{1}\t1\t1", "{2,1}\t{1,2}\t1\t3", "{1,1}\t{1,2}\t1\t3", "{1}\t{-1}\t1\t3", "{-1}\t{1}\t1\t3",
        "{1e300}\t{1}\t1\t3",
        "{NaN}\t{1}\t1\t3", "{1}\t{1.5}\t1\t3", "1\t1\t1\t1", "{1}\t{1}\t\\N\t1", "{1}\t{1}\t1\t1e30",
        "{1,}\t{1,2}\t1\t3",
        "{{1}}\t{1}\t1\t1", "{1}\t{1}\t1\t-1", "{NULL}\t{1}\t1\t1", "{}\t{1}\t1\t1", "\\N\t\\N\t\\N\t\\N",
    ])
    func histogramsThatMakeNoSenseAreAbsent(cells: String) throws {
        let part = try self.part("    - a:\n        usage: HISTOGRAM\n")
        let samples = part.samples(from: rows("a\ta_bucket\ta_sum\ta_count\n\(cells)\n"), of: session())
        #expect(!samples.names.contains("q_a"))
    }

    @Test func whatIsAskedDependsOnTheServer() throws {
        let text = """
            q:
              query: SELECT 1
              timeout: 1
              min_version: 140000
              max_version: 160000
              metrics:
                - a:
                    usage: GAUGE
                - b:
                    usage: GAUGE
            """
        let part = try self.part(reading: text, limit: 10)
        let opening = Statement.Opening.users("\"$user\", public")
        #expect(part.query(for: session(130000)) == .nothing && part.query(for: session(160000)) == .nothing)
        #expect(
            part.query(for: session(150000))
                == .ask(Statement("SELECT 1", timeout: .seconds(1), rowLimit: 5, opening: opening)),
            "ten series are five rows of two")
        let patient = try self.part(reading: text.replacing("timeout: 1", with: "timeout: 1m"), limit: 10)
        #expect(
            patient.query(for: session(150000)) == .ask(Statement("SELECT 1", rowLimit: 5, opening: opening)),
            "no longer than the session's")
    }

    @Test func whatIsBeyondTheLimitIsCounted() throws {
        var table = rows("a\n1\n")
        table.dropped = 4
        let samples = try part("    - a:\n        usage: GAUGE\n").samples(from: table, of: session())
        #expect(samples.value("sidelong_postgres_query_dropped_series", "q") == 4)
    }
}

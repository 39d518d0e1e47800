import Metrics
import Testing

@testable import Exporter

/// Each rule: what makes it speak, and what keeps it silent although little is different.
@Suite struct AdviceRuleTests {
    /// A rule, a page on which it speaks, what it says, and changes of the page with each of which it is silent.
    struct Case: Sendable, CustomTestStringConvertible {
        let rule: String
        let page: String
        let says: String
        let silent: [(from: String, to: String)]

        var testDescription: String { rule }
    }

    static let cases = [
        Case(
            rule: "hit_rate",
            page: """
                redis_key_hits_total{key_group="cart:*"} 600
                redis_key_misses_total{key_group="cart:*"} 400
                """,
            says: "key group cart:*: 60 % of 1000 reads",
            silent: [("} 400", "} 120"), ("} 600", "} 500"), ("redis_key_misses", "other_misses")]),
        Case(
            rule: "big_replies",
            page: """
                redis_key_response_bytes_total{key_group="blob:*"} 2000000
                redis_key_command_duration_seconds_bucket{key_group="blob:*",command="get",source="wire",le="1"} 100
                redis_key_command_duration_seconds_bucket{key_group="blob:*",command="get",source="wire",le="+Inf"} 100
                """,
            says: "key group blob:*: 19.5 KiB per reply",
            silent: [
                ("2000000", "1600000"), ("le=\"+Inf\"} 100", "le=\"+Inf\"} 99"),
                ("source=\"wire\"", "source=\"slowlog\""),
            ]),
        Case(
            rule: "single_commands",
            page: """
                redis_command_duration_seconds_bucket{command="get",source="wire",le="+Inf"} 20000
                redis_command_duration_seconds_bucket{command="set",source="wire",le="+Inf"} 10000
                redis_pipeline_depth_bucket{le="1.0"} 29000
                redis_pipeline_depth_bucket{le="+Inf"} 30000
                """,
            says: "GET: 20.0k GET",
            silent: [
                ("29000", "25000"), ("le=\"+Inf\"} 10000", "le=\"+Inf\"} 21000"), ("\"+Inf\"} 20000", "\"+Inf\"} 9999"),
            ]),
        Case(
            rule: "slow_paths",
            page: """
                http_request_duration_seconds_bucket{method="GET",path="/report",le="0.5"} 80
                http_request_duration_seconds_bucket{method="GET",path="/report",le="2.5"} 100
                http_request_duration_seconds_bucket{method="GET",path="/report",le="+Inf"} 100
                """,
            says: "GET /report: P95 2.0 s over 100 requests",
            silent: [("\"0.5\"} 80", "\"0.5\"} 96"), ("} 100", "} 99")]),
        Case(
            rule: "slow_tables",
            page: """
                database_table_query_duration_seconds_bucket{table="orders",type="select",le="0.025"} 50
                database_table_query_duration_seconds_bucket{table="orders",type="select",le="0.1"} 100
                database_table_query_duration_seconds_bucket{table="orders",type="select",le="+Inf"} 100
                """,
            says: "select on orders: P95 92.5 ms over 100 statements",
            silent: [("\"0.025\"} 50", "\"0.025\"} 96"), ("} 100", "} 99")]),
        Case(
            rule: "evictions",
            page: """
                redis_evicted_keys_total 2000
                redis_commands_processed_total 100000
                """,
            says: "memory of Redis: 2000 keys evicted",
            silent: [(" 2000", " 999"), ("100000", "300000")]),
        Case(
            rule: "pool_too_small",
            page: """
                pgbouncer_stats_client_wait_seconds_total{database="app"} 30
                pgbouncer_stats_queries_duration_seconds_total{database="app"} 100
                pgbouncer_stats_queries_pooled_total{database="app"} 10000
                """,
            says: "pool of app: 3.0 ms of waiting per statement",
            silent: [("} 30", "} 9"), ("} 10000", "} 900")]),
        Case(
            rule: "idle_in_transaction",
            page: """
                database_idle_in_transaction_seconds_bucket{le="0.5"} 980
                database_idle_in_transaction_seconds_bucket{le="2.5"} 1000
                database_idle_in_transaction_seconds_bucket{le="+Inf"} 1000
                """,
            says: "transactions: P99 of the waits within a transaction is 1.5 s",
            silent: [("980", "995"), ("1000", "99")]),
        Case(
            rule: "idle_in_transaction",
            page: #"pg_stat_activity_max_state_age_seconds{datname="app",state="idle in transaction"} 90"#,
            says: "database app: a session has been idle in a transaction for 90.0 s",
            silent: [("} 90", "} 59"), ("idle in transaction", "active")]),
        Case(
            rule: "connection_churn",
            page: """
                redis_connections_received_total 5000
                redis_commands_processed_total 20000
                """,
            says: "clients of Redis: 5000 connections",
            silent: [("20000", "60000"), ("total 5000", "total 900"), ("redis_commands", "other")]),
        Case(
            rule: "database_logins",
            page: """
                database_logins_total 500
                database_queries_total{type="select",source="wire"} 1000
                """,
            says: "sessions of Postgres: 500 logins", silent: [("1000", "9000"), (" 500", " 50"), ("wire", "server")]),
        Case(
            rule: "unprepared_statements",
            page: """
                database_prepared_executions_total{statement="known"} 100
                database_queries_total{type="select",source="wire"} 20000
                """,
            says: "statements: 0.5 % of 20.0k statements", silent: [("} 100", "} 4000"), ("20000", "9000")]),
        Case(
            rule: "unprepared_statements",
            page: """
                pgbouncer_stats_client_parses_total{database="app"} 19000
                pgbouncer_stats_binds_total{database="app"} 20000
                """,
            says: "prepared statements of app: 19.0k were prepared", silent: [("19000", "9000"), ("20000", "9999")]),
        Case(
            rule: "no_memory_limit",
            page: """
                redis_memory_max_bytes 0
                redis_memory_used_bytes 1048576
                """,
            says: "memory of Redis: maxmemory is 0; 1.0 MiB are in use", silent: [("bytes 0", "bytes 1")]),
        Case(
            rule: "fragmentation",
            page: """
                redis_mem_fragmentation_ratio 2
                redis_memory_used_bytes 200000000
                """,
            says: "memory of Redis: 2 times the 191 MiB in use",
            silent: [("ratio 2", "ratio 1.4"), ("200000000", "90000000")]),
        Case(
            rule: "refused_parts",
            page: """
                sidelong_collector_success{collector="redis_slowlog"} 0
                sidelong_collector_success{collector="redis"} 1
                """,
            says: "Sidelong itself: not available: redis_slowlog", silent: [("} 0", "} 1")]),
        Case(
            rule: "capture_incomplete",
            page: """
                sidelong_wire_coverage_ratio 0.5
                sidelong_wire_packets_dropped_total{interface="lo"} 12
                """,
            says: "capture of Redis: 50 % of its commands", silent: [("0.5", "0.96")]),
    ]

    private func findings(on text: String) throws -> [String: [String]] {
        let page = try PageText.read(Array(text.utf8))
        let evidence = Evidence(levels: page, growth: page, period: "since its counters began")
        return Dictionary(grouping: AdviceRule.findings(in: evidence), by: \.rule)
            .mapValues { $0.map { "\($0.subject): \($0.figure)" } }
    }

    @Test(arguments: cases)
    func speaksOnEvidenceAlone(of one: Case) throws {
        let found = try findings(on: one.page)
        #expect(found[one.rule]?.count == 1 && found.count == 1, "\(found)")
        #expect(found[one.rule]?.first?.hasPrefix(one.says) == true, "\(found)")
        for (from, to) in one.silent {
            #expect(one.page.contains(from))
            #expect(try findings(on: one.page.replacing(from, with: to))[one.rule] == nil, "\(from) -> \(to)")
        }
    }

    @Test func keysWithoutExpiryTakeTwoLooks() throws {
        func page(_ keys: Int, _ expiring: Int) throws -> SeriesPage {
            let text = "redis_db_keys{db=\"db0\"} \(keys)\nredis_db_keys_expiring{db=\"db0\"} \(expiring)\n"
            return try PageText.read(Array(text.utf8))
        }
        func rules(_ first: SeriesPage, _ second: SeriesPage) -> [String] {
            AdviceRule.findings(in: PageEvidence.evidence(first, second, period: "in 30 s")).map(\.rule)
        }
        #expect(rules(try page(2000, 0), try page(3000, 0)) == ["keys_without_expiry"])
        // As many more, all of which expire; and hardly more.
        #expect(rules(try page(2000, 0), try page(3000, 1000)) == [])
        #expect(rules(try page(2000, 0), try page(2100, 0)) == [])
        let one = try page(3000, 0)
        #expect(AdviceRule.findings(in: Evidence(levels: one, growth: one)).isEmpty)
    }

    @Test func aPoolIsTooLargeByWhatItNeededAtMost() throws {
        let text = """
            pgbouncer_pool_utilization_ratio{database="app",user="web"} 0.1
            pgbouncer_databases_pool_size{name="app",host="h",port="5432",database="app"} 40
            """
        let page = try PageText.read(Array(text.utf8))
        let finding = try #require(
            AdviceRule.findings(in: Evidence(levels: page, peaks: page, period: "in 24 h")).first)
        #expect(finding.rule == "pool_too_large" && finding.remedy.contains("A pool_size of 8"))
        // What it needs at one moment says nothing.
        #expect(AdviceRule.findings(in: Evidence(levels: page)).isEmpty)
    }

    @Test func harmComesBeforeWasteBeforeRisk() throws {
        let page = try PageText.read(Array(Self.cases.map { $0.page }.joined(separator: "\n").utf8))
        let findings = AdviceRule.findings(in: Evidence(levels: page, growth: page, period: "today"))
        #expect(findings.count > 12)
        #expect(findings.map(\.weight) == findings.map(\.weight).sorted(by: >))
        #expect(findings.first?.gravity == .harm && findings.last?.gravity == .risk)
        for finding in findings {
            #expect(finding.remedy.hasSuffix(".") && finding.meaning.hasSuffix("."), "\(finding)")
        }
    }

    @Test func counterResetsBetweenTwoLooks() throws {
        func page(_ count: Int) throws -> SeriesPage {
            try PageText.read(Array("redis_evicted_keys_total \(count)\n".utf8))
        }
        let grown = PageEvidence.evidence(try page(100), try page(130), period: "")
        #expect(grown.growth.sum("redis_evicted_keys_total") == 30)
        let restarted = PageEvidence.evidence(try page(100), try page(30), period: "")
        #expect(restarted.growth.sum("redis_evicted_keys_total") == 30)
    }

    @Test func nothingOnThePageIsNoAdvice() {
        let evidence = Evidence(period: "since its counters began")
        #expect(AdviceRule.findings(in: evidence).isEmpty)
        #expect(AdviceReport.text([], evidence).hasPrefix("Nothing to advise: \(AdviceRule.all.count) rules"))
    }

    @Test func reportsForPeopleAndPrograms() throws {
        let page = try PageText.read(Array(Self.cases[0].page.utf8))
        let evidence = Evidence(levels: page, growth: page, period: "since its counters began")
        let findings = AdviceRule.findings(in: evidence)
        let text = AdviceReport.text(findings, evidence)
        #expect(text.hasPrefix("1. key group cart:* (waste): 60 % of 1000 reads found their key since its"))
        #expect(text.contains("\n   -> See whether") && text.split(separator: "\n").allSatisfy { $0.count <= 78 })
        let json = try JSONReader.read(AdviceReport.json(findings, evidence))
        #expect(json["findings"]?.elements?.first?["rule"] == .string("hit_rate"))
        #expect(json["findings"]?.elements?.first?["weight"] == .number(2.4))
    }

    /// Every figure that a rule asks for is one that Sidelong can show, and every rule has a name of its own.
    @Test func rulesAskForFamiliesThatThereAre() {
        let known = Dictionary(grouping: Catalogue.sections.flatMap(\.descriptors), by: \.name)
        for rule in AdviceRule.all {
            for name in rule.counters { #expect(known[name]?.first?.kind == .counter, "\(rule.name): \(name)") }
            for name in rule.histograms { #expect(known[name]?.first?.kind == .histogram, "\(rule.name): \(name)") }
            for name in rule.gauges { #expect(known[name]?.first?.kind == .gauge, "\(rule.name): \(name)") }
        }
        #expect(Set(AdviceRule.all.map(\.name)).count == AdviceRule.all.count)
        let tested = Set(Self.cases.map(\.rule) + ["keys_without_expiry", "pool_too_large"])
        #expect(tested == Set(AdviceRule.all.map(\.name)))
    }
}

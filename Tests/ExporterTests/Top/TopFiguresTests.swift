import Metrics
import Testing

@testable import Exporter

/// From pages to rows.
@Suite struct TopFiguresTests {
    /// A page with wire samples of a time, and more.
    static func page(_ time: Double, _ text: String) throws -> SeriesPage {
        let own = ["wire", "redis", "redis_commands", "redis_latency_histogram", "pgbouncer", "redis_queues_rq"].map {
            "sidelong_collector_last_success_timestamp_seconds{collector=\"\($0)\"} \(time)\n"
        }
        return try PageText.read(Array((own.joined() + text).utf8))
    }

    /// Figures after two pages ten seconds apart.
    static func figures(_ first: String, _ second: String) throws -> TopFigures {
        var figures = TopFigures()
        figures.take(try page(1000, first), at: 1000)
        figures.take(try page(1010, second), at: 1012)
        return figures
    }

    private func row(_ name: String, of table: TopTable, _ figures: TopFigures) throws -> [String: Double] {
        let row = try #require(figures.rows(of: table).first { $0.name == name }, "\(figures.rows(of: table))")
        var named: [String: Double] = [:]
        for (column, figure) in zip(table.columns, row.figures) { named[column.title] = figure }
        return named
    }

    static let keys = """
        redis_key_command_duration_seconds_bucket{key_group="cart:*",command="get",source="wire",le="0.001"} 100
        redis_key_command_duration_seconds_bucket{key_group="cart:*",command="get",source="wire",le="0.01"} 100
        redis_key_command_duration_seconds_bucket{key_group="cart:*",command="get",source="wire",le="+Inf"} 100
        redis_key_command_duration_seconds_bucket{key_group="cart:*",command="set",source="wire",le="0.001"} 0
        redis_key_command_duration_seconds_bucket{key_group="cart:*",command="set",source="wire",le="0.01"} 0
        redis_key_command_duration_seconds_bucket{key_group="cart:*",command="set",source="wire",le="+Inf"} 0
        redis_key_hits_total{key_group="cart:*"} 40
        redis_key_misses_total{key_group="cart:*"} 10
        redis_key_request_bytes_total{key_group="cart:*"} 1000
        redis_key_response_bytes_total{key_group="cart:*"} 5000

        """
    static let laterKeys = """
        redis_key_command_duration_seconds_bucket{key_group="cart:*",command="get",source="wire",le="0.001"} 150
        redis_key_command_duration_seconds_bucket{key_group="cart:*",command="get",source="wire",le="0.01"} 150
        redis_key_command_duration_seconds_bucket{key_group="cart:*",command="get",source="wire",le="+Inf"} 150
        redis_key_command_duration_seconds_bucket{key_group="cart:*",command="set",source="wire",le="0.001"} 0
        redis_key_command_duration_seconds_bucket{key_group="cart:*",command="set",source="wire",le="0.01"} 50
        redis_key_command_duration_seconds_bucket{key_group="cart:*",command="set",source="wire",le="+Inf"} 50
        redis_key_hits_total{key_group="cart:*"} 70
        redis_key_misses_total{key_group="cart:*"} 20
        redis_key_request_bytes_total{key_group="cart:*"} 2000
        redis_key_response_bytes_total{key_group="cart:*"} 8000

        """

    @Test func keyGroupsAddTheirCommandsUp() throws {
        let row = try row("cart:*", of: .keyGroups, Self.figures(Self.keys, Self.laterKeys))
        #expect(row["rate"] == 10)
        // 50 of 100 up to 1 ms, the others between 1 and 10 ms.
        #expect(row["P50"] == 0.001)
        #expect(abs((row["P99"] ?? 0) - 0.00982) < 1e-9)
        #expect(row["hits"] == 0.75)
        #expect(row["bytes/s"] == 400)
    }

    @Test func commandsAreTheServersWhereNothingIsOnTheWire() throws {
        func server(_ count: Int) -> String {
            """
            redis_command_duration_seconds_bucket{command="get",source="server",le="0.001"} \(count)
            redis_command_duration_seconds_bucket{command="get",source="server",le="+Inf"} \(count)
            redis_command_errors_total{command="get"} \(count / 10)

            """
        }
        func wire(_ count: Int) -> String {
            """
            redis_command_duration_seconds_bucket{command="get",source="wire",le="0.001"} \(count)
            redis_command_duration_seconds_bucket{command="get",source="wire",le="+Inf"} \(count)

            """
        }
        let alone = try row("get", of: .commands, Self.figures(server(100), server(200)))
        #expect(alone["rate"] == 10 && alone["errors/s"] == 1)
        let both = try row("get", of: .commands, Self.figures(server(100) + wire(0), server(200) + wire(30)))
        #expect(both["rate"] == 3)
    }

    @Test func pathsTablesUsersAndKeysOfTheGateway() throws {
        func text(_ count: Int) -> String {
            [
                ("http_request_duration_seconds", #"method="GET",path="/a/*""#),
                ("database_table_query_duration_seconds", #"table="orders",type="select""#),
                ("database_query_duration_seconds", #"type="select""#),
                ("redis_user_command_duration_seconds", #"user="web""#),
                ("api_key_request_duration_seconds", #"name="mobile""#),
            ].map { name, labels in
                "\(name)_bucket{\(labels),le=\"0.1\"} \(count)\n\(name)_bucket{\(labels),le=\"+Inf\"} \(count)\n"
            }.joined() + """
                http_request_errors_total{method="GET",path="/a/*",status="500"} \(count / 10)
                http_request_errors_total{method="GET",path="/a/*",status="502"} \(count / 10)
                http_response_bytes_total{method="GET",path="/a/*"} \(count * 10)
                database_query_errors_total{type="select",sqlstate="40001"} \(count / 10)
                redis_user_command_errors_total{user="web",error="NOPERM"} \(count / 10)
                api_key_auth_failures_total{name="mobile",reason="unauthorized"} \(count / 10)
                api_key_rate_limited_total{name="mobile"} \(count / 10)

                """
        }
        let figures = try Self.figures(text(0), text(100))
        let path = try row("GET /a/*", of: .paths, figures)
        #expect(path["rate"] == 10 && path["errors/s"] == 2 && path["bytes/s"] == 100)
        #expect(try row("orders select", of: .tables, figures)["rate"] == 10)
        #expect(try row("select", of: .statements, figures)["errors/s"] == 1)
        #expect(try row("web", of: .users, figures)["errors/s"] == 1)
        #expect(try row("mobile", of: .apiKeys, figures)["refused/s"] == 2)
    }

    @Test func queuesAndPools() throws {
        let text = """
            redis_queue_jobs{system="rq",queue="mail",state="waiting"} 12
            redis_queue_jobs{system="rq",queue="mail",state="dead"} 2
            redis_queue_oldest_job_age_seconds{system="rq",queue="mail"} 30
            pgbouncer_pools_client_active_connections{database="app",user="web"} 9
            pgbouncer_pools_client_waiting_connections{database="app",user="web"} 3
            pgbouncer_pool_utilization_ratio{database="app",user="web"} 0.5

            """
        let figures = try Self.figures(
            text + "redis_queue_processed_total{system=\"rq\",queue=\"mail\"} 5\n",
            text + "redis_queue_processed_total{system=\"rq\",queue=\"mail\"} 25\n")
        let queue = try row("rq mail", of: .queues, figures)
        #expect(queue["waiting"] == 12 && queue["dead"] == 2 && queue["oldest"] == 30 && queue["done/s"] == 2)
        let pool = try row("app web", of: .pools, figures)
        #expect(pool["clients"] == 9 && pool["waiting"] == 3 && pool["in use"] == 0.5)
    }

    @Test func targetsAreToldApart() throws {
        func text(_ count: Int) -> String {
            ["a:1", "b:2"].map { target in
                """
                redis_user_command_duration_seconds_bucket{user="web",target="\(target)",le="1"} \(count)
                redis_user_command_duration_seconds_bucket{user="web",target="\(target)",le="+Inf"} \(count)

                """
            }.joined()
        }
        let figures = try Self.figures(text(0), text(50))
        #expect(Set(figures.rows(of: .users).map(\.name)) == ["web a:1", "web b:2"])
    }

    /// Every series that a table asks for is one that Sidelong can show, with the labels that it has.
    @Test func tablesAskForFamiliesThatThereAre() {
        var known: [String: Set<String>] = [:]
        for descriptor in Catalogue.sections.flatMap(\.descriptors) {
            let suffix = descriptor.kind == .histogram ? "_bucket" : ""
            known[descriptor.name + suffix, default: []].formUnion(descriptor.labels)
        }
        for table in TopTable.all {
            for feed in table.columns.flatMap(\.measure.feeds) {
                let labels = known[feed.name]
                #expect(labels != nil, "\(feed.name)")
                #expect(labels?.isSuperset(of: feed.labels.keys) == true, "\(feed.name): \(feed.labels)")
                #expect(labels?.isDisjoint(with: table.by) == false, "\(feed.name): \(table.by)")
            }
        }
    }
}

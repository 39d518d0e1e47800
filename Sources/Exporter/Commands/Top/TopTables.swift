// The tables of `sidelong top`. Another one is a declaration here.

extension TopTable {
    /// All of them, in the order of the screen.
    static let all: [TopTable] = [
        keyGroups, commands, users, paths, apiKeys, tables, statements, queues, pools, poolDatabases,
    ]

    static let keyGroups = TopTable(
        name: "key_groups", title: "Key group", by: ["key_group", "project"],
        columns: latency([wire("redis_key_command_duration_seconds_bucket", ["source": "wire"])]) + [
            TopColumn(
                "hits", .share,
                .share(
                    wire("redis_key_hits_total"),
                    among: [
                        wire("redis_key_hits_total"), wire("redis_key_misses_total"),
                    ])),
            TopColumn(
                "bytes/s", .bytes,
                .rate([
                    wire("redis_key_request_bytes_total"), wire("redis_key_response_bytes_total"),
                ])),
        ])

    static let commands = TopTable(
        name: "commands", title: "Command", by: ["command"],
        columns: latency([
            wire("redis_command_duration_seconds_bucket", ["source": "wire"]),
            TopFeed(
                "redis_command_duration_seconds_bucket", ["source": "server"], from: "redis_latency_histogram"),
        ]) + [
            TopColumn("errors/s", .count, .rate([TopFeed("redis_command_errors_total", from: "redis_commands")]))
        ])

    static let users = TopTable(
        name: "users", title: "Redis user", by: ["user"],
        columns: latency([wire("redis_user_command_duration_seconds_bucket")]) + [
            TopColumn("errors/s", .count, .rate([wire("redis_user_command_errors_total")]))
        ])

    static let paths = TopTable(
        name: "paths", title: "Request", by: ["method", "path"],
        columns: latency([wire("http_request_duration_seconds_bucket")]) + [
            TopColumn("errors/s", .count, .rate([wire("http_request_errors_total")])),
            TopColumn("bytes/s", .bytes, .rate([wire("http_request_bytes_total"), wire("http_response_bytes_total")])),
        ])

    static let apiKeys = TopTable(
        name: "api_keys", title: "API key", by: ["name"],
        columns: latency([wire("api_key_request_duration_seconds_bucket")]) + [
            TopColumn(
                "refused/s", .count,
                .rate([
                    wire("api_key_auth_failures_total"), wire("api_key_rate_limited_total"),
                ]))
        ])

    static let tables = TopTable(
        name: "tables", title: "Table", by: ["table", "type"],
        columns: latency([wire("database_table_query_duration_seconds_bucket")]))

    static let statements = TopTable(
        name: "statements", title: "Statement", by: ["type"],
        columns: latency([wire("database_query_duration_seconds_bucket")]) + [
            TopColumn("errors/s", .count, .rate([wire("database_query_errors_total")])),
            TopColumn("rows/s", .count, .rate([wire("database_rows_total")])),
        ])

    static let queues = TopTable(
        name: "queues", title: "Queue", by: ["system", "queue"],
        columns: [
            TopColumn("in/s", .count, .rate([wire("redis_queue_operations_total", ["operation": "in"])])),
            TopColumn("out/s", .count, .rate([wire("redis_queue_operations_total", ["operation": "out"])])),
            TopColumn("done/s", .count, .rate([queue("redis_queue_processed_total")])),
            TopColumn("failed/s", .count, .rate([queue("redis_queue_failed_total")])),
            TopColumn("waiting", .count, .level(queue("redis_queue_jobs", ["state": "waiting"]))),
            TopColumn("active", .count, .level(queue("redis_queue_jobs", ["state": "active"]))),
            TopColumn("dead", .count, .level(queue("redis_queue_jobs", ["state": "dead"]))),
            TopColumn("oldest", .seconds, .worst(queue("redis_queue_oldest_job_age_seconds"))),
        ])

    static let pools = TopTable(
        name: "pools", title: "Pool", by: ["database", "user"],
        columns: [
            TopColumn("clients", .count, .level(pooler("pgbouncer_pools_client_active_connections"))),
            TopColumn("waiting", .count, .level(pooler("pgbouncer_pools_client_waiting_connections"))),
            TopColumn("max wait", .seconds, .worst(pooler("pgbouncer_pools_client_maxwait_seconds"))),
            TopColumn("active", .count, .level(pooler("pgbouncer_pools_server_active_connections"))),
            TopColumn("idle", .count, .level(pooler("pgbouncer_pools_server_idle_connections"))),
            TopColumn("in use", .share, .worst(pooler("pgbouncer_pool_utilization_ratio"))),
        ])

    static let poolDatabases = TopTable(
        name: "pool_databases", title: "Database", by: ["database"],
        columns: [
            TopColumn("rate", .count, .rate([pooler("pgbouncer_stats_queries_pooled_total")])),
            TopColumn("transactions/s", .count, .rate([pooler("pgbouncer_stats_sql_transactions_pooled_total")])),
            TopColumn("busy", .count, .rate([pooler("pgbouncer_stats_queries_duration_seconds_total")])),
            TopColumn("waited", .count, .rate([pooler("pgbouncer_stats_client_wait_seconds_total")])),
            TopColumn(
                "bytes/s", .bytes,
                .rate([
                    pooler("pgbouncer_stats_received_bytes_total"), pooler("pgbouncer_stats_sent_bytes_total"),
                ])),
        ])

    private static func wire(_ name: String, _ labels: Labels = [:]) -> TopFeed {
        TopFeed(name, labels, from: "wire")
    }

    private static func queue(_ name: String, _ labels: Labels = [:]) -> TopFeed {
        TopFeed(name, labels, from: "redis_queue")
    }

    private static func pooler(_ name: String) -> TopFeed { TopFeed(name, from: "pgbouncer") }

    /// The columns that every histogram of latencies has.
    private static func latency(_ feeds: [TopFeed]) -> [TopColumn] {
        [TopColumn("rate", .count, .observations(feeds))]
            + [("P50", 0.5), ("P95", 0.95), ("P99", 0.99)].map { TopColumn($0.0, .seconds, .quantile($0.1, feeds)) }
    }
}

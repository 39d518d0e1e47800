import Foundation
import TestKit
import Testing

/// A real Prometheus scrapes the page.
@Suite struct PrometheusTests {
    @Test func prometheusScrapesAndDashboardQueriesReturnData() async throws {
        let redis = try await RedisServer()
        let sidelong = try await Sidelong(["--redis.addr=\(redis.address)", "--redis.interval=200ms"])
        let prometheus = try await PrometheusServer(targets: ["127.0.0.1:\(sidelong.port)"])
        for index in 0..<20 {
            try redis.cli("SET", "k\(index)", "v")
            try redis.cli("GET", "k\(index)")
        }
        // `up` first, then queries of redis_exporter's published dashboards and of its mixin.
        let queries = [
            "up == 1", "redis_up == 1",
            "sum(rate(redis_commands_total[1m])) by (cmd) > 0",
            "redis_memory_used_bytes / redis_memory_used_rss_bytes > 0",
            "irate(redis_keyspace_hits_total[5m]) / (irate(redis_keyspace_misses_total[5m]) + irate(redis_keyspace_hits_total[5m])) >= 0",
            "sum(redis_db_keys) by (db) > 0",
            "max(max_over_time(redis_uptime_in_seconds[1m]))",
            "sum(rate(redis_commands_duration_seconds_total[1m])) by (cmd)",
            "histogram_quantile(0.99, sum(rate(redis_command_duration_seconds_bucket{source=\"server\"}[1m])) by (le))",
        ]
        for query in queries {
            try await eventually("data for \(query)", within: .seconds(60)) {
                try redis.cli("GET", "k1")
                return try prometheus.query(query) > 0
            }
        }
    }
}

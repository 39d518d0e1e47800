// What went through PgBouncer: transactions, queries, bytes, and the time spent in each stage.
import Metrics

/// Totals of each database since PgBouncer started (SHOW STATS_TOTALS).
///
/// A wait is counted when it is over; a client that waits now is seen in the pools only. Every family stands under both
/// prefixes of pgbouncer_exporter: `pgbouncer_stats_totals_` from 0.11 and `pgbouncer_stats_` before.
struct PgBouncerStats: PgBouncerPart {
    let name = "pgbouncer_stats"

    private static func both(
        _ column: String, _ name: String, scale: Double = 1, _ help: String
    ) -> [ColumnMetric] {
        ["pgbouncer_stats_totals", "pgbouncer_stats"].map { prefix in
            ColumnMetric(
                column, .counter, "\(prefix)_\(name)_total", labels: ["database"], scale: scale,
                help: "\(help) (SHOW STATS_TOTALS \(column)).")
        }
    }

    /// Times come in microseconds.
    static let metrics: [ColumnMetric] = [
        both("xact_count", "sql_transactions_pooled", "Transactions"),
        both("query_count", "queries_pooled", "Queries"),
        both("bytes_received", "received_bytes", "Bytes received from clients"),
        both("bytes_sent", "sent_bytes", "Bytes sent to clients"),
        both("xact_time", "server_in_transaction_seconds", scale: 1e-6, "Time in transactions, idle in them included"),
        both("query_time", "queries_duration_seconds", scale: 1e-6, "Time that queries were under way"),
        both("wait_time", "client_wait_seconds", scale: 1e-6, "Time that clients had waited for a server connection"),
        both("server_assignment_count", "server_assignments", "Times that a client got a server connection"),
        both("client_parse_count", "client_parses", "Prepared statements of clients"),
        both("server_parse_count", "server_parses", "Prepared statements made on servers"),
        both("bind_count", "binds", "Prepared statements executed"),
        both("client_login_count", "client_logins", "Client logins"),
    ].flatMap { $0 }

    let descriptors = metrics.map(\.descriptor)

    func commands(for version: PgBouncerVersion) -> [String] { ["SHOW STATS_TOTALS"] }

    func samples(from answers: [Rows]) -> Samples {
        var samples = Samples()
        for row in answers.first ?? Rows(columns: []) {
            samples.add(Self.metrics, from: row, labels: [row.label("database")])
        }
        return samples
    }
}

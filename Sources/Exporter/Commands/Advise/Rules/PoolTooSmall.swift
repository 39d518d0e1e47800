// Clients of PgBouncer that wait for a connection to the server, not for the server.

extension AdviceRule {
    /// A tenth of the time that statements take is a wait that users see; a thousand statements make it more than one
    /// bad moment.
    static let poolTooSmall = AdviceRule(
        name: "pool_too_small",
        counters: [
            "pgbouncer_stats_client_wait_seconds_total", "pgbouncer_stats_queries_duration_seconds_total",
            "pgbouncer_stats_queries_pooled_total",
        ]
    ) { evidence in
        let (most, enough) = (0.1, 1000.0)
        let labels = ["database", "target"]
        let busy = evidence.growth(of: "pgbouncer_stats_queries_duration_seconds_total", by: labels)
        let count = evidence.growth(of: "pgbouncer_stats_queries_pooled_total", by: labels)
        return evidence.growth(of: "pgbouncer_stats_client_wait_seconds_total", by: labels).compactMap { pool, waited in
            guard let busy = busy[pool], let count = count[pool], count >= enough, waited > most * busy else {
                return nil
            }
            return Finding(
                gravity: .harm, share: waited / (waited + busy), subject: "pool of \(pool[0])",
                figure: "\(Cell.time(waited / count)) of waiting per statement \(evidence.period), beside "
                    + "\(Cell.time(busy / count)) of work",
                meaning:
                    "The pool is too small for what is asked of it, or its connections are held by long transactions.",
                remedy:
                    "First see idle_in_transaction and slow tables; then raise default_pool_size, as long as the sum over "
                    + "all pools stays below Postgres' max_connections.")
        }
    }
}

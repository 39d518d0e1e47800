// Statements that hold a connection of the pool for long.

extension AdviceRule {
    /// A statement of a request should be done within a tenth of the half second that slow paths are judged by: a
    /// request has several.
    static let slowTables = AdviceRule(
        name: "slow_tables", histograms: ["database_table_query_duration_seconds"]
    ) { evidence in
        let (slow, enough) = (0.05, 100.0)
        let tables = evidence.histograms("database_table_query_duration_seconds", by: ["table", "type"])
        let all = tables.reduce(0) { $0 + ($1.1.total ?? 0) }
        return tables.compactMap { table, buckets in
            guard let count = buckets.total, count >= enough, let p95 = buckets.quantile(0.95), p95 > slow else {
                return nil
            }
            return Finding(
                gravity: .waste, share: count / all, subject: "\(table[1]) on \(table[0])",
                figure: "P95 \(Cell.time(p95)) over \(Cell.count(count)) statements \(evidence.period)",
                meaning: "For that long each of them holds a connection of the pool.",
                remedy:
                    "EXPLAIN (ANALYZE, BUFFERS) the statement that pg_stat_statements shows for this table; most often an "
                    + "index is missing, or more rows are read than are used.")
        }
    }
}

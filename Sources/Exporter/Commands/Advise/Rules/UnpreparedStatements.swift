// Statements that are parsed and planned anew each time.

extension AdviceRule {
    /// Parsing and planning takes as long as a simple SELECT. Ten thousand statements are enough to see the habit; one
    /// in ten prepared leaves most of that cost.
    static let unpreparedStatements = AdviceRule(
        name: "unprepared_statements",
        counters: [
            "database_prepared_executions_total", "database_queries_total", "pgbouncer_stats_client_parses_total",
            "pgbouncer_stats_binds_total",
        ]
    ) { evidence in
        let (least, most, enough) = (0.1, 0.9, 10_000.0)
        var findings: [Finding] = []
        let prepared = evidence.growth.sum("database_prepared_executions_total")
        let all = evidence.growth.sum("database_queries_total", ["source": "wire"])
        if let prepared, let all, all >= enough, prepared / all < least {
            findings.append(
                Finding(
                    gravity: .waste, share: 1 - prepared / all, subject: "statements",
                    figure:
                        "\(Cell.percent(prepared / all)) of \(Cell.count(all)) statements \(evidence.period) were prepared",
                    meaning: "The server parses and plans each of the others anew.",
                    remedy:
                        "Let the driver prepare what it runs often; behind PgBouncer in transaction mode that needs 1.21 "
                        + "and max_prepared_statements."))
        }
        let binds = evidence.growth(of: "pgbouncer_stats_binds_total", by: ["database"])
        for (database, parses) in evidence.growth(of: "pgbouncer_stats_client_parses_total", by: ["database"]) {
            guard let bound = binds[database], bound >= enough, parses / bound > most else { continue }
            findings.append(
                Finding(
                    gravity: .waste, share: min(1, parses / bound), subject: "prepared statements of \(database[0])",
                    figure:
                        "\(Cell.count(parses)) were prepared for \(Cell.count(bound)) executions \(evidence.period)",
                    meaning: "They are prepared, used once and thrown away, which costs more than not to prepare them.",
                    remedy:
                        "Keep the prepared statement for as long as the connection, or switch preparing off in the driver."
                ))
        }
        return findings
    }
}

// Transactions that wait for their client hold locks, a connection of the pool, and the rows that VACUUM could remove.

extension AdviceRule {
    /// A client that has to think for half a second does something else within the transaction, such as a call over the
    /// network. More than one of a hundred is a habit.
    static let idleInTransaction = AdviceRule(
        name: "idle_in_transaction", histograms: ["database_idle_in_transaction_seconds"],
        gauges: ["pg_stat_activity_max_state_age_seconds"]
    ) { evidence in
        let (long, most, enough, age) = (0.5, 0.01, 100.0, 60.0)
        var findings: [Finding] = []
        let remedy =
            "Do what is slow before BEGIN or after COMMIT, and set idle_in_transaction_session_timeout for the "
            + "role."
        for (_, buckets) in evidence.histograms("database_idle_in_transaction_seconds", by: []) {
            guard let count = buckets.total, count >= enough, let high = buckets.quantile(1 - most), high > long else {
                continue
            }
            findings.append(
                Finding(
                    gravity: .waste, share: most, subject: "transactions",
                    figure: "P99 of the waits within a transaction is \(Cell.time(high)) \(evidence.period)",
                    meaning: "Meanwhile its locks and its connection are held for nothing.", remedy: remedy))
        }
        for one in evidence.levels["pg_stat_activity_max_state_age_seconds"] where one.value > age {
            guard one.labels["state"]?.hasPrefix("idle in transaction") == true else { continue }
            findings.append(
                Finding(
                    gravity: .harm, share: min(1, one.value / 3600), subject: "database \(one.labels["datname"] ?? "")",
                    figure: "a session has been idle in a transaction for \(Cell.time(one.value))",
                    meaning: "VACUUM removes no row that is younger, and whoever needs its locks waits.",
                    remedy: remedy))
        }
        return findings
    }
}

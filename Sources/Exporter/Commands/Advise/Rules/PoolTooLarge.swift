// Connections to Postgres that are never needed: each is a process there, with memory of its own.

extension AdviceRule {
    /// A pool that has never had half of its connections in use has room for twice the load; below ten there is nothing
    /// to gain. It takes a day to know.
    static let poolTooLarge = AdviceRule(
        name: "pool_too_large", gauges: ["pgbouncer_pool_utilization_ratio", "pgbouncer_databases_pool_size"]
    ) { evidence in
        let (least, enough) = (0.5, 10.0)
        guard let peaks = evidence.peaks else { return [] }
        return peaks["pgbouncer_pool_utilization_ratio"].compactMap { pool in
            let name = pool.labels["database"] ?? ""
            guard name != "pgbouncer", pool.value < least,
                let size = evidence.levels["pgbouncer_databases_pool_size", ["name": name]].first?.value, size >= enough
            else { return nil }
            let needed = max(2, (size * pool.value * 2).rounded(.up))
            return Finding(
                gravity: .risk, share: 1 - pool.value, subject: "pool \(name)/\(pool.labels["user"] ?? "")",
                figure:
                    "at most \(Cell.percent(pool.value)) of \(Cell.count(size)) connections in use \(evidence.period)",
                meaning: "Postgres may get more connections at once than it works well with, and keeps room for them.",
                remedy: "A pool_size of \(Cell.count(needed)) leaves as much again as was ever in use.")
        }
    }
}

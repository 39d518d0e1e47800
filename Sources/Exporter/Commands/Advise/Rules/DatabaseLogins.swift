// Logins to Postgres: each is a new process there and, with SCRAM, four thousand rounds of SHA-256.

extension AdviceRule {
    /// A login takes some 5 ms where a statement takes one: with fewer than ten statements each, logins are a third of
    /// the work.
    static let databaseLogins = AdviceRule(
        name: "database_logins", counters: ["database_logins_total", "database_queries_total"]
    ) { evidence in
        let (least, enough) = (10.0, 100.0)
        let statements = evidence.growth(of: "database_queries_total", ["source": "wire"], by: ["port"])
        return evidence.growth(of: "database_logins_total", by: ["port"]).compactMap { port, logins in
            guard let all = statements[port], logins >= enough, all / logins < least else { return nil }
            return Finding(
                gravity: .waste, share: 1 - all / logins / least, subject: "sessions of Postgres \(port[0])".trimmedEnd,
                figure:
                    "\(Cell.count(logins)) logins \(evidence.period), with \(Cell.count(all / logins)) statements each",
                meaning: "A new process and a key derivation for a few statements.",
                remedy:
                    "Keep connections in the client's pool, or put PgBouncer in between; raise the client's idle time-out."
            )
        }
    }
}

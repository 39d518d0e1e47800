// Figures of sessions for people: what `sidelong replay --format=table` prints.

extension PostgresSnapshot {
    /// One type of statement, or one table with one of them.
    public struct Summary: Sendable {
        /// The type, or the table and the type.
        public let name: String
        /// Rows returned or changed; nil where that is not known.
        public let rows: UInt64?
        /// Percentiles only of types, and where the engine keeps them.
        public let latency: LatencySummary
    }

    /// Statements that were answered, whether all of their answer was seen or not.
    public var statements: UInt64 { typeSummaries().reduce(0) { $0 + $1.latency.count } }
    public var connections: Int { wire.connections }

    /// All types of statements that were seen, those with the most total time first.
    public func typeSummaries() -> [Summary] {
        let summaries = StatementType.allCases.map { type in
            let row = Int(type.rawValue)
            return Summary(
                name: type.label, rows: type.hasRows ? counts.rows[row] : nil,
                latency: latency(counts.types, row, fine: counts.fine?.counts(row) ?? []))
        }
        return Self.sorted(summaries)
    }

    /// All pairs of table and type, those with the most total time first.
    public func tableSummaries() -> [Summary] {
        let histograms = counts.tables.histograms
        var summaries = [Summary(name: "other other", rows: nil, latency: latency(histograms, TableRows.rest))]
        for (row, pair) in counts.tables.pairs.enumerated() {
            guard let pair else { continue }
            let name = "\(String(printable: tables[pair.slot])) \(pair.type.label)"
            summaries.append(Summary(name: name, rows: nil, latency: latency(histograms, row)))
        }
        return Self.sorted(summaries)
    }

    /// All pairs of database and user, those with the most total time first.
    public func sessionSummaries() -> [Summary] {
        let summaries = counts.sessions.names.enumerated().map { row, name in
            Summary(
                name: "\(String(printable: name.database)) \(String(printable: name.user))", rows: nil,
                latency: latency(counts.sessions.histograms, row))
        }
        return Self.sorted(summaries)
    }

    private func latency(_ rows: HistogramRows, _ row: Int, fine: [UInt64] = []) -> LatencySummary {
        LatencySummary(
            count: rows.count(row), nanoseconds: rows.sum(row), longest: rows.maximum(row),
            histogram: rows.counts(row), fine: fine)
    }

    private static func sorted(_ summaries: [Summary]) -> [Summary] {
        summaries.filter { $0.latency.count > 0 }
            .sorted { ($1.latency.total, $0.name) < ($0.latency.total, $1.name) }
    }
}

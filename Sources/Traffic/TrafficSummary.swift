// Figures for people: what `sidelong replay --format=table` prints. Percentiles come from finer histograms than those of
// the page and are exact to about four percent.

/// Latencies of one group, command or user.
public struct LatencySummary: Sendable {
    public let count: UInt64
    /// Seconds, all of them together.
    public let total: Double
    /// Seconds. Nil when the engine keeps no percentiles or nothing was measured.
    public let p50: Double?
    public let p95: Double?
    public let p99: Double?
    /// Seconds.
    public let maximum: Double
    /// Observations per bucket of the settings' latency buckets, +Inf last.
    public let histogram: [UInt64]

    fileprivate init(_ rows: HistogramRows, _ row: Int, fine: (rows: HistogramRows, row: Int)?) {
        let largest = rows.maximum(row)
        count = rows.count(row)
        total = Double(rows.sum(row)) * 1e-9
        maximum = Double(largest) * 1e-9
        histogram = Array(rows.counts(row))
        func quantile(_ share: Double) -> Double? {
            guard let fine else { return nil }
            let value = FineScale.quantile(share, of: fine.rows.counts(fine.row), largest: largest)
            return value.map { $0 * 1e-9 }
        }
        p50 = quantile(0.5)
        p95 = quantile(0.95)
        p99 = quantile(0.99)
    }
}

extension TrafficSnapshot {
    /// One key group.
    public struct GroupSummary: Sendable {
        public let name: String
        /// Empty where no pattern names a project.
        public let project: String
        public let latency: LatencySummary
        public let hits: UInt64
        public let misses: UInt64
        public let requestBytes: UInt64
        public let responseBytes: UInt64
    }

    /// All key groups with traffic, those with the most total time first.
    public func groupSummaries() -> [GroupSummary] {
        let latencies = groupLatencies()
        return counts.groups.indices.compactMap { seat -> GroupSummary? in
            let figures = counts.groups[seat]
            if figures == GroupFigures() { return nil }
            let (name, project) = label(seat)
            let fine = counts.fineGroups.map { (rows: $0, row: seat) }
            return GroupSummary(
                name: name, project: project, latency: LatencySummary(latencies, seat, fine: fine), hits: figures.hits,
                misses: figures.misses, requestBytes: figures.requestBytes, responseBytes: figures.replyBytes)
        }.sorted { ($1.latency.total, $0.name, $0.project) < ($0.latency.total, $1.name, $1.project) }
    }

    /// The groups' histograms, added up over their commands.
    private func groupLatencies() -> HistogramRows {
        var rows = HistogramRows(buckets: counts.scale.count, rows: counts.groups.count)
        for (row, pair) in counts.pairs.pairs.enumerated() {
            if let pair { rows.add(counts.pairs.histograms, row, to: pair.group) }
        }
        rows.add(counts.pairs.histograms, counts.pairs.rest, to: counts.otherGroup)
        return rows
    }

    /// All commands, those with the most total time first.
    public func commandSummaries() -> [(command: String, latency: LatencySummary)] {
        summaries(counts.commands, fine: counts.fineCommands)
    }

    /// All blocking commands, those with the most total time first.
    public func blockingSummaries() -> [(command: String, latency: LatencySummary)] {
        summaries(counts.blocking, fine: nil)
    }

    private func summaries(_ rows: CommandRows, fine: CommandRows?) -> [(command: String, latency: LatencySummary)] {
        // Both sets of rows are filled by the same calls, in the same order.
        rows.commands.enumerated().map { row, command in
            let fine = fine.map { (rows: $0.histograms, row: row) }
            return (commands[Int(command)], LatencySummary(rows.histograms, row, fine: fine))
        }.sorted { ($1.latency.total, $0.command) < ($0.latency.total, $1.command) }
    }
}

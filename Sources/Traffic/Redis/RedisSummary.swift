// The figures of one Redis for people: what `sidelong replay --format=table` prints.

extension RedisSnapshot {
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
        let summaries = counts.groups.indices.compactMap { slot -> GroupSummary? in
            let figures = counts.groups[slot]
            if figures == GroupFigures() { return nil }
            let (name, project) = label(slot)
            let latency = LatencySummary(
                count: figures.commands, nanoseconds: figures.nanoseconds, longest: figures.longest,
                histogram: counts.details?.plainGroups.counts(slot) ?? [],
                fine: counts.details?.groups.counts(slot) ?? [])
            return GroupSummary(
                name: name, project: project, latency: latency, hits: figures.hits, misses: figures.misses,
                requestBytes: figures.requestBytes, responseBytes: figures.replyBytes)
        }
        return summaries.sorted { ($1.latency.total, $0.name, $0.project) < ($0.latency.total, $1.name, $1.project) }
    }

    /// All commands but the blocking ones, those with the most total time first.
    public func commandSummaries() -> [(command: String, latency: LatencySummary)] {
        summaries(counts.commands) { row in counts.details?.commands.histograms.counts(row) ?? [] }
    }

    /// The blocking commands, those with the most total time first; without percentiles.
    public func blockingSummaries() -> [(command: String, latency: LatencySummary)] {
        summaries(counts.blocking) { _ in [] }
    }

    private func summaries(
        _ rows: CommandRows, fine: (Int) -> [UInt64]
    ) -> [(command: String, latency: LatencySummary)] {
        let histograms = rows.histograms
        let summaries = rows.commands.enumerated().map { row, command in
            let latency = LatencySummary(
                count: histograms.count(row), nanoseconds: histograms.sum(row), longest: histograms.maximum(row),
                histogram: histograms.counts(row), fine: fine(row))
            return (command: commands[Int(command)], latency: latency)
        }
        return summaries.sorted { ($1.latency.total, $0.command) < ($0.latency.total, $1.command) }
    }
}

// Figures that people want and a time series database does not: kept for `sidelong replay --format=table` only.

/// Finer histograms, by command and by key group.
struct DetailedCounts: Sendable {
    /// In the buckets of ``FineScale``; rows in the order of ``RedisCounts/commands``.
    private(set) var commands = CommandRows(RowPlaces(plain: FineScale.count))
    /// In the buckets of ``FineScale``, by slot.
    private(set) var groups: HistogramRows
    /// In the buckets of the page, by slot.
    private(set) var plainGroups: HistogramRows

    init(groups count: Int, _ places: RowPlaces) {
        groups = HistogramRows(RowPlaces(plain: FineScale.count), rows: count)
        plainGroups = HistogramRows(places, rows: count)
    }

    mutating func measured(_ command: CommandID, group: Int?, place: Int, _ latency: UInt64) {
        let fine = FineScale.bucket(of: latency)
        commands.record(command, place: fine, latency)
        guard let group else { return }
        groups.record(group, place: fine, latency)
        plainGroups.record(group, place: place, latency)
    }

    mutating func moveGroup(_ slot: Int, to other: Int) {
        groups.move(slot, to: other)
        plainGroups.move(slot, to: other)
    }
}

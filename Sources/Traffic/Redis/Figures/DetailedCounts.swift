// Figures that people want and a time series database does not: kept for `sidelong replay --format=table` only.

/// Finer histograms, by command and by key group.
struct DetailedCounts: Sendable {
    /// In the buckets of ``FineScale``; rows in the order of ``RedisCounts/commands``.
    private(set) var commands = CommandRows(buckets: FineScale.count, isNative: false)
    /// In the buckets of ``FineScale``, by slot.
    private(set) var groups: HistogramRows
    /// In the buckets of the page, by slot.
    private(set) var plainGroups: HistogramRows

    init(groups count: Int, buckets: Int) {
        groups = HistogramRows(buckets: FineScale.count, rows: count, isNative: false)
        plainGroups = HistogramRows(buckets: buckets, rows: count, isNative: false)
    }

    mutating func measured(_ command: CommandID, group: Int?, bucket: Int, _ latency: UInt64) {
        let fine = FineScale.bucket(of: latency)
        commands.record(command, bucket: fine, latency)
        guard let group else { return }
        groups.record(group, bucket: fine, latency)
        plainGroups.record(group, bucket: bucket, latency)
    }

    mutating func moveGroup(_ slot: Int, to other: Int) {
        groups.move(slot, to: other)
        plainGroups.move(slot, to: other)
    }
}

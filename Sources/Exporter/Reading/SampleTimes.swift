// A page shows when each of its collectors last worked: that is when what it brought was sampled.

/// When the samples of a page were taken.
struct SampleTimes: Sendable {
    private let series: [String: [Series]]

    private static let family = "sidelong_collector_last_success_timestamp_seconds"

    init(_ page: SeriesPage) {
        series = Dictionary(grouping: page[Self.family]) { $0.labels["collector"] ?? "" }
    }

    /// When a collector last worked, in Unix time; nil where the page does not tell.
    ///
    /// - Parameters:
    ///   - collector: its name, or how the names of several begin, of which the oldest time counts.
    ///   - target: whose samples they are, where there are several; a collector may know them all.
    func time(of collector: String, _ target: String?) -> Double? {
        let all = series[collector] ?? series.filter { $0.key.hasPrefix(collector) }.flatMap(\.value)
        let own = all.filter { $0.labels["target"] == target }
        return (own.isEmpty ? all : own).map(\.value).min()
    }

    /// Whether each of these collectors has worked since an earlier page, where both know it.
    func areNewer(than earlier: SampleTimes, for collectors: [String]) -> Bool {
        collectors.allSatisfy { collector in
            let before = Dictionary((earlier.series[collector] ?? []).map { ($0.labels, $0.value) }) { $1 }
            return (series[collector] ?? []).allSatisfy { one in before[one.labels].map { $0 < one.value } ?? true }
        }
    }
}

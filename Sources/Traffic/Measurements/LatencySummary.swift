// Latencies for people: what `sidelong replay --format=table` prints. Percentiles come from finer histograms than those
// of the page and are exact to about four percent.

/// Latencies of one group or kind of request.
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
    /// Observations per bucket of `--latency.buckets`, +Inf last. Empty when it is not kept.
    public let histogram: [UInt64]

    init(
        count: UInt64, nanoseconds: UInt64, longest: UInt64, histogram: [UInt64], fine: [UInt64]
    ) {
        func quantile(_ share: Double) -> Double? {
            FineScale.quantile(share, of: fine, largest: longest).map { $0 * 1e-9 }
        }
        self.count = count
        total = Double(nanoseconds) * 1e-9
        maximum = Double(longest) * 1e-9
        self.histogram = histogram
        p50 = quantile(0.5)
        p95 = quantile(0.95)
        p99 = quantile(0.99)
    }
}

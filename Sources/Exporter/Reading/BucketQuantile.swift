// Percentiles out of the buckets of a histogram, as Prometheus computes them: a terminal and a graph have to show the
// same figure.

/// The buckets of a classic histogram: observations up to and including each bound.
struct CumulativeBuckets: Sendable, Equatable {
    /// By upper bound, +Inf included where the page has it.
    private var counts: [Double: Double] = [:]

    /// Adds a bucket, as `sum by (le)` does.
    mutating func add(_ count: Double, upTo bound: Double) {
        counts[bound, default: 0] += count
    }

    /// All observations; nil without the bucket for +Inf.
    var total: Double? { counts[.infinity] }

    /// What PromQL's `histogram_quantile` says of these buckets: linear between the bounds of a bucket.
    ///
    /// - Parameter rank: from 0 to 1.
    /// - Returns: nil where Prometheus says NaN: nothing was observed, or there is no bucket for +Inf.
    func quantile(_ rank: Double) -> Double? {
        let bounds = counts.keys.sorted()
        guard bounds.last == .infinity, bounds.count >= 2 else { return nil }
        let counts = monotonic(bounds.map { self.counts[$0] ?? 0 })
        let all = counts[counts.count - 1]
        guard all > 0 else { return nil }
        var wanted = rank * all
        let place = counts.dropLast().firstIndex { $0 >= wanted } ?? counts.count - 1
        // In the last bucket all that is known is its lower bound.
        guard place < counts.count - 1 else { return bounds[counts.count - 2] }
        if place == 0 && bounds[0] <= 0 { return bounds[0] }
        let upper = bounds[place]
        let (lower, before) = place == 0 ? (0, 0) : (bounds[place - 1], counts[place - 1])
        wanted -= before
        let value = lower + (upper - lower) * (wanted / (counts[place] - before))
        return value.isNaN ? nil : value
    }

    /// Counts that never fall: what was read while it changed can be lower than the bucket before.
    private func monotonic(_ counts: [Double]) -> [Double] {
        var most = -Double.infinity
        return counts.map { count in
            most = max(most, count)
            return most
        }
    }
}

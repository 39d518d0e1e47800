// How a gateway does as a whole, for the health page: requests, errors, and how long all of them took.

import Metrics

/// Counts over all paths and methods.
public struct HTTPTotals: Equatable, Sendable {
    public internal(set) var requests: UInt64 = 0
    /// Answered 5xx, or not at all though the client waited.
    public internal(set) var errors: UInt64 = 0
    /// Requests that were timed, by place in `NativeScale`.
    var latencies = [UInt64](repeating: 0, count: NativeScale.count)

    public init() {}

    /// What was counted since an earlier moment.
    public func since(_ earlier: HTTPTotals) -> HTTPTotals {
        var difference = self
        difference.requests &-= earlier.requests
        difference.errors &-= earlier.errors
        for place in latencies.indices { difference.latencies[place] &-= earlier.latencies[place] }
        return difference
    }

    /// The time within which a share of the timed requests was answered, in seconds; known to nine percent. Nil when
    /// none was timed.
    public func quantile(_ share: Double) -> Double? {
        let total = latencies.reduce(0, &+)
        guard total > 0 else { return nil }
        var below = 0.0
        for (place, count) in latencies.enumerated() where count > 0 {
            let wanted = share * Double(total) - below
            if wanted <= Double(count) {
                let lower = place == 0 ? 0 : NativeScale.shared.upperBound(of: place - 1)
                return lower + (NativeScale.shared.upperBound(of: place) - lower) * wanted / Double(count)
            }
            below += Double(count)
        }
        return nil
    }
}

// Percentiles for people need more buckets than a time series database wants to store: eight per power of two, so that
// a value is known to about four percent.

/// Logarithmic buckets from 1 microsecond to 64 seconds.
enum FineScale {
    private static let smallestBit = 10  // 2^10 ns, a microsecond
    private static let largestBit = 36  // 2^36 ns, about a minute
    private static let steps = 8

    /// How many buckets there are.
    static let count = (largestBit - smallestBit) * steps + 2

    /// The bucket of an observation in nanoseconds; the first and the last one take what is beyond.
    @inline(__always)
    static func bucket(of observation: UInt64) -> Int {
        let bit = 63 - (observation | 1).leadingZeroBitCount
        if bit < smallestBit { return 0 }
        if bit >= largestBit { return count - 1 }
        let step = Int(observation >> UInt64(bit - 3)) & (steps - 1)
        return 1 + (bit - smallestBit) * steps + step
    }

    /// The smallest observation of a bucket.
    static func lowerBound(of bucket: Int) -> UInt64 {
        if bucket == 0 { return 0 }
        let (bit, step) = ((bucket - 1) / steps + smallestBit, UInt64((bucket - 1) % steps))
        return (8 + step) << UInt64(bit - 3)
    }

    /// The observation below which `share` of all lie, in nanoseconds, interpolated within its bucket.
    ///
    /// - Parameter largest: the largest observation, which no estimate exceeds.
    static func quantile(_ share: Double, of counts: [UInt64], largest: UInt64) -> Double? {
        let total = counts.reduce(0, &+)
        guard total > 0 else { return nil }
        let rank = share * Double(total)
        var below: Double = 0
        for (bucket, count) in counts.enumerated() where count > 0 {
            if below + Double(count) >= rank {
                let lower = Double(lowerBound(of: bucket))
                let upper = bucket + 1 < counts.count ? Double(lowerBound(of: bucket + 1)) : Double(largest)
                let value = lower + (upper - lower) * (rank - below) / Double(count)
                return Swift.min(value, Double(largest))
            }
            below += Double(count)
        }
        return Double(largest)
    }
}

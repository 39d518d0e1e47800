// Where in a row an observation is counted. Asked once per command, so it is one table look-up and a comparison or two
// instead of a walk over all bounds.

import Metrics

/// The buckets of latencies, those of the page and native ones, ready for fast use.
struct LatencyScale: Sendable {
    let buckets: Buckets
    let places: RowPlaces
    /// The largest observation of each place in nanoseconds; the last one has no end.
    private let limits: [UInt64]
    /// For each bit width and the four bits below the highest one, the first place that such an observation can have.
    private let starts: [UInt16]

    init(_ buckets: Buckets) {
        let ends = buckets.bounds.map { UInt64(($0 * 1e9).rounded()) }
        let natives = NativeScale.shared.limits
        let limits = Set(ends + natives).sorted()
        self.buckets = buckets
        self.limits = limits
        places = RowPlaces(
            buckets: ends.count + 1, bucketOf: Self.indices(of: limits, among: ends),
            nativeOf: Self.indices(of: limits, among: natives))
        starts = Self.indices(
            of: (0..<65 * 16).map { key in
                let (width, next) = (UInt64(key / 16), UInt64(key % 16))
                return width < 5 ? 0 : (16 + next) << (width - 5)
            }, among: limits)
    }

    /// For each value, in ascending order, which bound is the first that is not less.
    private static func indices(of values: [UInt64], among bounds: [UInt64]) -> [UInt16] {
        var index = 0
        return values.map { value in
            while index < bounds.count && bounds[index] < value { index += 1 }
            return UInt16(index)
        }
    }

    /// The place of an observation in nanoseconds.
    @inline(__always)
    func place(of observation: UInt64) -> Int {
        let width = 64 &- observation.leadingZeroBitCount
        let next = width < 5 ? 0 : Int(truncatingIfNeeded: observation &>> UInt64(width &- 5)) & 15
        var place = Int(starts[width &* 16 &+ next])
        while observation > limits[place] { place &+= 1 }
        return place
    }
}

// Which bucket an observation falls into. Asked several times per command, so it is one table look-up and a comparison
// or two instead of a walk over all bounds.

import Metrics

/// The buckets of a histogram, ready for fast use.
struct LatencyScale: Sendable {
    let buckets: Buckets
    /// The largest observation of each bucket but the last, in the recorded unit.
    private let limits: [UInt64]
    /// For each bit width, the first bucket that an observation of that width can be in.
    private let starts: [UInt8]

    init(_ buckets: Buckets, scale: Double = 1e-9) {
        self.buckets = buckets
        let limits = buckets.bounds.prefix(250).map { UInt64(($0 / scale).rounded()) }
        self.limits = limits
        starts = (0...64).map { width in
            let smallest: UInt64 = width == 0 ? 0 : 1 << UInt64(width - 1)
            return UInt8(limits.firstIndex { smallest <= $0 } ?? limits.count)
        }
    }

    /// How many buckets there are, +Inf included.
    var count: Int { limits.count + 1 }

    /// The bucket of an observation.
    @inline(__always)
    func bucket(of observation: UInt64) -> Int {
        var bucket = Int(starts[64 &- observation.leadingZeroBitCount])
        while bucket < limits.count && observation > limits[bucket] { bucket &+= 1 }
        return bucket
    }
}

// Which bucket an observation falls into. Asked several times per command, so it is one table look-up and a comparison
// or two instead of a walk over all bounds.

import Metrics

/// The buckets of a histogram, ready for fast use.
struct LatencyScale: Sendable {
    let buckets: Buckets
    /// The largest observation of each bucket but the last, in the recorded unit.
    private let limits: [UInt64]
    /// For each bit width, the first bucket that an observation of that width can be in.
    private let starts: [UInt16]
    private let native = NativeScale.shared

    init(_ buckets: Buckets, scale: Double = 1e-9) {
        self.buckets = buckets
        let limits = buckets.bounds.map { UInt64(($0 / scale).rounded()) }
        self.limits = limits
        starts = (0...64).map { width in
            let smallest: UInt64 = width == 0 ? 0 : 1 << UInt64(width - 1)
            return UInt16(clamping: limits.firstIndex { smallest <= $0 } ?? limits.count)
        }
    }

    /// How many buckets there are, +Inf included.
    var count: Int { limits.count + 1 }

    /// The bucket of an observation, with its native one in the same number: see ``BucketPair``.
    @inline(__always)
    func bucket(of observation: UInt64) -> Int {
        var bucket = Int(starts[64 &- observation.leadingZeroBitCount])
        while bucket < limits.count && observation > limits[bucket] { bucket &+= 1 }
        return BucketPair.pack(bucket, native: native.place(of: observation))
    }
}

/// A classic bucket and a native one in one number, because both are looked up once for an observation and used for
/// several rows. Measured: a look-up for each row takes twice as long.
enum BucketPair {
    private static let bits = 16

    @inline(__always)
    static func pack(_ classic: Int, native: Int) -> Int { native &<< bits | classic }

    @inline(__always)
    static func classic(_ pair: Int) -> Int { pair & (1 &<< bits &- 1) }

    @inline(__always)
    static func native(_ pair: Int) -> Int { pair &>> bits }
}

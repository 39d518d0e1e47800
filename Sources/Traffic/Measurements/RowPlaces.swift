// A latency is counted once, in a place so narrow that the buckets of the page and the native ones are sums of such
// places. Counted in both kinds of buckets, it costs a command a fifth more to record (measured).

import Metrics

/// The places of a histogram's row, and the buckets to which each of them belongs.
struct RowPlaces: Sendable {
    /// How many buckets the page has, +Inf included.
    let buckets: Int
    /// The bucket of each place, in ascending order.
    let bucketOf: [UInt16]
    /// The place of each in ``NativeScale``; empty where the histograms have no native buckets.
    let nativeOf: [UInt16]

    var count: Int { bucketOf.count }

    init(buckets: Int, bucketOf: [UInt16], nativeOf: [UInt16]) {
        self.buckets = buckets
        self.bucketOf = bucketOf
        self.nativeOf = nativeOf
    }

    /// A place for each bucket, and no native ones.
    init(plain buckets: Int) {
        self.init(buckets: buckets, bucketOf: (0..<buckets).map { UInt16($0) }, nativeOf: [])
    }
}

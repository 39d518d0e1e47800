// How deep clients' pipelines are: redis_pipeline_depth.

import Metrics

/// Commands by how many were in flight on their connection, themselves included.
struct PipelineDepths: Sendable {
    private static var largestPower: Int { 10 }
    private static let buckets = Buckets((0...largestPower).map { Double(1 << $0) })

    /// By powers of two up to the largest, and one for all that are deeper.
    private var counts = InlineArray<12, UInt64>(repeating: 0)
    private var sum: UInt64 = 0

    /// Counts a command.
    ///
    /// - Parameter depth: 1 at least.
    @inline(__always)
    mutating func record(_ depth: Int) {
        counts[Self.bucket(of: depth)] &+= 1
        sum &+= UInt64(depth)
    }

    @inline(__always)
    static func bucket(of depth: Int) -> Int {
        Swift.min(Int.bitWidth - (depth - 1).leadingZeroBitCount, largestPower + 1)
    }

    /// Commands that were sent.
    var count: UInt64 { all.reduce(0, &+) }

    private var all: [UInt64] { counts.indices.map { counts[$0] } }

    /// What goes to the page.
    var value: HistogramValue { HistogramValue(buckets: Self.buckets, counts: all, sum: Double(sum), native: nil) }
}

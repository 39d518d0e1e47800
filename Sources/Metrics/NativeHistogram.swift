// A native histogram is one series with as many buckets as its observations need. Prometheus stores it so where it is
// asked to; it is carried by the protobuf format alone.

/// A native histogram at one moment, of latencies in seconds.
///
/// A class so that a sample holds one pointer to it. It is made for every series of every poll and written for few, so
/// that it holds the counts as they were recorded. ``layout`` is what a page says of them.
public final class NativeHistogram: Sendable, Equatable {
    /// The place of the first of the counts in ``NativeScale``.
    private let firstPlace: Int
    /// Observations of neighbouring places, empty ones included.
    private let counts: [UInt64]

    /// - Parameters:
    ///   - firstPlace: the place of the first count in ``NativeScale``.
    ///   - counts: observations of neighbouring places, empty ones included.
    public init(from firstPlace: Int, _ counts: [UInt64]) {
        self.firstPlace = firstPlace
        self.counts = counts
    }

    /// - Parameter counts: observations by place in ``NativeScale``.
    public convenience init(_ counts: some Sequence<(Int, UInt64)>) {
        var all = [UInt64](repeating: 0, count: NativeScale.count)
        for (place, count) in counts { all[place] = count }
        self.init(from: 0, all)
    }

    /// The buckets as a page has them. Costs a few microseconds.
    var layout: NativeLayout {
        let zeroCount = firstPlace == 0 ? counts.first ?? 0 : 0
        let buckets = counts.enumerated().compactMap { offset, count -> NativeLayout.Bucket? in
            let place = firstPlace + offset
            guard count > 0, place > 0 else { return nil }
            return NativeLayout.Bucket(index: place - 1 + NativeScale.firstIndex, count: count)
        }
        return NativeLayout(schema: NativeScale.schema, zeroCount: zeroCount, buckets)
    }

    /// Whether both hold the same counts in the same places: cheaper than to compare the buckets of a page.
    func isRecordedAlike(_ other: NativeHistogram) -> Bool {
        self === other || firstPlace == other.firstPlace && counts == other.counts
    }

    public static func == (left: NativeHistogram, right: NativeHistogram) -> Bool {
        left === right || left.layout == right.layout
    }
}

/// The buckets of a native histogram in runs, as Prometheus stores them.
struct NativeLayout: Equatable {
    /// Buckets are 2^(2^-schema) apart.
    let schema: Int
    /// Observations of up to ``NativeScale/zeroThreshold``.
    let zeroCount: UInt64
    /// Runs of neighbouring buckets, in ascending order.
    let spans: [Span]
    /// The count of the first bucket, then the difference of each to the one before, for all spans.
    let deltas: [Int64]

    /// A run of neighbouring buckets.
    struct Span: Equatable {
        /// The index of the first bucket in the first span; in others, how many buckets lie between it and the span
        /// before.
        let offset: Int
        let length: Int
    }

    /// One bucket with observations, by its index in a schema.
    struct Bucket: Equatable {
        let index: Int
        let count: UInt64
    }

    /// More buckets than this make a series dear; two neighbours are put together then, as often as it takes.
    static let mostBuckets = 160
    /// As few empty buckets between two spans take less room than a span of their own.
    private static let widestGap = 2

    init(schema: Int, zeroCount: UInt64, _ buckets: [Bucket]) {
        var (schema, buckets) = (schema, buckets)
        var spans = Self.spans(of: buckets)
        while spans.reduce(0, { $0 + $1.length }) > Self.mostBuckets {
            buckets = Self.merged(buckets)
            schema -= 1
            spans = Self.spans(of: buckets)
        }
        self.schema = schema
        self.zeroCount = zeroCount
        self.spans = spans
        deltas = Self.deltas(of: buckets, in: spans)
    }

    /// Pairs of neighbours as one bucket each, which is a bucket of the next lower schema.
    private static func merged(_ buckets: [Bucket]) -> [Bucket] {
        var merged: [Bucket] = []
        for bucket in buckets {
            let index = ((bucket.index - 1) >> 1) + 1
            if let last = merged.last, last.index == index {
                merged[merged.count - 1] = Bucket(index: index, count: last.count &+ bucket.count)
            } else {
                merged.append(Bucket(index: index, count: bucket.count))
            }
        }
        return merged
    }

    private static func spans(of buckets: [Bucket]) -> [Span] {
        var spans: [Span] = []
        // Where the newest span ends.
        var end = 0
        for bucket in buckets {
            let gap = bucket.index - end
            if let last = spans.last, gap <= widestGap {
                spans[spans.count - 1] = Span(offset: last.offset, length: last.length + gap + 1)
            } else {
                spans.append(Span(offset: gap, length: 1))
            }
            end = bucket.index + 1
        }
        return spans
    }

    private static func deltas(of buckets: [Bucket], in spans: [Span]) -> [Int64] {
        var deltas: [Int64] = []
        var last: UInt64 = 0
        var next = buckets[...]
        var index = 0
        for span in spans {
            index += span.offset
            for _ in 0..<span.length {
                let count = next.first?.index == index ? next.removeFirst().count : 0
                deltas.append(Int64(bitPattern: count &- last))
                last = count
                index += 1
            }
        }
        return deltas
    }
}

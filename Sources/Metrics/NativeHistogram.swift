// A native histogram is one series with as many buckets as its observations need. Prometheus stores it so where it is
// asked to; it is carried by the protobuf format alone.

/// A native histogram at one moment, of latencies in seconds.
///
/// A class so that a sample holds one pointer to it.
public final class NativeHistogram: Sendable, Equatable {
    /// Buckets are 2^(2^-schema) apart.
    public let schema: Int
    /// Observations of up to ``NativeScale/zeroThreshold``.
    public let zeroCount: UInt64
    /// Runs of neighbouring buckets, in ascending order.
    public let spans: [Span]
    /// The count of the first bucket, then the difference of each to the one before, for all spans.
    public let deltas: [Int64]

    /// A run of neighbouring buckets.
    public struct Span: Sendable, Equatable {
        /// The index of the first bucket in the first span; in others, how many buckets lie between it and the span
        /// before.
        public let offset: Int
        public let length: Int
    }

    /// One bucket with observations, by its index in a schema.
    public struct Bucket: Sendable, Equatable {
        let index: Int
        let count: UInt64
    }

    /// More buckets than this make a series dear; two neighbours are put together then, as often as it takes.
    public static let mostBuckets = 160
    /// As few empty buckets between two spans take less room than a span of their own.
    private static let widestGap = 2

    /// - Parameter counts: observations by place in ``NativeScale``, ascending, without empty ones.
    public convenience init(_ counts: some Sequence<(Int, UInt64)>) {
        var zeroCount: UInt64 = 0
        var buckets: [Bucket] = []
        for (place, count) in counts {
            if place == 0 {
                zeroCount = count
            } else {
                buckets.append(Bucket(index: place - 1 + NativeScale.firstIndex, count: count))
            }
        }
        self.init(schema: NativeScale.schema, zeroCount: zeroCount, buckets)
    }

    private init(schema: Int, zeroCount: UInt64, _ buckets: [Bucket]) {
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

    public static func == (left: NativeHistogram, right: NativeHistogram) -> Bool {
        left === right
            || (left.schema == right.schema && left.zeroCount == right.zeroCount && left.spans == right.spans
                && left.deltas == right.deltas)
    }
}

// Histograms: bounds that many series share, a recorder that costs a few instructions per observation, and the value
// that goes to the page.

/// The upper bounds of a histogram, shared by every series that uses them.
///
/// Observations are whole numbers in the unit that is cheapest to measure (nanoseconds, bytes, a count); bounds are
/// shown in the exported unit. A class so that a histogram holds one pointer to it.
public final class Buckets: Sendable, Equatable {
    /// Upper bounds in the exported unit, ascending, without +Inf.
    public let bounds: [Double]
    /// The largest observation that each bound still includes, in the recorded unit.
    let limits: [UInt64]
    /// `le="…"} ` for each bound and for +Inf: always with a fraction or an exponent, as OpenMetrics wants.
    let labels: [[UInt8]]
    /// How many recorded units make one exported unit.
    let resolution: Double

    /// - Parameters:
    ///   - bounds: upper bounds in the exported unit, ascending, finite, not negative.
    ///   - resolution: recorded units in one exported unit, such as 1e9 for nanoseconds shown as seconds.
    public init(_ bounds: [Double], resolution: Double = 1) {
        self.bounds = bounds
        self.resolution = resolution
        self.limits = bounds.map { UInt64(($0 * resolution).rounded()) }
        self.labels = (bounds.map { "\($0)" } + ["+Inf"]).map { Array("le=\"\($0)\"} ".utf8) }
    }

    /// Bounds in seconds for observations in nanoseconds.
    public static func seconds(_ bounds: [Double]) -> Buckets {
        Buckets(bounds, resolution: 1e9)
    }

    /// The bounds of every latency histogram, unless `--latency.buckets` says otherwise.
    public static let latency = Buckets.seconds([
        0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5,
    ])

    /// The position of the first bound that includes the observation; `bounds.count` stands for +Inf.
    @inlinable
    public func index(of observation: UInt64) -> Int {
        var index = 0
        while index < limitCount && observation > limit(at: index) { index += 1 }
        return index
    }

    @usableFromInline var limitCount: Int { limits.count }
    @usableFromInline func limit(at index: Int) -> UInt64 { limits[index] }

    public static func == (left: Buckets, right: Buckets) -> Bool {
        left === right || left.bounds == right.bounds
    }
}

/// A histogram that is being recorded.
public struct Histogram: Sendable {
    public let buckets: Buckets
    /// Observations per bucket, not cumulative; the last one is +Inf.
    public private(set) var counts: [UInt64]
    /// The sum of all observations in the recorded unit.
    public private(set) var sum: UInt64 = 0

    public init(_ buckets: Buckets) {
        self.buckets = buckets
        self.counts = Array(repeating: 0, count: buckets.bounds.count + 1)
    }

    /// Counts one observation, given in the recorded unit of the buckets.
    public mutating func record(_ observation: UInt64) {
        counts[buckets.index(of: observation)] += 1
        sum &+= observation
    }

    /// What goes to the page.
    public var value: HistogramValue {
        HistogramValue(buckets: buckets, counts: counts, sum: Double(sum) / buckets.resolution)
    }
}

/// A histogram at one moment, in the exported unit.
public struct HistogramValue: Sendable, Equatable {
    public let buckets: Buckets
    /// Observations per bucket, not cumulative: one per bound, then one for +Inf.
    public let counts: [UInt64]
    public let sum: Double
    /// The same observations in finer buckets, for formats that carry them.
    public let native: NativeHistogram?
    /// One per bucket, nil where there is none; empty where there are none at all.
    let exemplars: [Exemplar?]

    /// - Parameter exemplars: one place per bucket, +Inf included, or empty; each the newest of its bucket.
    public init(
        buckets: Buckets, counts: [UInt64], sum: Double, native: NativeHistogram? = nil, exemplars: [Exemplar?] = []
    ) {
        precondition(counts.count == buckets.bounds.count + 1, "one count per bound and one for +Inf")
        precondition(exemplars.isEmpty || exemplars.count == counts.count, "a place per bucket, or none")
        self.buckets = buckets
        self.counts = counts
        self.sum = sum
        self.native = native
        self.exemplars = exemplars
    }

    /// The exemplar of a bucket, if it has one.
    func exemplar(of bucket: Int) -> Exemplar? {
        exemplars.isEmpty ? nil : exemplars[bucket]
    }

    /// All observations.
    public var count: UInt64 { counts.reduce(0, &+) }
}

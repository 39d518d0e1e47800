// The buckets of native histograms: eight per power of two, each 9 % wider than the one before (schema 3). They are the
// same for every series, so that series can be added up in queries.

/// Which bucket of a native histogram a latency falls into.
///
/// What is shorter than a microsecond, 2^-20 s, is in the zero bucket; what is longer than 68 minutes, 2^12 s, in the
/// last bucket.
public struct NativeScale: Sendable {
    /// Buckets are 2^(2^-schema) apart.
    static let schema = 3
    /// The largest value in seconds that the zero bucket takes.
    static let zeroThreshold = 0x1p-20
    /// How many buckets there are in a power of two.
    private static let steps = 8
    /// How many places there are: the zero bucket's and those of 32 powers of two.
    public static let count = 1 + 32 * steps
    /// The index in the schema of the place 1; bucket `i` ends at 2^(i/8) s.
    static let firstIndex = 1 - 20 * steps

    /// The one that all share; a copy of it is quicker than to look for it.
    public static let shared = NativeScale()

    /// The largest observation of each place in nanoseconds.
    public let limits: [UInt64]
    /// For each bit width and the four bits below the highest one, the first place that such an observation can have.
    @usableFromInline let starts: [UInt16]

    /// 2^(step/8) as fractions from 0.5; the same numbers as in Prometheus' own table.
    private static let fractions = [
        0.5, 0.5452538663326288, 0.5946035575013605, 0.6484197773255048, 0.7071067811865475, 0.7711054127039704,
        0.8408964152537144, 0.9170040432046711,
    ]

    private init() {
        let limits: [UInt64] = (0..<Self.count).map { place in
            guard place < Self.count - 1 else { return .max }
            // The first limit is the zero bucket's.
            let exponent = place / Self.steps - 19
            let bound = Double(sign: .plus, exponent: exponent, significand: Self.fractions[place % Self.steps])
            return UInt64(bound * 1e9)
        }
        self.limits = limits
        var place = 0
        starts = (0..<65 * 16).map { key in
            let (width, next) = (UInt64(key / 16), UInt64(key % 16))
            // Grows with the key, and so does the place.
            let smallest = width < 5 ? 0 : (16 + next) << (width - 5)
            while limits[place] < smallest { place += 1 }
            return UInt16(place)
        }
    }

    /// The largest value of a place in seconds; of the last place, which has none, its smallest.
    public func upperBound(of place: Int) -> Double {
        Double(limits[Swift.min(place, Self.count - 2)]) * 1e-9
    }

    /// The place of an observation in nanoseconds: 0 for the zero bucket. One look-up and one comparison.
    @inlinable
    public func place(of nanoseconds: UInt64) -> Int {
        let width = 64 &- nanoseconds.leadingZeroBitCount
        let next = width < 5 ? 0 : Int(truncatingIfNeeded: nanoseconds &>> UInt64(width &- 5)) & 15
        let place = Int(starts[width &* 16 &+ next])
        // A sixteenth of a power of two is narrower than any bucket, so that one bound at the most lies within.
        return nanoseconds > limits[place] ? place &+ 1 : place
    }
}

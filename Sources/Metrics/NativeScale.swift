// The buckets of native histograms: eight per power of two, each 9 % wider than the one before (schema 3). They are the
// same for every series, so that series can be added up in queries.

/// Which bucket of a native histogram a latency falls into.
///
/// What is shorter than a microsecond, 2^-20 s, is in the zero bucket; what is longer than 68 minutes, 2^12 s, in the
/// last bucket.
public enum NativeScale {
    /// Buckets are 2^(2^-schema) apart.
    static let schema = 3
    /// The largest value in seconds that the zero bucket takes.
    static let zeroThreshold = 0x1p-20
    /// How many buckets there are in a power of two.
    public static let steps = 8
    /// How many powers of two there are.
    public static let octaves = 32
    /// The places of ``bucket(of:)``: the zero bucket's and all others'.
    public static let count = 1 + octaves * steps

    /// The index in the schema of the place 1; bucket `i` ends at 2^(i/8) s.
    static let firstIndex = 1 - 20 * steps

    /// The place of an observation in nanoseconds: 0 for the zero bucket. One look-up, and a comparison or two.
    @inlinable
    public static func bucket(of nanoseconds: UInt64) -> Int {
        table.bucket(of: nanoseconds)
    }

    @usableFromInline static let table = NativeTable()
}

/// What ``NativeScale`` looks up.
@usableFromInline
struct NativeTable: Sendable {
    /// The largest observation of each bucket in nanoseconds.
    @usableFromInline let limits: [UInt64]
    /// For each bit width and the four bits below the highest one, the first bucket that such an observation can be in.
    @usableFromInline let starts: [UInt16]

    /// 2^(step/8) as IEEE 754 has it; the same numbers as in Prometheus' own table, written as fractions from 0.5.
    private static let fractions = [
        0.5, 0.5452538663326288, 0.5946035575013605, 0.6484197773255048, 0.7071067811865475, 0.7711054127039704,
        0.8408964152537144, 0.9170040432046711,
    ]

    init() {
        // The first limit is the zero bucket's, 2^-20 s, and those of a power of two follow upon its start.
        let limits = (0..<NativeScale.count).map { place in
            let exponent = place / NativeScale.steps - 19
            let bound = Double(sign: .plus, exponent: exponent, significand: Self.fractions[place % NativeScale.steps])
            return UInt64(bound * 1e9)
        }
        self.limits = limits
        starts = (0..<65 * 16).map { key in
            let (width, next) = (UInt64(key / 16), UInt64(key % 16))
            let smallest = width == 0 ? 0 : width < 5 ? 1 << (width - 1) : (16 + next) << (width - 5)
            return UInt16(clamping: limits.firstIndex { smallest <= $0 } ?? limits.count - 1)
        }
    }

    @inlinable
    func bucket(of nanoseconds: UInt64) -> Int {
        let width = 64 &- nanoseconds.leadingZeroBitCount
        let next = width < 5 ? 0 : Int(truncatingIfNeeded: nanoseconds &>> UInt64(width &- 5)) & 15
        var bucket = Int(starts[width &* 16 &+ next])
        while bucket < limits.count &- 1 && nanoseconds > limits[bucket] { bucket &+= 1 }
        return bucket
    }
}

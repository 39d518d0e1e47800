import Glibc
import Testing

@testable import Metrics

@Suite struct NativeHistogramTests {
    /// The bound of a bucket in nanoseconds, by the definition of the schema.
    private func bound(_ place: Int) -> Double { exp2(Double(place - 160) / 8) * 1e9 }

    @Test func everyBucketTakesWhatIsUpToItsBound() {
        for place in 0..<NativeScale.count - 1 {
            let largest = UInt64(bound(place))
            #expect(NativeScale.shared.place(of: largest) == place, "\(largest) ns")
            #expect(NativeScale.shared.place(of: largest + 1) == place + 1, "\(largest + 1) ns")
        }
        #expect(NativeScale.shared.place(of: 0) == 0)
        #expect(NativeScale.shared.place(of: .max) == NativeScale.count - 1)
    }

    @Test func bucketsOfManyObservationsAreThoseOfALogarithm() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let nanoseconds = generator.next() >> UInt64.random(in: 22...63)
            let place = NativeScale.shared.place(of: nanoseconds)
            #expect(Double(nanoseconds) <= bound(place) || place == NativeScale.count - 1, "\(nanoseconds) ns")
            #expect(place == 0 || Double(nanoseconds) > bound(place - 1), "\(nanoseconds) ns")
        }
    }

    /// The counts of a native histogram by index, empty ones left out.
    private func counts(_ native: NativeLayout) -> [Int: UInt64] {
        var (counts, index, count): ([Int: UInt64], Int, Int64) = ([:], 0, 0)
        var deltas = native.deltas[...]
        for span in native.spans {
            index += span.offset
            for _ in 0..<span.length {
                count += deltas.removeFirst()
                if count != 0 { counts[index] = UInt64(count) }
                index += 1
            }
        }
        #expect(deltas.isEmpty)
        return counts
    }

    @Test func countsAreRunsAndDifferences() {
        let native = NativeHistogram([(0, 7), (160, 5), (161, 2), (164, 9), (168, 1)]).layout
        #expect(native.zeroCount == 7 && native.schema == 3)
        #expect(native.spans == [.init(offset: 0, length: 5), .init(offset: 3, length: 1)])
        #expect(native.deltas == [5, -3, -2, 0, 9, -8])
    }

    @Test func anEmptyOneHasNoBuckets() {
        let native = NativeHistogram([]).layout
        #expect(native.zeroCount == 0 && native.spans.isEmpty && native.deltas.isEmpty)
    }

    @Test(arguments: [159, 160, 161, 256])
    func tooManyBucketsAreMergedInPairs(buckets: Int) {
        let native = NativeHistogram((1...buckets).map { ($0, UInt64($0)) }).layout
        #expect(native.deltas.count <= NativeLayout.mostBuckets)
        #expect(native.schema == (buckets > 160 ? 2 : 3))
        let counts = counts(native)
        #expect(counts.values.reduce(0, +) == UInt64(buckets * (buckets + 1) / 2))
        // Buckets of the lower schema end at every other bound: those up to 1 s are the same observations.
        #expect(counts.filter { $0.key <= 0 }.values.reduce(0, +) == UInt64((1...min(160, buckets)).reduce(0, +)))
    }

    /// What lies between the buckets counts too: Prometheus counts empty ones within a span.
    @Test func smallGapsCountAsBuckets() {
        let native = NativeHistogram(stride(from: 1, through: 256, by: 3).map { ($0, 1) }).layout
        #expect(native.deltas.count <= NativeLayout.mostBuckets)
        #expect(counts(native).values.reduce(0, +) == 86)
    }

    @Test func countsBeyondHalfOfAllNumbersKeepTheirDifferences() {
        let native = NativeHistogram([(1, .max), (2, 1)]).layout
        #expect(native.deltas == [-1, 2])
    }
}

import Testing

@testable import Metrics

@Suite struct ValueTests {
    @Test(arguments: [
        (0, "0"), (-1, "-1"), (1.5, "1.5"), (1e-05, "1e-05"), (123_456_789_012, "123456789012"),
        (9_007_199_254_740_992, "9007199254740992.0"), (1e300, "1e+300"), (-.infinity, "-Inf"), (.infinity, "+Inf"),
        (.nan, "NaN"), (-9_223_372_036_854_775_808, "-9.223372036854776e+18"),
        (-9_007_199_254_740_991, "-9007199254740991"),
    ])
    func numbersAreShortAndReadBackTheSame(value: Double, text: String) {
        var buffer = PageBuffer()
        buffer.append(number: value)
        #expect(String(decoding: buffer.bytes, as: UTF8.self) == text)
    }

    @Test(arguments: [
        ("redis_up", "redis_up"), ("", "_"), ("9lives", "_9lives"), ("a.b-c", "a_b_c"), ("é", "__"), ("a:b", "a_b"),
    ])
    func namesAreMadeSafe(name: String, safe: String) {
        #expect(Naming.safeName(name) == safe)
    }

    @Test(arguments: [
        ("a_seconds", "seconds"), ("a_bytes_total", "bytes"), ("seconds", nil), ("a_usec", nil), ("a_ratio", "ratio"),
    ])
    func unitIsTheSuffixOfTheName(name: String, unit: String?) {
        let kind: Descriptor.Kind = name.hasSuffix("_total") ? .counter : .gauge
        #expect(Descriptor(kind, name, help: "x").unit == unit)
    }

    @Test func everyObservationFallsIntoTheFirstBucketThatIncludesIt() {
        let buckets = Buckets.latency
        #expect(buckets.bounds.count == 12)
        for (index, bound) in buckets.bounds.enumerated() {
            let limit = UInt64((bound * 1e9).rounded())
            #expect(buckets.index(of: limit) == index)
            #expect(buckets.index(of: limit + 1) == index + 1)
        }
        #expect(buckets.index(of: 0) == 0)
        #expect(buckets.index(of: .max) == 12)
    }

    @Test func aHistogramOfCountsIsNotScaled() {
        var histogram = Histogram(Buckets([1, 2, 4]))
        for depth: UInt64 in [1, 2, 3, 100] { histogram.record(depth) }
        #expect(histogram.value.counts == [1, 1, 1, 1])
        #expect(histogram.value.sum == 106)
        #expect(histogram.value.count == 4)
    }

    @Test func samplesOfOneFamilyComeTogetherWhateverTheirOrder() {
        let a = Descriptor(.gauge, "a", labels: ["l"], help: "A.")
        let b = Descriptor(.gauge, "b", help: "B.")
        var samples = Samples()
        samples.add(a, 1, "x")
        samples.add(b, ifKnown: 2)
        samples.add(a, 3, "y")
        samples.add(b, ifKnown: nil)
        #expect(samples.families.map(\.descriptor.name) == ["a", "b"])
        #expect(samples.sum(of: a) == 4)
        #expect(samples.numbers(of: a) == [1, 3])
        #expect(samples.sum(of: Descriptor(.gauge, "a", help: "Another of that name.")) == nil)
    }

    /// A series that stands where it stood has the labels of before, the very same ones; the rest is that of the newer
    /// poll.
    @Test func twoPollsHoldTheirLabelsOnce() {
        let gauge = Descriptor(.gauge, "a", labels: ["l", "m"], help: "A.")
        let (plain, other) = (Descriptor(.counter, "b", help: "B."), Descriptor(.gauge, "c", labels: ["l"], help: "C."))
        func poll(_ names: [String], _ value: Double, and descriptors: [Descriptor]) -> Samples {
            var samples = Samples()
            for name in names { samples.add(gauge, value, "\(name) \(name.count)", "x") }
            for descriptor in descriptors {
                samples.add(descriptor, Sample(labels: descriptor.labels, value: .number(value)))
            }
            return samples
        }
        let first = poll(["one", "two", "three"], 1, and: [plain])
        let second = poll(["one", "2", "three", "four"], 2, and: [other, plain])
        let sharing = second.sharingLabels(with: first)
        #expect(sharing.families.map(\.samples) == second.families.map(\.samples))
        let (old, shared) = (first[gauge], sharing[gauge])
        let isShared = shared.indices.map { place in
            guard place < old.count else { return false }
            let (labels, former) = (shared[place].labels, old[place].labels)
            return labels.span.isIdentical(to: former.span)
        }
        #expect(isShared == [true, false, true, false])
    }
}

import Testing

@testable import Metrics

/// What a server that brings endless series does to the rest.
struct SampleBoundTests {
    private static let endless = Descriptor(.gauge, "endless", labels: ["n"], help: "Endless.")
    private static let modest = Descriptor(.gauge, "modest", help: "Modest.")

    private static func samples(_ count: Int, of descriptor: Descriptor = endless, bounded: Bool = true) -> Samples {
        var samples = Samples(bounded: bounded)
        samples.add(modest, 1)
        for number in 0..<count { samples.add(descriptor, Double(number), "\(number)") }
        return samples
    }

    @Test func aFamilyWithTooManySeriesIsLeftOutAndCounted() {
        let samples = Self.samples(100_000)
        #expect(samples[Self.endless].isEmpty)
        #expect(samples.excess == 100_000)
        #expect(samples.overfullFamilies.map(\.name) == ["endless"])
        #expect(samples.first(Self.modest) == 1)
    }

    @Test func tenThousandSeriesAreNotTooMany() {
        let samples = Self.samples(10_000)
        #expect(samples[Self.endless].count == 10_000)
        #expect(samples.excess == 0)
    }

    @Test func longLabelsCountAsMuchAsManySeries() {
        var samples = Samples()
        let long = String(repeating: "x", count: 100_000)
        for number in 0..<20 { samples.add(Self.endless, 1, "\(long)\(number)") }
        #expect(samples[Self.endless].isEmpty && samples.excess == 20)
    }

    @Test func manyFamiliesTogetherAreBoundedToo() {
        var samples = Samples()
        let label = String(repeating: "x", count: 1000)
        for family in 0..<200 {
            let descriptor = Descriptor(.gauge, "family_\(family)", labels: ["n"], help: "One of many.")
            for number in 0..<100 { samples.add(descriptor, 1, "\(label)\(number)") }
        }
        #expect(samples.families.count { !$0.samples.isEmpty } == Samples.mostBytes / (100 * 1050))
        #expect(samples.excess > 0)
    }

    /// A server with thousands of databases has dozens of large families; what is small has nothing to do with it.
    @Test func theSmallFamiliesStayWhenTheLargeOnesAreTooMany() {
        var samples = Samples()
        for number in 0..<30 {
            samples.add(Self.samples(9000, of: Descriptor(.gauge, "large_\(number)", labels: ["n"], help: "Large.")))
        }
        let late = Descriptor(.gauge, "late", labels: ["n"], help: "Comes last.")
        for number in 0..<20 { samples.add(late, Double(number), "\(number)") }
        #expect(samples[late].count == 20 && samples.first(Self.modest) == 1)
        #expect(samples.overfullFamilies.allSatisfy { $0.name.hasPrefix("large_") && $0.excess == 9000 })
    }

    @Test func aSetWithoutSomeFamiliesKeepsTheOthersAndTheirCounts() {
        var samples = Self.samples(100_000)
        let another = Descriptor(.gauge, "another", help: "Another.")
        samples.add(another, 3)
        #expect(samples.without(["endless"]).excess == 0 && samples.without(["modest"]).excess == 100_000)
        #expect(samples.without(["endless", "modest"]).first(another) == 3)
    }

    /// Whole families are taken over where nobody else has them, and put together where somebody does.
    @Test func joinedSetsHaveEachFamilyOnce() {
        let descriptors = (0..<1000).map { Descriptor(.gauge, "family_\($0)", labels: ["n"], help: "One of many.") }
        func set(_ range: Range<Int>, _ label: String) -> Samples {
            var samples = Samples()
            for number in range { samples.add(descriptors[number], Double(number), label) }
            return samples
        }
        var joined = set(0..<600, "a")
        joined.add(set(400..<1000, "b"))
        #expect(joined.families.count == 1000)
        for number in 0..<1000 {
            let labels = (number < 600 ? ["a"] : []) + (number >= 400 ? ["b"] : [])
            #expect(joined[descriptors[number]].map(\.labels) == labels.map { [$0] })
        }
        #expect(joined[Self.modest].isEmpty)
    }

    @Test func aSetThatIsTakenOverCountsTowardsTheBound() {
        var joined = Samples()
        for number in 0..<30 {
            let descriptor = Descriptor(.gauge, "large_\(number)", labels: ["n"], help: "Large.")
            joined.add(Self.samples(9000, of: descriptor))
        }
        #expect(joined.families.count { !$0.samples.isEmpty } < 30)
        #expect(joined.excess > 0 && joined.excess.isMultiple(of: 9000))
    }

    @Test func whatIsLeftOutStaysLeftOutWhenSetsAreJoined() {
        var joined = Self.samples(10)
        joined.add(Self.samples(100_000))
        #expect(joined[Self.endless].isEmpty)
        #expect(joined.excess == 100_010)
        var halves = Self.samples(12_000)
        halves.add(Self.samples(12_000))
        #expect(halves[Self.endless].isEmpty && halves.excess == 24_000)
    }

    @Test func whatIsBoundedElsewhereIsNotLeftOut() {
        #expect(Self.samples(100_000, bounded: false)[Self.endless].count == 100_000)
    }
}

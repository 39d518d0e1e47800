import Testing

@testable import Exporter

/// How counters grow between two looks, whatever happens to what they count.
@Suite struct CounterTrackerTests {
    private var tracker = CounterTracker()

    private mutating func look(_ values: [Labels: Double], at time: Double) {
        tracker.beginLook()
        tracker.take("c", values.map { Series(labels: $0.key, value: $0.value) }) { _ in time }
    }

    private func growth(_ labels: Labels = ["k": "a"]) -> CounterTracker.Growth? {
        tracker.growth(of: "c").first { $0.labels == labels }
    }

    @Test mutating func growsBetweenTwoSamples() {
        look([["k": "a"]: 10], at: 100)
        #expect(growth() == nil)
        look([["k": "a"]: 30], at: 105)
        #expect(growth()?.amount == 20 && growth()?.rate == 4)
    }

    /// A page that is looked at every second shows the same sample until the next poll.
    @Test mutating func aSampleThatIsSeenTwiceChangesNothing() {
        look([["k": "a"]: 10], at: 100)
        look([["k": "a"]: 30], at: 105)
        look([["k": "a"]: 30], at: 105)
        #expect(growth()?.rate == 4)
        look([["k": "a"]: 30], at: 110)
        #expect(growth()?.rate == 0)
    }

    @Test mutating func aRestartedTargetCountsFromZero() {
        look([["k": "a"]: 1000], at: 100)
        look([["k": "a"]: 50], at: 110)
        #expect(growth()?.amount == 50)
    }

    @Test mutating func whatWasAwayIsComparedWithWhatItWas() {
        look([["k": "a"]: 1000], at: 100)
        look([:], at: 105)
        #expect(growth() == nil)
        look([["k": "a"]: 1200], at: 120)
        #expect(growth()?.amount == 200 && growth()?.span == 20)
        // Restarted while it was away.
        look([:], at: 125)
        look([["k": "a"]: 7], at: 130)
        #expect(growth()?.amount == 7)
    }

    @Test mutating func aNewcomerBeganSinceTheLookBefore() {
        look([["k": "a"]: 10], at: 100)
        look([["k": "a"]: 10, ["k": "b"]: 6], at: 103)
        #expect(growth(["k": "b"])?.rate == 2)
    }

    @Test mutating func aNewTargetMayHaveCountedForYears() {
        look([["k": "a", "target": "x"]: 10], at: 100)
        look([["k": "a", "target": "x"]: 10, ["k": "a", "target": "y"]: 1e9], at: 105)
        #expect(growth(["k": "a", "target": "y"]) == nil)
        look([["k": "a", "target": "x"]: 10, ["k": "a", "target": "y"]: 1e9 + 5], at: 110)
        #expect(growth(["k": "a", "target": "y"])?.rate == 1)
    }

    /// One bucket shows that all of them began anew, also those that have overtaken what they were.
    @Test mutating func aHistogramIsRestartedAsAWhole() {
        look([["le": "1"]: 100, ["le": "+Inf"]: 110], at: 100)
        look([["le": "1"]: 20, ["le": "+Inf"]: 150], at: 110)
        #expect(growth(["le": "1"])?.amount == 20)
        #expect(growth(["le": "+Inf"])?.amount == 150)
    }

    @Test mutating func aClockThatWasSetBackGivesNoGrowth() {
        look([["k": "a"]: 10], at: 100)
        look([["k": "a"]: 30], at: 50)
        #expect(growth() == nil)
        look([["k": "a"]: 40], at: 60)
        #expect(growth()?.rate == 1)
    }
}

import Testing

@testable import Exporter

@Suite struct DropWatchTests {
    @Test func droppingIsOverAfterAQuietMinute() {
        let watch = DropWatch()
        let start = ContinuousClock.now
        // What was dropped before the first look is an older engine's.
        #expect(!watch.isDropping(100, at: start))
        #expect(watch.isDropping(101, at: start + .seconds(1)))
        #expect(watch.isDropping(101, at: start + .seconds(60)))
        #expect(watch.isDropping(102, at: start + .seconds(60)))
        #expect(watch.isDropping(102, at: start + .seconds(119)))
        #expect(!watch.isDropping(102, at: start + .seconds(120)))
    }
}

import Testing

@testable import HTTP

/// Which answers have to go when those under way hold too much.
@Suite struct ResponseTrackerTests {
    private let now = ContinuousClock.now
    private let good = ClientAddress.local
    private let crowd = ClientAddress(bytes: [192, 0, 2, 7])

    private func tracker(holding bytes: Int) -> ResponseTracker {
        var limits = HTTPLimits()
        limits.responseBytes = bytes
        limits.sendBufferBytes = 50
        return ResponseTracker(limits: limits)
    }

    @Test func aBodyCountsOnceAndWhatTheKernelKeepsForEach() {
        var tracker = tracker(holding: 10_000)
        let body = HTTPBody([UInt8](repeating: 0, count: 1000))
        for id: Int32 in 1...3 { #expect(tracker.began(id, to: crowd, body, at: now).isEmpty) }
        #expect(tracker.bytes == 1000 + 3 * 100)
        let small = HTTPBody("hi")
        #expect(tracker.began(4, to: good, small, at: now).isEmpty)
        #expect(tracker.bytes == 1300 + 2 + 4)
        for id: Int32 in 1...4 { tracker.ended(id) }
        #expect(tracker.bytes == 0)
        tracker.ended(4)
        #expect(tracker.bytes == 0)
    }

    @Test func ofTheGreediestTheNewestSlowOneGoes() {
        var tracker = tracker(holding: 550)
        let body = HTTPBody([UInt8](repeating: 0, count: 100))
        #expect(tracker.began(1, to: good, body, at: now).isEmpty)
        for id: Int32 in 2...4 {
            #expect(tracker.began(id, to: crowd, body, at: now + .milliseconds(id)).isEmpty)
        }
        #expect(tracker.began(5, to: crowd, body, at: now + .seconds(5)) == [4])
        #expect(tracker.began(6, to: good, body, at: now + .seconds(5)) == [3])
    }

    @Test func withoutASlowOneTheLongestUnderWayGoes() {
        var tracker = tracker(holding: 350)
        let body = HTTPBody([UInt8](repeating: 0, count: 100))
        for id: Int32 in 1...2 {
            #expect(tracker.began(id, to: crowd, body, at: now + .milliseconds(id)).isEmpty)
        }
        #expect(tracker.began(3, to: good, body, at: now + .milliseconds(9)) == [1])
    }

    /// What is larger than all the room there is goes out alone.
    @Test func theNewcomerItselfNeverGoes() {
        var tracker = tracker(holding: 10)
        let body = HTTPBody([UInt8](repeating: 0, count: 100))
        #expect(tracker.began(1, to: crowd, body, at: now).isEmpty)
        #expect(tracker.began(2, to: crowd, body, at: now) == [1])
    }

    @Test func aConnectionHoldsOneAnswerAtATime() {
        var tracker = tracker(holding: 1000)
        let body = HTTPBody([UInt8](repeating: 0, count: 100))
        for _ in 0..<5 { _ = tracker.began(1, to: crowd, body, at: now) }
        #expect(tracker.bytes == 200)
    }
}

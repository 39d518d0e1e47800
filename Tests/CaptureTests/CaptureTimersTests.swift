import Testing

@testable import Capture

@Suite struct CaptureTimersTests {
    private let start = ContinuousClock.now
    private var timers: CaptureTimers

    init() {
        timers = CaptureTimers(settling: .milliseconds(400), at: start)
    }

    private func after(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    /// But for the look at the interfaces, every five seconds.
    @Test mutating func whereNothingComesNobodyWakes() {
        #expect(timers.next == start && timers.isLookDue(at: start))
        timers.looked(at: start)
        #expect(timers.next == after(400))
        timers.timePassed(at: after(400))
        #expect(timers.next == after(5000) && !timers.isLookDue(at: after(4999)))
    }

    /// What is measured of the last packets is complete when time has passed behind them.
    @Test mutating func timePassesOnceBehindTheLastPackets() {
        timers.looked(at: start)
        for time in [1000, 1100, 1200] {
            timers.packetsCame(at: after(time))
            timers.timePassed(at: after(time))
        }
        #expect(timers.next == after(1600))
        timers.timePassed(at: after(1599))
        #expect(timers.next == after(1600))
        timers.timePassed(at: after(1600))
        #expect(timers.next == after(5000))
    }
}

import Testing

@testable import Capture

@Suite struct CaptureTimersTests {
    private let start = ContinuousClock.now
    private var timers: CaptureTimers

    init() {
        timers = CaptureTimers(settling: .milliseconds(400), hearsOfInterfaces: true, at: start)
    }

    private func after(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    /// But to show that the thread lives.
    @Test mutating func whereNothingComesNobodyWakes() {
        #expect(timers.next == start && timers.isLookDue(at: start))
        timers.looked(at: start)
        #expect(timers.next == after(400))
        timers.timePassed(at: after(400))
        #expect(timers.next == after(16_000) && !timers.isLookDue(at: after(15_999)))
    }

    /// Where nobody tells of interfaces, it is looked for them.
    @Test func theBlindLookMoreOften() {
        var timers = CaptureTimers(settling: .milliseconds(400), hearsOfInterfaces: false, at: start)
        timers.timePassed(at: after(400))
        timers.looked(at: after(400))
        #expect(timers.next == after(5400))
    }

    /// What is measured of the last packets is complete when time has passed behind them, and published with that.
    @Test mutating func timePassesOnceBehindTheLastPackets() {
        timers.looked(at: start)
        for time in [1000, 1100, 1200] {
            timers.packetsCame(at: after(time))
            timers.timePassed(at: after(time))
        }
        #expect(timers.next == after(1600))
        timers.timePassed(at: after(1599))
        #expect(timers.next == after(1600) && !timers.isLookDue(at: after(1599)))
        timers.timePassed(at: after(1600))
        #expect(timers.isLookDue(at: after(1600)))
        timers.looked(at: after(1600))
        #expect(timers.next == after(17_600))
    }

    /// Where packets never cease nothing settles.
    @Test mutating func ofPacketsIsToldWithinFiveSeconds() {
        timers.looked(at: start)
        var looks: [Int] = []
        for time in stride(from: 100, through: 16_000, by: 100) {
            timers.packetsCame(at: after(time))
            timers.timePassed(at: after(time))
            guard timers.isLookDue(at: after(time)) else { continue }
            timers.looked(at: after(time))
            looks.append(time)
        }
        #expect(looks == [5100, 10_200, 15_300])
    }

    /// Interfaces come and go in swarms: it is looked after them once a second.
    @Test mutating func ofInterfacesIsToldWithinASecond() {
        timers.looked(at: start)
        timers.timePassed(at: after(400))
        timers.interfacesChanged(at: after(500))
        #expect(timers.next == after(1000))
        timers.interfacesChanged(at: after(900))
        #expect(timers.next == after(1000))
        timers.looked(at: after(1000))
        timers.interfacesChanged(at: after(9000))
        #expect(timers.isLookDue(at: after(9000)))
    }
}

import Capture
import Testing

@testable import Exporter

@Suite struct HeartbeatTests {
    @Test func aLoopIsSilentWhenItsPauseAndOurPatienceAreOver() {
        let beats = Heartbeats()
        let start = SuspendingClock.now
        let (quick, slow) = (beats.newLoop("quick"), beats.newLoop("slow"))
        beats.beat(quick, pause: .seconds(1), at: start)
        beats.beat(slow, pause: .seconds(60), at: start)
        #expect(beats.silent(at: start + .seconds(1) + Heartbeats.patience) == [])
        #expect(beats.silent(at: start + .seconds(2) + Heartbeats.patience) == ["quick"])
        #expect(beats.silent(at: start + .seconds(61) + Heartbeats.patience) == ["quick", "slow"])
        beats.beat(quick, pause: .seconds(1), at: start + .seconds(60))
        #expect(beats.silent(at: start + .seconds(62)) == [])
    }

    /// The longest pause that the program's own loops have.
    @Test func aLoopOfOurOwnIsMissedWithinFortySeconds() {
        let beats = Heartbeats()
        let start = SuspendingClock.now
        let loop = beats.newLoop("capture")
        beats.beat(loop, pause: max(Heartbeats.longestPause, LiveCapture.longestPause), at: start)
        #expect(beats.silent(at: start + .seconds(40)) == ["capture"])
    }

    @Test func aLoopThatEndedOnPurposeIsForgotten() {
        let beats = Heartbeats()
        let start = SuspendingClock.now
        let (old, new) = (beats.newLoop("a"), beats.newLoop("a"))
        beats.beat(old, pause: .seconds(-5), at: start)
        #expect(beats.silent(at: start + Heartbeats.patience) == [])
        beats.beat(new, pause: .zero, at: start)
        beats.forget(old)
        #expect(beats.silent(at: start + .seconds(3600)) == ["a"])
    }
}

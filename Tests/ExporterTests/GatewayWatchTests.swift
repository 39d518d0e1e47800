import Metrics
import Testing

@testable import Exporter
@testable import Traffic

/// What is said of a gateway's port that shows nothing.
@Suite struct GatewayWatchTests {
    private func figures(of port: UInt16 = 80, _ change: (inout HTTPPortFigures) -> Void = { _ in }) -> HTTPPortFigures
    {
        var figures = HTTPPortFigures(port: port)
        change(&figures)
        return figures
    }

    @Test func silenceIsSaidAfterAMinute() {
        let watch = GatewayWatch()
        let start = ContinuousClock.now
        #expect(watch.remark(figures(), at: start) == nil)
        #expect(watch.remark(figures(), at: start + .seconds(59)) == nil)
        let remark = watch.remark(figures(), at: start + .seconds(60))
        #expect(remark?.message.hasPrefix("no packet on the gateway's port 80 in 60 s") == true)
        #expect(remark?.isTrouble == false)
        #expect(watch.remark(figures { ($0.packets, $0.requests) = (9, 1) }, at: start + .seconds(61)) == nil)
    }

    @Test func whatCannotBeReadIsSaidUntilRequestsPass() {
        let watch = GatewayWatch()
        let start = ContinuousClock.now
        #expect(watch.remark(figures { $0.packets = 1 }, at: start) == nil)
        let encrypted = watch.remark(figures { ($0.packets, $0.encrypted) = (5, 1) }, at: start + .seconds(1))
        #expect(encrypted?.message.hasPrefix("TLS on the gateway's port 80") == true && encrypted?.isTrouble == true)
        let answered = figures { ($0.packets, $0.requests, $0.encrypted) = (9, 1, 1) }
        #expect(watch.remark(answered, at: start + .seconds(2)) == nil)
        var later = answered
        (later.packets, later.laterVersions) = (12, 1)
        #expect(watch.remark(later, at: start + .seconds(3))?.message.hasPrefix("HTTP/2") == true)
        let other = GatewayWatch()
        #expect(other.remark(figures { $0.packets = 1 }, at: start) == nil)
        let noise = other.remark(figures { ($0.packets, $0.malformed) = (2, 1) }, at: start + .seconds(1))
        #expect(noise?.message.hasPrefix("nobody speaks HTTP") == true)
    }

    /// Of a connection that was there before, the middle of a body says nothing; a minute of it does.
    @Test func foreignTalkOnOldConnectionsIsSaidAfterAMinute() {
        let watch = GatewayWatch()
        let start = ContinuousClock.now
        for second in 0..<60 {
            let talk = figures { ($0.packets, $0.unread) = (UInt64(second), UInt64(second)) }
            #expect(watch.remark(talk, at: start + .seconds(second)) == nil)
        }
        let remark = watch.remark(figures { ($0.packets, $0.unread) = (60, 60) }, at: start + .seconds(60))
        #expect(remark?.message == "nobody speaks HTTP on the gateway's port 80; correct --wire.http-ports")
    }

    @Test func eachPortIsSpokenOfForItself() {
        let watches = GatewayWatches([80, 81, 82])
        let start = ContinuousClock.now
        _ = watches.remarks([80, 81, 82].map { figures(of: $0) }, at: start)
        let remarks = watches.remarks(
            [
                figures(of: 80) { ($0.packets, $0.requests) = (1, 1) }, figures(of: 81),
                figures(of: 82) { ($0.packets, $0.malformed) = (1, 1) },
            ], at: start + .seconds(60))
        #expect(remarks.map(\.topic) == ["gateway port 81", "gateway port 82"])
        #expect(remarks.map(\.isTrouble) == [false, true])
    }
}

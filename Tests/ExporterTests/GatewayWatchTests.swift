import Metrics
import Testing

@testable import Exporter

/// What is said of a gateway's port that shows nothing.
@Suite struct GatewayWatchTests {
    private func figures(
        packets: UInt64 = 0, requests: UInt64 = 0, encrypted: UInt64 = 0, http2: UInt64 = 0, malformed: UInt64 = 0
    ) -> GatewayWatch.Figures {
        GatewayWatch.Figures(
            packets: packets, requests: requests, encrypted: encrypted, http2: http2, malformed: malformed)
    }

    @Test func silenceIsSaidAfterAMinute() {
        let watch = GatewayWatch([8080])
        let start = ContinuousClock.now
        #expect(watch.remark(figures(), at: start) == nil)
        #expect(watch.remark(figures(), at: start + .seconds(59)) == nil)
        let remark = watch.remark(figures(), at: start + .seconds(60))
        #expect(remark?.message.hasPrefix("no packet on the gateway's port 8080 in 60 s") == true)
        #expect(remark?.isTrouble == false)
        #expect(watch.remark(figures(packets: 9, requests: 1), at: start + .seconds(61)) == nil)
    }

    @Test func whatCannotBeReadIsSaidUntilRequestsPass() {
        let watch = GatewayWatch([80, 81])
        let start = ContinuousClock.now
        #expect(watch.remark(figures(packets: 1), at: start) == nil)
        let encrypted = watch.remark(figures(packets: 5, encrypted: 1), at: start + .seconds(1))
        #expect(
            encrypted?.message.hasPrefix("TLS on the gateway's ports 80, 81") == true && encrypted?.isTrouble == true)
        #expect(watch.remark(figures(packets: 9, requests: 1, encrypted: 1), at: start + .seconds(2)) == nil)
        let http2 = watch.remark(figures(packets: 12, requests: 1, encrypted: 1, http2: 1), at: start + .seconds(3))
        #expect(http2?.message.hasPrefix("HTTP/2") == true)
        let other = GatewayWatch([80])
        #expect(other.remark(figures(packets: 1), at: start) == nil)
        let noise = other.remark(figures(packets: 2, malformed: 1), at: start + .seconds(1))
        #expect(noise?.message.hasPrefix("nobody speaks HTTP") == true)
    }
}

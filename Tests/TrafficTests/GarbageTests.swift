import TestKit
import Testing

@testable import Traffic

// Whatever comes, the engine neither crashes nor loses count.
@Suite struct GarbageTests {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func mutatedPacketsNeverCrash(seed: UInt64) {
        var dice = Dice(seed: seed)
        var bench = Bench {
            $0.limits.connections = 4
            $0.limits.earlySegments = 3
            $0.limits.inFlight = 8
            $0.redis.maxGroups = 3
            $0.redis.maxHistograms = 4
            $0.redis.hotKeys = 2
        }
        let packets = SegmentationTests.traffic
        for _ in 0..<500 {
            var packet = packets[Int.random(in: 0..<packets.count, using: &dice)]
            for _ in 0..<Int.random(in: 0...6, using: &dice) {
                let place = Int.random(in: 0..<packet.frame.count, using: &dice)
                packet.frame[place] = UInt8.random(in: 0...255, using: &dice)
            }
            if Bool.random(using: &dice) {
                packet.frame = Array(packet.frame.prefix(Int.random(in: 0...packet.frame.count, using: &dice)))
            }
            if Int.random(in: 0..<20, using: &dice) == 0 {
                packet.originalLength = Int.random(in: 0...200_000, using: &dice)
            }
            packet.stamp &+= UInt64.random(in: 0...10_000_000_000, using: &dice)
            bench.feed([packet])
        }
        #expect(bench.figures.isBalanced)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func mutatedConversationsNeverCrash(seed: UInt64) {
        var dice = Dice(seed: seed)
        for _ in 0..<30 {
            var wire = ScriptedConnection()
            wire.open()
            for packet in SegmentationTests.traffic where packet.frame.count > 54 {
                var payload = Array(packet.frame.dropFirst(54))
                if Int.random(in: 0..<8, using: &dice) == 0 {
                    payload[Int.random(in: 0..<payload.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
                }
                if Int.random(in: 0..<12, using: &dice) == 0 {
                    payload.removeLast(Int.random(in: 0..<payload.count, using: &dice))
                }
                wire.wait(50)
                wire.send(payload, isReply: packet.isReply)
            }
            wire.close()
            var bench = Bench()
            bench.feed(Recut.cut(wire.packets, into: Int.random(in: 1...200, using: &dice)))
            #expect(bench.figures.isBalanced)
            #expect(bench.figures.snapshot.connections == 0)
        }
    }

    @Test(arguments: LinkType.allCases)
    func noiseOnAnyLinkIsOnlyCounted(link: LinkType) {
        var dice = Dice(seed: 99)
        var bench = Bench()
        for _ in 0..<5_000 {
            let frame = (0..<Int.random(in: 0...120, using: &dice)).map { _ in UInt8.random(in: 0...255, using: &dice) }
            bench.engine.process(frame.span, originalLength: frame.count, at: 1, link: link, interface: 7)
        }
        #expect(bench.figures.ignored.values.reduce(0, +) == 5_000)
    }
}

import TestKit
import Testing
import Traffic

@testable import Capture
@testable import Exporter

/// Redis' own counts against those of the wire.
@Suite struct CoverageTests {
    private let engine = SharedEngine(TrafficSettings())

    /// Lets commands pass on the wire, each on a connection of its own.
    ///
    /// - Parameter first: the first connection's port, another one each time.
    private func see(_ commands: Int, from first: Int = 10_000) {
        var file = CaptureFile()
        for index in 0..<commands {
            let port = UInt16(first + index)
            let stamp = LiveCapture.now()
            file.connect(port, at: stamp)
            file.exchange(port, ["PING"], "+PONG\r\n", at: stamp + 20_000, taking: 1000)
        }
        engine.feed(engine.addInterface("file"), .ethernet) { take in
            for packet in file.packets { take(packet.frame.span, packet.frame.count, packet.stamp) }
        }
    }

    /// A poll, and all packets before it read.
    private func poll(_ coverage: Coverage, _ target: String, _ commands: Double) -> Double? {
        coverage.polled(target, commands: commands)
        engine.advance(to: LiveCapture.now())
        return coverage.ratio()
    }

    @Test func theShareIsThatSinceTheFirstPoll() {
        let coverage = Coverage(engine)
        #expect(coverage.ratio() == nil)
        see(7)
        #expect(poll(coverage, "a", 1_000_000) == nil)
        see(30, from: 20_000)
        #expect(poll(coverage, "a", 1_000_040) == 0.75)
        see(10, from: 30_000)
        #expect(poll(coverage, "a", 1_000_040) == 1)
    }

    @Test func aRestartOfTheServerGoesOnCounting() {
        let coverage = Coverage(engine)
        _ = poll(coverage, "a", 500)
        see(10)
        #expect(poll(coverage, "a", 510) == 1)
        see(5, from: 20_000)
        #expect(poll(coverage, "a", 10) == 0.75)
    }

    @Test func severalServersAreAddedUp() {
        let coverage = Coverage(engine)
        _ = poll(coverage, "a", 100)
        _ = poll(coverage, "b", 7000)
        see(20)
        _ = poll(coverage, "a", 110)
        #expect(poll(coverage, "b", 7010) == 1)
    }

    @Test func aClockThatIsSetBackIsNotWaitedFor() {
        let coverage = Coverage(engine)
        let day: UInt64 = 86_400_000_000_000
        _ = poll(coverage, "a", 0)
        coverage.polled("a", commands: 5, at: LiveCapture.now() + day)
        see(10)
        #expect(poll(coverage, "a", 10) == 1)
    }

    @Test func theAnswerOfTheMeterIsWaitedFor() {
        let coverage = Coverage(engine)
        _ = poll(coverage, "a", 0)
        coverage.polled("a", commands: 10)
        #expect(coverage.ratio() == nil)
        coverage.polled("a", commands: 20)
        see(10)
        engine.advance(to: LiveCapture.now())
        // The wire's count belongs to the poll with 10: what was seen later is not in it.
        #expect(coverage.ratio() == 0)
    }
}

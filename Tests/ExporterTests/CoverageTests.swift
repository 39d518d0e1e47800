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
    private func see(_ commands: Int, from first: Int = 10_000) throws {
        var file = CaptureFile()
        for index in 0..<commands {
            let port = UInt16(first + index)
            let stamp = LiveCapture.now()
            file.connect(port, at: stamp)
            file.exchange(port, ["PING"], "+PONG\r\n", at: stamp + 20_000, taking: 1000)
        }
        let folder = try TemporaryFolder()
        var packets = try PacketFile(try folder.write(file.bytes(.pcapNanoseconds), to: "capture"))
        let interface = engine.addInterface("file")
        var read = 0
        repeat {
            engine.feed(from: interface, link: packets.link) { read = (try? packets.read(atMost: 1000, $0)) ?? 0 }
        } while read > 0
    }

    /// A poll, and all packets before it read.
    private func poll(_ coverage: Coverage, _ target: String, _ commands: Double) -> Double? {
        coverage.polled(target, commands: commands)
        engine.advance(to: LiveCapture.now())
        return coverage.ratio()
    }

    @Test func theShareIsThatSinceTheFirstPoll() throws {
        let coverage = Coverage(engine)
        #expect(coverage.ratio() == nil)
        try see(7)
        #expect(poll(coverage, "a", 1_000_000) == nil)
        try see(30, from: 20_000)
        #expect(poll(coverage, "a", 1_000_040) == 0.75)
        try see(10, from: 30_000)
        #expect(poll(coverage, "a", 1_000_040) == 1)
    }

    @Test func aRestartOfTheServerGoesOnCounting() throws {
        let coverage = Coverage(engine)
        _ = poll(coverage, "a", 500)
        try see(10)
        #expect(poll(coverage, "a", 510) == 1)
        try see(5, from: 20_000)
        #expect(poll(coverage, "a", 10) == 0.75)
    }

    @Test func severalServersAreAddedUp() throws {
        let coverage = Coverage(engine)
        _ = poll(coverage, "a", 100)
        _ = poll(coverage, "b", 7000)
        try see(20)
        _ = poll(coverage, "a", 110)
        #expect(poll(coverage, "b", 7010) == 1)
    }

    @Test func theAnswerOfTheMeterIsWaitedFor() throws {
        let coverage = Coverage(engine)
        _ = poll(coverage, "a", 0)
        coverage.polled("a", commands: 10)
        #expect(coverage.ratio() == nil)
        coverage.polled("a", commands: 20)
        try see(10)
        engine.advance(to: LiveCapture.now())
        // The wire's count belongs to the poll with 10: what was seen later is not in it.
        #expect(coverage.ratio() == 0)
    }
}

import TestKit
import Testing
import Traffic

@testable import Capture
@testable import Exporter

/// Redis' own counts against those of the wire, on a clock of the test's own.
@Suite struct CoverageTests {
    private static let start: UInt64 = 1_700_000_000_000_000_000
    private static let second: UInt64 = 1_000_000_000

    /// A Redis that is polled every five seconds, its wire, and the share that comes of both.
    private final class Rig {
        let engine: SharedEngine
        let coverage: Coverage
        private let targets: [String]
        private let interface: Int
        private var now = CoverageTests.start
        private var port: UInt16 = 1024
        private var counts: [String: Double] = [:]
        var number: UInt64 = 1

        /// - Parameter targets: several, on the ports from 6379 on.
        init(_ targets: [String] = []) {
            var settings = TrafficSettings()
            let ports = (0..<max(1, targets.count)).map { UInt16(6379 + $0) }
            settings.ports = PortTable(ports, of: .redis)
            settings.redis.targets = zip(targets, ports).map { TrafficTarget(name: $0, port: $1) }
            engine = SharedEngine(settings)
            self.targets = targets
            coverage = Coverage(engine)
            interface = engine.addInterface("file")
        }

        /// Lets commands pass on the wire, each on a connection of its own.
        ///
        /// - Parameters:
        ///   - target: whose commands they are, where there are several.
        ///   - reply: none for a command that cannot be measured.
        func see(_ commands: Int, of target: String = "a", reply: String? = "+PONG\r\n") {
            var file = CaptureFile(serverPort: UInt16(6379 + number(of: target)))
            for _ in 0..<commands {
                port += 1
                file.connect(port, at: now)
                if let reply {
                    file.exchange(port, ["PING"], reply, at: now + 20_000, taking: 1000)
                } else {
                    file.exchange(port, ["CLIENT", "REPLY", "SKIP"], "", at: now + 20_000, taking: 1000)
                }
            }
            engine.feed(.ethernet) { take, _ in
                for packet in file.packets { take(packet.frame.span, packet.frame.count, packet.stamp, interface) }
            }
        }

        /// Five seconds later a poll finds so many commands more, and all packets before it are read.
        @discardableResult
        func poll(_ target: String = "a", more commands: Double, isKnown: Bool = true) -> CoverageFigures? {
            now += 5 * CoverageTests.second
            counts[target, default: 1_000_000] += commands
            let count = Coverage.Count(clients: counts[target] ?? 0, number: number)
            coverage.polled(target, of: number(of: target), isKnown ? count : nil, at: now)
            engine.advance(to: now)
            return figures(of: target)
        }

        var figures: CoverageFigures? { figures(of: "a") }
        func figures(of target: String) -> CoverageFigures? { coverage.figures(of: number(of: target), at: now) }

        private func number(of target: String) -> Int { targets.firstIndex(of: target) ?? 0 }

        func wait(_ seconds: UInt64) { now += seconds * CoverageTests.second }
        func setBack(_ seconds: UInt64) { now -= seconds * CoverageTests.second }
        func restart(_ target: String = "a") { counts[target] = 0 }
    }

    @Test func theShareIsThatOfTheCommandsMeasured() {
        let rig = Rig()
        #expect(rig.figures == nil)
        rig.see(7)
        #expect(rig.poll(more: 100) == nil)
        rig.see(30)
        rig.see(6, reply: nil)
        let figures = rig.poll(more: 40)
        #expect(figures?.measured == 0.75)
        #expect(figures?.seen == 0.9)
        #expect(figures?.isWhole == false)
    }

    @Test func onlyTheLastMinuteCounts() {
        let rig = Rig()
        rig.poll(more: 0)
        for _ in 0..<20 {
            rig.see(10)
            rig.poll(more: 10)
        }
        #expect(rig.figures?.measured == 1)
        #expect(rig.figures?.isWhole == true)
        // The capture goes blind: after half a minute the figure says so, after a minute it is nothing.
        for _ in 0..<6 { rig.poll(more: 10) }
        #expect(rig.figures?.measured == 0.5)
        for _ in 0..<6 { rig.poll(more: 10) }
        #expect(rig.figures?.measured == 0)
        // It sees again.
        for _ in 0..<12 {
            rig.see(10)
            rig.poll(more: 10)
        }
        #expect(rig.figures?.measured == 1)
    }

    @Test func itIsNeverAboveOne() {
        let rig = Rig()
        rig.poll(more: 0)
        // Each command is seen twice, before and behind a proxy.
        rig.see(60)
        let figures = rig.poll(more: 30)
        #expect(figures?.measured == 1 && figures?.seen == 1)
    }

    @Test(arguments: [(19.0, nil), (20.0, 0.5)]) func fewCommandsSayNothing(commands: Double, share: Double?) {
        let rig = Rig()
        rig.poll(more: 0)
        rig.see(10)
        #expect(rig.poll(more: commands)?.measured == share)
        #expect(rig.figures?.seen == share)
    }

    @Test func anIdleRedisHasNoShare() {
        let rig = Rig()
        rig.poll(more: 0)
        rig.see(50)
        #expect(rig.poll(more: 50)?.measured == 1)
        for _ in 0..<12 { rig.poll(more: 0) }
        #expect(rig.figures?.measured == nil)
    }

    /// Killed under load: what the old server had counted is gone, and what clients had sent to it is not answered.
    @Test func aRestartIsForgottenWithinTwoMinutes() {
        let rig = Rig()
        rig.poll(more: 0)
        for _ in 0..<12 {
            rig.see(100)
            rig.poll(more: 100)
        }
        rig.see(40, reply: nil)
        rig.wait(20)
        rig.restart()
        rig.number += 1
        rig.see(60)
        rig.poll(more: 60)
        #expect(rig.figures == nil)
        for _ in 0..<12 {
            rig.see(100)
            rig.poll(more: 100)
            #expect(rig.figures?.measured == 1)
        }
        #expect(rig.figures?.isWhole == true)
    }

    @Test func aCountThatGoesBackBeginsAnew() {
        let rig = Rig()
        rig.poll(more: 500)
        rig.restart()  // CONFIG RESETSTAT
        rig.see(5)
        #expect(rig.poll(more: 5) == nil)
        rig.see(30)
        #expect(rig.poll(more: 30)?.measured == 1)
    }

    @Test func eachTargetHasAShareOfItsOwn() {
        let rig = Rig(["a", "b", "replica"])
        func poll(_ commands: Double) {
            for target in ["a", "b"] { rig.poll(target, more: commands) }
            rig.poll("replica", more: 1000, isKnown: false)
        }
        poll(0)
        for _ in 0..<4 {
            rig.see(40, of: "a")
            rig.see(20, of: "b")
            rig.see(10, of: "b", reply: nil)
            rig.see(5, of: "replica")
            poll(40)
        }
        #expect(rig.figures(of: "a")?.measured == 1)
        #expect(rig.figures(of: "a")?.seen == 1)
        #expect(rig.figures(of: "b")?.measured == 0.5)
        #expect(rig.figures(of: "b")?.seen == 0.75)
        #expect(rig.figures(of: "b")?.wire.mostFrequentReason?.count == 40)
        #expect(rig.figures(of: "a")?.wire.mostFrequentReason == nil)
        #expect(rig.figures(of: "replica") == nil)
    }

    /// Two polls at the same time, before any packet is read: neither takes the place of the other.
    @Test func targetsThatArePolledTogetherAreBothAnswered() {
        let rig = Rig(["a", "b"])
        func ask(_ commands: Double, at second: UInt64) {
            for (number, target) in ["a", "b"].enumerated() {
                rig.coverage.polled(
                    target, of: number, Coverage.Count(clients: commands, number: 1),
                    at: Self.start + second * Self.second + UInt64(number))
            }
        }
        ask(0, at: 1)
        rig.engine.advance(to: Self.start + 2 * Self.second)
        #expect(rig.figures(of: "a") == nil && rig.figures(of: "b") == nil)
        ask(40, at: 6)
        rig.engine.advance(to: Self.start + 6 * Self.second)
        #expect(rig.figures(of: "a")?.clients == 40)
        #expect(rig.figures(of: "b") == nil)
        rig.engine.advance(to: Self.start + 7 * Self.second)
        #expect(rig.figures(of: "b")?.clients == 40)
    }

    /// A new configuration has brought one that the engine does not tell apart.
    @Test func severalServersOfOneTargetAreAddedUp() {
        let rig = Rig()
        rig.poll("a", more: 0)
        rig.poll("b", more: 0)
        rig.poll("b", more: 0)
        rig.see(20)
        rig.poll("a", more: 10)
        #expect(rig.poll("b", more: 10)?.measured == 1)
    }

    @Test func aReplicaHasNoShare() {
        let rig = Rig()
        rig.poll(more: 0, isKnown: false)
        #expect(rig.poll(more: 1000, isKnown: false) == nil)
    }

    @Test func aShareThatIsOutOfDateGoes() {
        let rig = Rig()
        rig.poll(more: 0)
        rig.see(30)
        #expect(rig.poll(more: 30) != nil)
        rig.wait(119)
        #expect(rig.figures != nil)
        rig.wait(2)
        #expect(rig.figures == nil)
    }

    @Test func aClockThatIsSetBackIsNotWaitedFor() {
        let rig = Rig()
        rig.poll(more: 0)
        rig.coverage.polled("a", Coverage.Count(clients: 5, number: 1), at: Self.start + 86_400 * Self.second)
        rig.poll(more: 0)
        rig.see(30)
        #expect(rig.poll(more: 30)?.measured == 1)
        rig.setBack(3600)
        rig.poll(more: 0)
        rig.see(30)
        #expect(rig.poll(more: 60)?.measured == 0.5)
    }

    @Test func theAnswerOfTheMeterIsWaitedFor() {
        let rig = Rig()
        rig.poll(more: 0)
        rig.coverage.polled("a", Coverage.Count(clients: 1_000_040, number: 1), at: Self.start + 6 * Self.second)
        #expect(rig.figures == nil)
        // A poll before the answer does not change what it is compared with.
        rig.coverage.polled("a", Coverage.Count(clients: 1_000_900, number: 1), at: Self.start + 7 * Self.second)
        rig.see(40)
        rig.engine.advance(to: Self.start + 8 * Self.second)
        #expect(rig.figures?.clients == 40)
        #expect(rig.figures?.measured == 1)
    }
}

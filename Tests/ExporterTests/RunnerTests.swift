import Metrics
import Synchronization
import TestKit
import Testing

@testable import Exporter

extension ManualClock: AlarmClock {
    func alarm(after pause: Duration, _ job: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        let sleeper = Task {
            guard (try? await sleep(until: now.advanced(by: pause), tolerance: nil)) != nil else { return }
            job()
        }
        return { sleeper.cancel() }
    }
}

/// A collector whose answers a test prepares, and which can be made to hang.
private final class ScriptedCollector: Collector {
    let name = "scripted"
    let parts: [String]
    private let state: Mutex<State>

    struct State {
        var answers: [Result<Collected, CollectorFailure>]
        var calls = 0
        var hanging: [CheckedContinuation<Void, Never>] = []
        var hangs = false
    }

    init(parts: [String] = [], _ answers: [Result<Collected, CollectorFailure>]) {
        self.parts = parts
        state = Mutex(State(answers: answers))
    }

    var calls: Int { state.withLock { $0.calls } }

    func hang() { state.withLock { $0.hangs = true } }

    func letGo() {
        let hanging = state.withLock { state in
            state.hangs = false
            defer { state.hanging = [] }
            return state.hanging
        }
        hanging.forEach { $0.resume() }
    }

    func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected {
        let (answer, hangs) = state.withLock { state in
            state.calls += 1
            let answer = state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
            return (answer, state.hangs)
        }
        if hangs {
            await withCheckedContinuation { wake in state.withLock { $0.hanging.append(wake) } }
        }
        return try answer.get()
    }
}

@Suite struct RunnerTests {
    private static let value = Descriptor(.gauge, "scripted_value", help: "A value.")
    private static let up = Descriptor(.gauge, "scripted_up", help: "Up.")

    private static var good: Result<Collected, CollectorFailure> {
        var samples = Samples()
        samples.add(value, 1)
        return .success(Collected(samples: samples))
    }

    private static let bad = Result<Collected, CollectorFailure>.failure(CollectorFailure(.connect, "refused"))

    /// A runner over a scripted collector, its clock, and what it logged.
    private struct Rig: ~Copyable {
        let clock = ManualClock()
        let registry: Registry
        let collector: ScriptedCollector
        let lines: Lines
        let beats: Beats
        private let task: Task<Void, Never>

        init(
            _ collector: ScriptedCollector, retry: RetryPolicy? = RetryPolicy(attempts: 2, delay: .seconds(1)),
            level: Log.Level = .info
        ) {
            let source = Source(
                collector: collector, address: "h:1", interval: .seconds(5), timeout: .seconds(2), up: RunnerTests.up,
                retry: retry)
            let (registry, lines, clock, beats) = (Registry([Report(source)]), Lines(), clock, Beats())
            let runner = Runner(
                index: 0, source: source, first: Report(source), registry: registry,
                log: Log(level: level, write: lines.append), clock: clock,
                heartbeat: beats.append, random: { 0 })
            self.registry = registry
            self.collector = collector
            self.lines = lines
            self.beats = beats
            task = Task { await runner.run() }
        }

        deinit { task.cancel() }

        var report: Report { registry.contents.reports[0] }

        var page: String {
            String(decoding: Exposition(report.contributions).page(in: .text), as: UTF8.self)
        }

        func polls(_ count: UInt64) async throws {
            let registry = registry
            try await eventually("poll \(count)") { registry.contents.reports[0].polls == count }
        }
    }

    /// The watchdog hears of the longest time until the loop turns again: while it polls, while a call is stuck, until
    /// the next poll.
    @Test func theLoopSaysWhenItTurnsAgain() async throws {
        let rig = Rig(ScriptedCollector([Self.good]))
        try await rig.polls(1)
        try await eventually("three beats") { rig.beats.all.count >= 3 }
        #expect(rig.beats.all[0] == .seconds(2))
        #expect(rig.beats.all[1] >= .seconds(3600))
        #expect((.zero ... .seconds(5)) ~= rig.beats.all[2])
    }

    @Test func everyPollIsSaidAtDebugLevel() async throws {
        let rig = Rig(ScriptedCollector([Self.bad]), level: .debug)
        let lines = rig.lines
        try await eventually("a line") { !lines.all.isEmpty }
        #expect(lines.all[0].contains("level=debug msg=polled collector=scripted outcome=connect seconds="))
    }

    @Test func pollsOnAGridWithoutDrift() async throws {
        let rig = Rig(ScriptedCollector([Self.good]))
        for poll: UInt64 in 1...4 {
            try await rig.polls(poll)
            try await rig.clock.advance(toSleeperAt: .seconds(5 * Int(poll)))
        }
        try await rig.polls(5)
        #expect(rig.page.contains("\nscripted_up 1\n"))
        #expect(rig.page.contains("\nscripted_value 1\n"))
    }

    @Test func aMissedTurnIsSkippedAndNotMadeUpFor() async throws {
        let rig = Rig(ScriptedCollector([Self.good]))
        try await rig.polls(1)
        try await eventually("sleeper") { [clock = rig.clock] in clock.deadlines == [.seconds(5)] }
        rig.clock.advance(by: .seconds(17))
        try await rig.polls(2)
        try await rig.clock.advance(toSleeperAt: .seconds(20))
        try await rig.polls(3)
    }

    @Test func aFailedPollTakesItsSeriesAwayAndSaysWhy() async throws {
        let rig = Rig(ScriptedCollector([Self.good, Self.bad]))
        try await rig.polls(1)
        try await rig.clock.advance(toSleeperAt: .seconds(5))
        try await rig.polls(2)
        #expect(!rig.page.contains("scripted_value"))
        #expect(rig.page.contains("\nscripted_up 0\n"))
        #expect(rig.page.contains("\nsidelong_collector_success{collector=\"scripted\"} 0\n"))
        #expect(
            rig.page.contains("\nsidelong_collector_failures_total{collector=\"scripted\",reason=\"connect\"} 1\n"))
    }

    @Test func failuresAreRetriedSoonThenTheBreakerOpensAndASuccessClosesIt() async throws {
        let rig = Rig(ScriptedCollector([Self.bad, Self.bad, Self.bad, Self.good]))
        try await rig.polls(1)
        try await rig.clock.advance(toSleeperAt: .seconds(1))
        try await rig.polls(2)
        #expect(rig.page.contains("sidelong_breaker_state{target=\"h:1\",state=\"open\"} 1\n"))
        try await rig.clock.advance(toSleeperAt: .seconds(3))
        try await rig.polls(3)
        try await rig.clock.advance(toSleeperAt: .seconds(7))
        try await rig.polls(4)
        #expect(rig.page.contains("sidelong_breaker_state{target=\"h:1\",state=\"closed\"} 1\n"))
        #expect(rig.page.contains("\nscripted_up 1\n"))
    }

    @Test func changesOfStateAndRetriesAreLogged() async throws {
        let rig = Rig(ScriptedCollector([Self.bad, Self.bad, Self.bad, Self.good]))
        try await rig.polls(1)
        for offset in [1, 3, 7] { try await rig.clock.advance(toSleeperAt: .seconds(offset)) }
        try await rig.polls(4)
        try await eventually("four lines") { [lines = rig.lines] in lines.all.count == 4 }
        #expect(rig.lines.all[0].contains("level=warn msg=\"collector fails\" collector=scripted reason=connect"))
        for (line, attempt, next) in [(1, 2, 2), (2, 3, 4)] {
            let fields = "attempt=\(attempt) breaker=open next=\(next)s reason=connect detail=refused"
            #expect(rig.lines.all[line].contains("level=info msg=\"retry failed\" collector=scripted \(fields)"))
        }
        #expect(rig.lines.all[3].contains("level=info msg=\"collector works\" collector=scripted"))
    }

    /// Pauses of 1, 2, 4 s and so on up to 30 s, each a state of its own; then a line every second time.
    @Test func aTargetThatStaysDownHasOneLinePerStateAndMinute() async throws {
        let rig = Rig(ScriptedCollector([Self.bad]))
        try await rig.polls(1)
        var time = 0
        for pause in [1, 2, 4, 8, 16, 30, 30, 30, 30, 30, 30] {
            time += pause
            try await rig.clock.advance(toSleeperAt: .seconds(time))
        }
        try await rig.polls(12)
        let attempts = [2, 3, 4, 5, 6, 8, 10, 12].map { "attempt=\($0) " }
        try await eventually("a line for each state and minute") { [lines = rig.lines] in
            lines.all.count == 1 + attempts.count
        }
        for (line, attempt) in zip(rig.lines.all.dropFirst(), attempts) { #expect(line.contains(attempt), "\(line)") }
    }

    @Test func aStuckCallIsReportedAndNeverStartedTwice() async throws {
        let collector = ScriptedCollector([Self.good])
        collector.hang()
        let rig = Rig(collector)
        try await rig.clock.advance(toSleeperAt: .milliseconds(2250))
        try await rig.polls(1)
        #expect(rig.report.failure?.reason == .timeout)
        rig.clock.advance(by: .seconds(60))
        #expect(collector.calls == 1)
        collector.letGo()
        try await rig.polls(2)
        #expect(rig.report.failure == nil)
    }

    @Test func aPartThatFailsAloneCostsOnlyItself() async throws {
        let partFailure = Collected.PartFailure(part: "scripted_slow", failure: CollectorFailure(.denied, "grant it"))
        var samples = Samples()
        samples.add(Self.value, 1)
        let collected = Collected(samples: samples, partFailures: [partFailure])
        let rig = Rig(ScriptedCollector(parts: ["scripted_slow", "scripted_fine"], [.success(collected)]))
        try await rig.polls(1)
        #expect(rig.page.contains("\nscripted_up 1\n"))
        #expect(rig.page.contains("sidelong_collector_success{collector=\"scripted\"} 1\n"))
        #expect(rig.page.contains("sidelong_collector_success{collector=\"scripted_slow\"} 0\n"))
        #expect(rig.page.contains("sidelong_collector_success{collector=\"scripted_fine\"} 1\n"))
        #expect(
            rig.page.contains("sidelong_collector_failures_total{collector=\"scripted_slow\",reason=\"denied\"} 1\n"))
    }

    @Test func aPartThatIsNeverAskedIsNotSaidToFailAfterAnOutage() async throws {
        let answer = Result<Collected, CollectorFailure>.success(Collected(skipped: ["p"]))
        let rig = Rig(ScriptedCollector(parts: ["p"], [answer, Self.bad, answer]))
        let success = "sidelong_collector_success{collector=\"p\"}"
        try await rig.polls(1)
        #expect(!rig.page.contains(success))
        try await rig.clock.advance(toSleeperAt: .seconds(5))
        try await rig.polls(2)
        #expect(rig.page.contains("\(success) 0\n"))
        try await rig.clock.advance(toSleeperAt: .seconds(6))
        try await rig.polls(3)
        #expect(!rig.page.contains(success))
    }

    @Test func aPartThatWasNotAskedKeepsItsLastWord() async throws {
        let first = Collected(partFailures: [.init(part: "p", failure: CollectorFailure(.denied, "no"))])
        let rig = Rig(ScriptedCollector(parts: ["p"], [.success(first), .success(Collected(skipped: ["p"]))]))
        try await rig.polls(1)
        try await rig.clock.advance(toSleeperAt: .seconds(5))
        try await rig.polls(2)
        #expect(rig.report.tallies[1].failures == [.denied: 1])
        #expect(rig.report.tallies[1].failure?.reason == .denied)
    }
}

/// Lines that a log wrote.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    @Sendable func append(_ bytes: [UInt8]) {
        lines.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
    }
}

/// What a loop said of when it turns again.
private final class Beats: Sendable {
    private let pauses = Mutex<[Duration]>([])

    var all: [Duration] { pauses.withLock { $0 } }

    @Sendable func append(_ pause: Duration) {
        pauses.withLock { $0.append(pause) }
    }
}

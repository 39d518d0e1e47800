// A runner asks one source again and again: on time, never twice at once, with a bound on every poll. One runner's
// trouble is nobody else's.

import Metrics
import Synchronization

/// Polls one source for as long as its task lives, and publishes what comes of it.
struct Runner<C: AlarmClock & Sendable>: Sendable {
    /// The source's place in the registry.
    let index: Registry.Place
    let source: Source
    /// What is known of the source before its first poll.
    let first: Report
    let registry: Registry
    let log: Log
    let clock: C
    /// Told whenever the loop turns, and when it will turn again at the latest, so that a stopped loop is noticed.
    let heartbeat: @Sendable (Duration) -> Void
    /// A number from 0 to 1, for the jitter of retries.
    let random: @Sendable () -> Double
    /// Says when a poll is worth most; nil where the interval alone decides.
    var rhythm: RhythmDesk?
    /// Told when what a poll has come to is in the registry.
    var published: @Sendable () -> Void = {}

    /// Returns when the task is cancelled.
    func run() async {
        var breaker = source.retry.map(Breaker.init)
        var report = first
        var notes = RetryNotes<C.Instant>()
        var plan = PollPlan(interval: source.interval.seconds, comesAlone: source.comesAlone)
        var due = clock.now.advanced(by: source.delay)
        while (try? await clock.sleep(until: due, tolerance: nil)) != nil {
            heartbeat(source.timeout)
            breaker?.pollStarts()
            if let state = breaker?.state, state != report.breaker {
                report.breaker = state
                registry.publish(report, at: index)
            }
            let before = report
            let started = ContinuousClock.now
            let (result, poll) = await outcome()
            let ended = ContinuousClock.now
            report.record(result, duration: started.duration(to: ended), at: ended, time: .now)
            if let rhythm {
                plan.polled(at: rhythm.seconds(started), for: started.duration(to: ended).seconds)
            }
            due = nextDue(after: due, result, &breaker, plan, started)
            report.breaker = breaker?.state ?? report.breaker
            registry.publish(report, at: index)
            published()
            log.debug("polled", pollFields(result, duration: started.duration(to: ended)))
            logChanges(report.changes(since: before))
            logRetry(result, breaker, next: due, &notes)
            logRemarks(of: report, since: before)
            logExcess(of: report, since: before)
            // A call that is stuck beyond its deadline has to end before the source is asked again. That is the
            // target's doing, not this loop's.
            heartbeat(Self.stuckCall)
            _ = await poll.value
            heartbeat(clock.now.duration(to: due))
        }
    }

    /// What one poll comes to, or a time-out when it does not keep to its deadline, as a stuck name lookup does; and
    /// the poll itself, which ends later then.
    private func outcome() async -> (Result<Collected, CollectorFailure>, poll: Task<Void, Never>) {
        let (collector, timeout, limit) = (source.collector, source.timeout, source.timeout + Self.grace)
        let outcome = FirstValue<Result<Collected, CollectorFailure>>()
        // Begun in this turn, so that the first polls go out before anything else has its turn.
        let poll = Task.immediate(executorPreference: TaskThread.shared) {
            do throws(CollectorFailure) {
                outcome.give(.success(try await collector.collect(before: .after(timeout))))
            } catch {
                outcome.give(.failure(error))
            }
        }
        let forgetAlarm = clock.alarm(after: limit) {
            outcome.give(.failure(CollectorFailure(.timeout, "no answer within \(limit); the call is stuck")))
        }
        defer { forgetAlarm() }
        return (await outcome.value, poll)
    }

    /// Time that a collector gets beyond its deadline before it is called stuck.
    private static var grace: Duration { .milliseconds(250) }

    /// Longer than any system call stays stuck.
    private static var stuckCall: Duration { .seconds(86400) }

    /// After a success just before the next scrape, or without a rhythm the next moment on the grid of intervals that
    /// lies ahead; after a failure the breaker's pause.
    private func nextDue(
        after due: C.Instant, _ result: Result<Collected, CollectorFailure>, _ breaker: inout Breaker?,
        _ plan: PollPlan, _ started: ContinuousClock.Instant
    ) -> C.Instant {
        let now = clock.now
        switch result {
        case .failure where breaker != nil:
            let pause = breaker?.pollFailed(jitter: random()) ?? source.interval
            return now.advanced(by: pause)
        case .success, .failure:
            breaker?.pollSucceeded()
            if let pause = rhythm?.pause(plan, after: started) {
                return now.advanced(by: pause)
            }
            let missed = max(0, (due.duration(to: now) / source.interval).rounded(.down))
            return due.advanced(by: source.interval * (Int(missed) + 1))
        }
    }

    private func pollFields(_ result: Result<Collected, CollectorFailure>, duration: Duration) -> [Log.Field] {
        let outcome = if case .failure(let failure) = result { failure.reason.rawValue } else { "ok" }
        return place(of: source.collector.name) + [("outcome", outcome), ("seconds", "\(duration.seconds)")]
    }

    private func logChanges(_ changes: [Report.Change]) {
        for change in changes {
            let place = place(of: change.name)
            if let failure = change.failure {
                log.warn("collector fails", place + [("reason", failure.reason.rawValue), ("detail", failure.message)])
            } else {
                log.info("collector works", place)
            }
        }
    }

    /// Says that a target has failed again, and when it will be asked next.
    private func logRetry(
        _ result: Result<Collected, CollectorFailure>, _ breaker: Breaker?, next due: C.Instant,
        _ notes: inout RetryNotes<C.Instant>
    ) {
        guard case .failure(let failure) = result, let state = breaker?.state else { return notes.pollSucceeded() }
        let now = clock.now
        let fields = notes.pollFailed(failure, state, pause: now.duration(to: due), at: now)
        if let fields { log.info("retry failed", place(of: source.collector.name) + fields) }
    }

    private func logRemarks(of report: Report, since before: Report) {
        let (begun, ended) = report.newRemarks(since: before)
        for remark in begun {
            let fields = place(of: source.collector.name) + [("about", remark.topic), ("detail", remark.message)]
            if remark.isTrouble { log.warn("something is missing", fields) } else { log.info("note", fields) }
        }
        for topic in ended { log.info("no longer so", place(of: source.collector.name) + [("about", topic)]) }
    }

    /// Says once that a source brings more than goes on the page.
    private func logExcess(of report: Report, since before: Report) {
        func wanted(_ report: Report) -> [(name: String, excess: Int)] {
            report.snapshot.map { source.overfullFamilies(of: $0.samples) } ?? []
        }
        let overfull = wanted(report)
        guard !overfull.isEmpty, wanted(before).isEmpty else { return }
        let families = overfull.prefix(8).map(\.name).joined(separator: ",")
        let figures: [Log.Field] = [("series", "\(overfull.reduce(0) { $0 + $1.excess })"), ("families", families)]
        log.warn("too many series, left out", place(of: source.collector.name) + figures)
    }

    private func place(of collector: String) -> [Log.Field] {
        [("collector", collector)] + (source.target.map { [("target", $0)] } ?? [])
    }
}

/// The first of several values, for one who waits for it.
private final class FirstValue<Value: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Value, Never>)
        case given(Value)
    }

    private let state = Mutex(State.open)

    /// Gives a value; later ones are let go.
    func give(_ value: Value) {
        let waiting = state.withLock { state -> CheckedContinuation<Value, Never>? in
            switch state {
            case .open:
                state = .given(value)
                return nil
            case .awaited(let waiting):
                state = .given(value)
                return waiting
            case .given: return nil
            }
        }
        waiting?.resume(returning: value)
    }

    /// To be asked for once.
    var value: Value {
        get async {
            await withCheckedContinuation { waiting in
                let given = state.withLock { state -> Value? in
                    if case .given(let value) = state { return value }
                    state = .awaited(waiting)
                    return nil
                }
                if let given { waiting.resume(returning: given) }
            }
        }
    }
}

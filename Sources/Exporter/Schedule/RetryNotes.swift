// While a target is down, an operator sees in the log that it is tried again, how often, and with what error. A target
// that stays down for days does not fill the log: a state of its breaker has one line a minute.

import Metrics

/// The line about a poll that failed again. Pure: it is told what happened and when.
struct RetryNotes<Instant: InstantProtocol>: Sendable where Instant.Duration == Duration {
    /// How long a state has no second line.
    private static var silence: Duration { .seconds(60) }

    /// Failed polls in a row.
    private var attempt = 0
    /// When each state had its last line; states whose silence is over are forgotten.
    private var lines: [Breaker.State: Instant] = [:]

    init() {}

    mutating func pollSucceeded() {
        attempt = 0
    }

    /// - Parameters:
    ///   - state: the breaker's after the poll.
    ///   - pause: how long until the next poll.
    /// - Returns: the fields of a line; nil for the first failure, which is a change of state and said as such, and
    ///   where the state has had its line.
    mutating func pollFailed(
        _ failure: CollectorFailure, _ state: Breaker.State, pause: Duration, at now: Instant
    ) -> [Log.Field]? {
        attempt += 1
        lines = lines.filter { $0.value.duration(to: now) < Self.silence }
        guard attempt > 1, lines[state] == nil else { return nil }
        lines[state] = now
        return [
            ("attempt", "\(attempt)"), ("breaker", state.name), ("next", "\(Figure.short(pause.seconds))s"),
            ("reason", failure.reason.rawValue), ("detail", failure.message),
        ]
    }
}

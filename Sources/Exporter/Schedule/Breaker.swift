// The circuit breaker of one target: a few quick retries, then growing pauses. A server that is down or overloaded is
// not hammered, and one that is back is noticed within 30 s.

/// How many times and how soon a failed poll is repeated.
struct RetryPolicy: Sendable {
    /// Failed polls in a row after which the breaker opens, at least 1.
    let attempts: Int
    /// The pause after the first failure; it doubles with each further one.
    let delay: Duration
    /// The longest pause between two polls.
    var longestPause = Duration.seconds(30)
}

/// Decides when a target is polled again. Pure: it is told what happened and answers with a pause.
///
///     poll worked, from anywhere
///        │   ┌──────────────┐ poll failed, fewer than ``RetryPolicy/attempts`` in a row: again after a pause
///        ▼   ▼              │ that doubles
///       closed(failures) ───┤
///                           │ poll failed, that many in a row
///                           ▼
///       open(pause) ─── the pause is over, a poll starts ──► halfOpen(pause)
///           ▲                                                    │
///           └────── poll failed: the pause doubles, to 30 s ─────┘
struct Breaker: Sendable {
    enum State: Sendable, Hashable {
        /// All is well, or some polls have failed and are being retried.
        case closed(failures: Int)
        /// The target is left alone for the pause.
        case open(pause: Duration)
        /// The pause is over; one poll decides.
        case halfOpen(pause: Duration)

        /// The value of the label `state`.
        var name: String {
            switch self {
            case .closed: "closed"
            case .open: "open"
            case .halfOpen: "half_open"
            }
        }

        static let names = ["closed", "open", "half_open"]
    }

    private(set) var state = State.closed(failures: 0)
    private let policy: RetryPolicy

    init(_ policy: RetryPolicy) {
        self.policy = policy
    }

    /// A poll is about to start.
    mutating func pollStarts() {
        if case .open(let pause) = state { state = .halfOpen(pause: pause) }
    }

    /// A poll went well.
    mutating func pollSucceeded() {
        state = .closed(failures: 0)
    }

    /// A poll failed; returns how long to wait before the next one.
    ///
    /// - Parameter jitter: from 0 to 1, chosen by chance, so that many sidecars do not come back at once; the pause is
    ///   shortened by up to a fifth.
    mutating func pollFailed(jitter: Double) -> Duration {
        let pause: Duration
        switch state {
        case .closed(let failures) where failures + 1 < policy.attempts:
            state = .closed(failures: failures + 1)
            pause = min(policy.delay * (1 << min(failures, 20)), policy.longestPause)
        case .closed(let failures):
            pause = min(policy.delay * (1 << min(failures, 20)), policy.longestPause)
            state = .open(pause: pause)
        case .open(let last), .halfOpen(let last):
            pause = min(last * 2, policy.longestPause)
            state = .open(pause: pause)
        }
        return pause * (1 - 0.2 * jitter)
    }
}

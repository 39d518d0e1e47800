// When the loop looks for connections that are too slow or whose client has gone. A kept connection without requests,
// such as Prometheus has between its scrapes, wakes nobody.

/// When the next look at all connections is due. Reads no clock.
struct SweepPlan {
    /// How soon after something has happened. What happens in the meantime is looked at together.
    private let interval: Duration
    /// Nil where nothing is due for as long as nothing happens.
    private(set) var next: ContinuousClock.Instant?

    init(interval: Duration) {
        self.interval = interval
    }

    /// A connection came, went, or had bytes: its client may have hung up with the last of them.
    mutating func somethingHappened(at now: ContinuousClock.Instant) {
        next = min(next ?? now + interval, now + interval)
    }

    func isDue(at now: ContinuousClock.Instant) -> Bool {
        next.map { $0 <= now } ?? false
    }

    /// All connections have been looked at.
    ///
    /// - Parameter deadline: the nearest of all connections, if there is one.
    mutating func swept(at now: ContinuousClock.Instant, nextDeadline deadline: ContinuousClock.Instant?) {
        next = deadline.map { max($0, now + interval) }
    }
}

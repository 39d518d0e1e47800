// Slow parts of a poll keep their last answer on the page until they are asked again, and what a server has refused is
// left alone for a while. The same for every kind of server.

/// Which parts of one target are due, and what the others said last.
public struct PartSchedule: Sendable {
    private var nextTimes: [String: ContinuousClock.Instant] = [:]
    private var answers: [String: Samples] = [:]
    /// Until when parts rest that the server has nothing for.
    private var rests: [String: ContinuousClock.Instant] = [:]
    private let tolerance: Duration

    /// - Parameter tolerance: how much too early a part counts as due. A poll that comes a little early asks what the
    ///   next one would ask a whole interval late.
    public init(tolerance: Duration = .milliseconds(500)) {
        self.tolerance = tolerance
    }

    /// Whether a part is to be asked now.
    public func isDue(_ part: String, at now: ContinuousClock.Instant) -> Bool {
        [nextTimes[part], rests[part]].allSatisfy { $0.map { $0 <= now + tolerance } ?? true }
    }

    /// What a part said when it was last asked; nil when that failed.
    public func lastAnswer(of part: String) -> Samples? { answers[part] }

    /// Notes a part's answer, or nil for its failure: what it said before is no longer true then.
    public mutating func note(
        _ part: String, _ answer: Samples?, at now: ContinuousClock.Instant, for interval: Duration
    ) {
        rests[part] = nil
        guard interval > .zero else { return }
        nextTimes[part] = now + interval
        answers[part] = answer
    }

    /// Leaves a part alone that the server has refused, so that its log has one line about it and not one for each
    /// poll.
    public mutating func rest(_ part: String, at now: ContinuousClock.Instant, for time: Duration) {
        nextTimes[part] = nil
        answers[part] = nil
        rests[part] = now + time
    }

    /// Forgets all answers and rests, as after a reconnect: it may be another server, or the same one with other
    /// settings. A part that failed still waits for its time, because it may be what cost the connection.
    public mutating func forgetAnswers() {
        nextTimes = nextTimes.filter { answers[$0.key] == nil }
        answers = [:]
        rests = [:]
    }
}

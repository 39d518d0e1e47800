// Slow parts keep their last answer on the page until they are asked again.
import Metrics

/// Which parts of one target are due, and what the others said last.
struct PartSchedule {
    private var nextTimes: [String: ContinuousClock.Instant] = [:]
    private var answers: [String: Samples] = [:]
    /// Until when parts rest that the server has nothing for.
    private var rests: [String: ContinuousClock.Instant] = [:]

    /// A poll that comes a little early asks what the next one would ask a whole interval late.
    private static let tolerance = Duration.milliseconds(500)

    /// Whether a part is to be asked now.
    func isDue(_ part: String, at now: ContinuousClock.Instant) -> Bool {
        [nextTimes[part], rests[part]].allSatisfy { $0.map { $0 <= now + Self.tolerance } ?? true }
    }

    /// What a part said when it was last asked; nil when that failed.
    func lastAnswer(of part: String) -> Samples? { answers[part] }

    /// Notes a part's answer, or nil for its failure: what it said before is no longer true then.
    mutating func note(_ part: String, _ answer: Samples?, at now: ContinuousClock.Instant, for interval: Duration) {
        rests[part] = nil
        guard interval > .zero else { return }
        nextTimes[part] = now + interval
        answers[part] = answer
    }

    /// Leaves a part alone that the server has refused, so that its log has one line about it and not one for each
    /// poll.
    mutating func rest(_ part: String, at now: ContinuousClock.Instant, for time: Duration) {
        nextTimes[part] = nil
        answers[part] = nil
        rests[part] = now + time
    }

    /// Forgets all answers and rests, as after a reconnect: it may be another server, or the same one with other
    /// settings. A part that failed still waits for its time, because it may be what cost the connection.
    mutating func forgetAnswers() {
        nextTimes = nextTimes.filter { answers[$0.key] == nil }
        answers = [:]
        rests = [:]
    }
}

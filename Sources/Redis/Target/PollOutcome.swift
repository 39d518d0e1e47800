// The answers of one poll on their way to the page: what goes wrong with a part stays with that part.

import Metrics

/// What has become of the parts of one poll so far.
struct PollOutcome {
    private var collected = Collected()
    /// Commands that the user may not use, as they stand in messages.
    private var denied: [String] = []

    /// Adds what a part, or INFO, has brought.
    mutating func add(_ samples: Samples) {
        collected.samples.add(samples)
    }

    /// Notes that a part was not asked, with what stands of its last answer.
    mutating func skip(_ part: String, _ carriedOver: Samples?) {
        collected.skipped.append(part)
        if let carriedOver { collected.samples.add(carriedOver) }
    }

    /// Notes what went wrong with a part; of several denials the first is told, with all that is to be granted.
    mutating func fail(_ part: String, _ failure: CollectorFailure, _ answers: RedisAnswers) {
        var failure = failure
        if failure.reason == .denied {
            denied += answers.denied
            let others = answers.denied.dropFirst().map { " " + ACLRule.grant(for: $0) }
            failure = CollectorFailure(.denied, failure.message + others.joined())
        }
        collected.partFailures.append(Collected.PartFailure(part: part, failure: failure))
    }

    /// The poll as a whole, with the line that grants what the user lacks.
    func collected(user: String) -> Collected {
        var collected = collected
        collected.remedy = ACLRule.line(granting: denied, to: user)
        return collected
    }
}

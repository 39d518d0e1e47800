// A report is all that is known of one source: the samples of its newest poll, and how polling it has gone so far.

import Metrics

/// The samples of one poll, when they were taken and how long that took.
struct Snapshot: Sendable {
    let samples: Samples
    let targeted: [Collected.Targeted]
    let taken: ContinuousClock.Instant
    let duration: Duration
    let remarks: [Collected.Remark]
}

/// What is known of one source.
struct Report: Sendable {
    /// How one collector, or one part of it, is doing.
    struct Tally: Sendable {
        let name: String
        /// How it went the last time that it was asked; nil when it has not been, or the source failed as a whole
        /// since.
        var outcome: Outcome?
        var lastSuccess: Timestamp?
        var failures: [CollectorFailure.Reason: UInt64] = [:]

        enum Outcome: Sendable, Equatable {
            case succeeded
            case failed(CollectorFailure)
        }

        /// Why the newest poll failed; nil when it worked or none has ended yet.
        var failure: CollectorFailure? {
            if case .failed(let failure)? = outcome { failure } else { nil }
        }
    }

    let source: Source
    /// The newest samples; nil before the first poll and after a failed one.
    private(set) var snapshot: Snapshot?
    /// The one before, for rates on the health page; nil when the newest poll failed.
    private(set) var previous: Snapshot?
    /// The collector itself first, then its parts.
    private(set) var tallies: [Tally]
    private(set) var polls: UInt64 = 0
    /// Seconds that all polls took together.
    private(set) var pollSeconds = 0.0
    /// The last poll that worked, by target: what its counters are compared with, also after polls that failed.
    private var counted: [String?: CounterStarts.Polled] = [:]
    /// The failures of all polls as samples, made anew when one fails.
    private(set) var failureSamples = Samples()
    /// How long the newest poll took, whatever its outcome; nil before the first.
    private(set) var lastDuration: Duration?
    var breaker: Breaker.State = .closed(failures: 0)

    /// - Parameter former: what was known of the same source under an earlier configuration.
    init(_ source: Source, after former: Report? = nil) {
        self.source = source
        tallies = ([source.collector.name] + source.collector.parts).map { name in
            former?.tallies.first { $0.name == name } ?? Tally(name: name)
        }
        snapshot = former?.snapshot
        counted = former?.counted ?? [:]
        polls = former?.polls ?? 0
        pollSeconds = former?.pollSeconds ?? 0
        lastDuration = former?.lastDuration
        failureSamples = countedFailures
    }

    /// The failure of the newest poll as a whole; nil when it worked or none has ended yet.
    var failure: CollectorFailure? {
        tallies[0].failure
    }

    /// Whether a poll has ended, whatever its outcome.
    var isPolled: Bool { polls > 0 }

    mutating func record(
        _ result: Result<Collected, CollectorFailure>, duration: Duration, at instant: ContinuousClock.Instant,
        time: Timestamp
    ) {
        polls += 1
        pollSeconds += duration.seconds
        lastDuration = duration
        switch result {
        case .success(let collected):
            previous = snapshot
            let samples = relabelled(collected.samples, of: nil)
            let targeted = collected.targeted.map {
                Collected.Targeted(target: $0.target, samples: relabelled($0.samples, of: $0.target))
            }
            snapshot = Snapshot(
                samples: samples, targeted: targeted, taken: instant, duration: duration, remarks: collected.remarks)
            count(samples, of: nil, at: time)
            for targeted in targeted { count(targeted.samples, of: targeted.target, at: time) }
            for index in tallies.indices where !collected.skipped.contains(tallies[index].name) {
                let partFailure = collected.partFailures.first { $0.part == tallies[index].name }
                tallies[index].record(partFailure?.failure, time)
            }
        case .failure(let failure):
            previous = nil
            snapshot = nil
            tallies[0].record(failure, time)
            // Nothing is known of the parts; the reason is counted once, for the whole.
            for index in tallies.indices.dropFirst() { tallies[index].outcome = nil }
        }
        if tallies.contains(where: { $0.failure != nil }) { failureSamples = countedFailures }
    }
}

extension Report {
    /// Since when the counters of the newest poll count.
    ///
    /// - Parameter target: one of several that the collector knows, or nil for its own samples.
    func starts(of target: String?) -> CounterStarts {
        counted[target]?.starts ?? CounterStarts()
    }

    /// What a poll has brought, with the labels of the last poll that worked.
    private func relabelled(_ samples: Samples, of target: String?) -> Samples {
        counted[target].map { samples.sharingLabels(with: $0.samples) } ?? samples
    }

    private mutating func count(_ samples: Samples, of target: String?, at time: Timestamp) {
        guard let moment = Moment(seconds: time.seconds) else { return }
        let starts = CounterStarts(of: samples, from: source.origin, after: counted[target], at: moment)
        counted[target] = CounterStarts.Polled(samples, starts, at: moment)
    }
}

extension Report {
    /// A collector or part that works again or no longer does.
    struct Change: Equatable {
        let name: String
        /// Nil when it works.
        let failure: CollectorFailure?
    }

    /// What is worth a line in the log: a change of state or of the reason of a failure, never the same failure again.
    ///
    /// The parts of a source that fails or recovers as a whole go without saying.
    func changes(since before: Report) -> [Change] {
        zip(before.tallies, tallies).enumerated().compactMap { index, pair in
            let (old, new) = pair
            let isPart = index > 0
            if isPart && (failure != nil || before.failure != nil) { return nil }
            guard let outcome = new.outcome else { return nil }
            switch (old.outcome, outcome) {
            case (.failed(let old)?, .failed(let new)) where old.reason == new.reason: return nil
            case (.succeeded?, .succeeded): return nil
            case (nil, .succeeded) where isPart: return nil
            case (_, .succeeded): return Change(name: new.name, failure: nil)
            case (_, .failed(let failure)): return Change(name: new.name, failure: failure)
            }
        }
    }
}

extension Report {
    /// Remarks that were not made before, and topics of which there is nothing to remark any longer. A poll that failed
    /// says nothing of either.
    func newRemarks(since before: Report) -> (begun: [Collected.Remark], ended: [String]) {
        if failure != nil { return ([], []) }
        let old = before.snapshot?.remarks.map(\.topic) ?? []
        let new = snapshot?.remarks ?? []
        let topics = new.map(\.topic)
        return (new.filter { !old.contains($0.topic) }, old.filter { !topics.contains($0) })
    }
}

extension Report.Tally {
    fileprivate mutating func record(_ failure: CollectorFailure?, _ time: Timestamp) {
        if let failure {
            outcome = .failed(failure)
            failures[failure.reason, default: 0] += 1
        } else {
            outcome = .succeeded
            lastSuccess = time
        }
    }
}

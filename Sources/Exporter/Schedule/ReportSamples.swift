// What Sidelong says about its own collectors: whether each works, how long it takes, how old its data is.

import Metrics

extension Report {
    static let success = Descriptor(
        .gauge, "sidelong_collector_success", labels: ["collector"],
        help: "Whether the newest poll of the collector worked (1) or not (0).")
    static let duration = Descriptor(
        .gauge, "sidelong_collector_duration_seconds", labels: ["collector"],
        help: "How long the newest poll of the collector took.")
    static let lastSuccess = Descriptor(
        .gauge, "sidelong_collector_last_success_timestamp_seconds", labels: ["collector"],
        help: "When the collector last worked, in Unix time; the age of its samples is the time since.")
    static let interval = Descriptor(
        .gauge, "sidelong_collector_interval_seconds", labels: ["collector"],
        help: "How often the collector is polled.")
    static let failures = Descriptor(
        .counter, "sidelong_collector_failures_total", labels: ["collector", "reason"],
        help: "Failed polls of the collector, by a fixed list of reasons.")
    static let excess = Descriptor(
        .gauge, "sidelong_collector_excess_series", labels: ["collector"],
        help: "Series of the newest poll that were left out, with their whole families, because there were too many.")
    static let breakerState = Descriptor(
        .gauge, "sidelong_breaker_state", labels: ["target", "state"],
        help: "1 on the state that the circuit breaker of the target is in.")

    static let descriptors = [success, duration, lastSuccess, interval, failures, excess, breakerState]

    /// What the report contributes to the page.
    var contributions: [Exposition.Contribution] {
        var contributions: [Exposition.Contribution] = []
        if let samples = snapshot?.samples {
            contributions.append(Exposition.Contribution(samples, target: source.target, starts: starts(of: nil)))
        }
        if isPolled {
            contributions += [ownSamples, failureSamples].map { Exposition.Contribution($0, target: source.target) }
            contributions.append(Exposition.Contribution(breakerSamples))
        }
        for targeted in snapshot?.targeted ?? [] {
            contributions.append(
                Exposition.Contribution(targeted.samples, target: targeted.target, starts: starts(of: targeted.target)))
        }
        if source.collector.name == "redis" {
            contributions.append(Exposition.Contribution(RedisExporterSamples.samples(of: self), target: source.target))
        }
        return contributions
    }

    /// How the source and its collectors are doing.
    private var ownSamples: Samples {
        var samples = Samples()
        if let up = source.up { samples.add(up, failure == nil ? 1 : 0) }
        samples.add(Self.interval, source.interval.seconds, source.collector.name)
        let excess = snapshot.map { source.overfullFamilies(of: $0.samples).reduce(0) { $0 + $1.excess } }
        samples.add(Self.excess, ifKnown: excess.map(Double.init), source.collector.name)
        samples.add(Self.duration, ifKnown: lastDuration?.seconds, source.collector.name)
        for tally in tallies {
            samples.add(Self.success, ifKnown: success(of: tally), tally.name)
            samples.add(Self.lastSuccess, ifKnown: tally.lastSuccess?.seconds, tally.name)
        }
        return samples
    }

    /// Failures by collector and reason.
    var countedFailures: Samples {
        var samples = Samples()
        for tally in tallies { addFailures(of: tally, to: &samples) }
        return samples
    }

    /// The state of the breaker, which names its target always, because every kind of target has one.
    private var breakerSamples: Samples {
        var samples = Samples()
        guard source.retry != nil else { return samples }
        for state in Breaker.State.names {
            samples.add(Self.breakerState, breaker.name == state ? 1 : 0, source.address, state)
        }
        return samples
    }

    /// 1 or 0; nil for a part that is not asked of this server. With the whole source its parts have failed.
    private func success(of tally: Tally) -> Double? {
        if failure != nil { return 0 }
        return tally.outcome.map { $0 == .succeeded ? 1 : 0 }
    }

    /// Reasons that can be expected start at 0; others appear with their first failure.
    private func addFailures(of tally: Tally, to samples: inout Samples) {
        let isWhole = tally.name == source.collector.name
        let expected = CollectorFailure.Reason.expected(ofTarget: source.up != nil, isWhole: isWhole)
        for reason in CollectorFailure.Reason.allCases {
            let count = tally.failures[reason]
            guard count != nil || expected.contains(reason) else { continue }
            samples.add(Self.failures, Double(count ?? 0), tally.name, reason.rawValue)
        }
    }
}

extension CollectorFailure.Reason {
    /// The reasons for which a collector, or a part of one, usually fails.
    fileprivate static func expected(ofTarget: Bool, isWhole: Bool) -> [Self] {
        switch (ofTarget, isWhole) {
        case (true, true): [.resolve, .connect, .auth, .timeout, .closed, .malformed, .loading]
        case (true, false): [.denied, .unsupported, .malformed]
        case (false, _): [.unreadable, .malformed]
        }
    }
}

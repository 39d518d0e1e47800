// A source is a collector with its place in the schedule: how often it is asked, and how failures are retried. It has
// the name of its target and the metric that says whether it is up.

import Metrics

/// One entry of the schedule.
struct Source: Sendable {
    let collector: any Collector
    /// Where the target is, as `host:port`; empty for the machine.
    let address: String
    /// Whether there are several targets of this kind, so that series have to say which is theirs.
    var isOneOfSeveral = false
    /// The group that the target belongs to, where it came with one.
    var group: String?
    let interval: Duration
    /// How long after its start the source is first polled, so that the members of a group take turns.
    var delay = Duration.zero
    /// How long one poll may take.
    let timeout: Duration
    /// The family that is 1 when the newest poll worked; nil for sources that have none, such as the machine.
    let up: Descriptor?
    /// Nil for local sources, which are simply asked again at the next interval.
    let retry: RetryPolicy?
    /// Whether it is asked when the polls that begin together have ended. A Redis does one thing at a time, and what
    /// keeps it from a processor meanwhile its clients wait for.
    var comesAlone = false
    /// When its counters began.
    var origin = CounterStarts.Origin.unknown
    /// Families that are left off the page by `--metrics.exclude`.
    var excluded: [NamePattern] = []

    /// The families of these samples that were too many and are wanted, and how many series each had.
    func overfullFamilies(of samples: Samples) -> [(name: String, excess: Int)] {
        samples.overfullFamilies.filter { family in !excluded.contains { $0.matches(family.name) } }
    }

    /// The value of the `target` label, or nil where there is only one target of the kind.
    var target: String? { isOneOfSeveral ? address : nil }

    /// A name of its own among all sources, for logs and heartbeats.
    var name: String { address.isEmpty ? collector.name : "\(collector.name) \(address)" }
}

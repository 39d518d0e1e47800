// Counters say something by how much they grew. What they count may have been restarted or down meanwhile. And it may
// not have been asked since: a page is looked at more often than Redis is polled.

/// How much the counters of a page grew between the two newest samples of each.
struct CounterTracker: Sendable {
    /// How fast a counter grew.
    struct Growth: Sendable, Equatable {
        let labels: Labels
        /// Since the sample before.
        let amount: Double
        /// Seconds between the two samples.
        let span: Double

        var rate: Double { amount / span }
    }

    private struct Entry {
        var value: Double
        /// When it was sampled, in Unix time.
        var sampled: Double
        var growth: Growth?
        /// The look at which it was on the page.
        var look: Int
    }

    /// What all series of a name and a target have in common.
    private struct Group: Hashable {
        let name: String
        let target: String
    }

    private var entries: [String: [Labels: Entry]] = [:]
    /// When a group was sampled for the look at which it was on the page last.
    private var groups: [Group: (sampled: Double, look: Int)] = [:]
    private var look = 0

    /// A series that has not been there for so many looks is forgotten.
    private static let patience = 600

    /// Begins a look at a newer page.
    mutating func beginLook() {
        look += 1
        for name in entries.keys {
            entries[name] = entries[name]?.filter { look - $0.value.look <= Self.patience }
        }
        groups = groups.filter { look - $0.value.look <= Self.patience }
    }

    /// Takes the series of one name, counters or the buckets of histograms.
    ///
    /// A counter that fell was restarted, and has counted all that it shows since. Of a histogram all buckets were,
    /// when one of them fell. A series that is new in a group which was on the page at the look before began since
    /// then. In another group it may have counted for years, and nothing is known of its growth yet.
    ///
    /// - Parameter sampled: when the series of a target were sampled, in Unix time; a sample that is looked at once
    ///   more changes nothing.
    mutating func take(_ name: String, _ series: [Series], sampled: (_ target: String?) -> Double) {
        var known = entries[name] ?? [:]
        var times: [String: Double] = [:]
        for one in series {
            let target = one.labels["target"] ?? ""
            if times[target] == nil { times[target] = sampled(one.labels["target"]) }
        }
        let restarted = restartedHistograms(series, known)
        for one in series {
            let target = one.labels["target"] ?? ""
            guard let time = times[target] else { continue }
            let group = groups[Group(name: name, target: target)]
            known[one.labels] = entry(
                for: one, known[one.labels], at: time, isRestarted: restarted.contains(one.labels.without("le")),
                began: group.flatMap { $0.look == look - 1 ? $0.sampled : nil })
        }
        for (target, time) in times { groups[Group(name: name, target: target)] = (time, look) }
        entries[name] = known
    }

    /// How the series of a name that are on the newest page grew, where that is known.
    func growth(of name: String) -> [Growth] {
        (entries[name] ?? [:]).values.compactMap { $0.look == look ? $0.growth : nil }
    }

    private func entry(
        for one: Series, _ old: Entry?, at time: Double, isRestarted: Bool, began: Double?
    ) -> Entry {
        if var old, old.sampled == time {
            old.look = look
            return old
        }
        var entry = Entry(value: one.value, sampled: time, growth: nil, look: look)
        guard let start = old?.sampled ?? began, time > start else { return entry }
        let before = old.map { isRestarted || one.value < $0.value ? 0 : $0.value } ?? 0
        entry.growth = Growth(labels: one.labels, amount: one.value - before, span: time - start)
        return entry
    }

    /// The labels, without `le`, of histograms of which a bucket fell.
    private func restartedHistograms(_ series: [Series], _ known: [Labels: Entry]) -> Set<Labels> {
        var fallen: Set<Labels> = []
        for one in series where one.labels["le"] != nil {
            if let old = known[one.labels], one.value < old.value { fallen.insert(one.labels.without("le")) }
        }
        return fallen
    }
}

// What advice is given on: figures that a Sidelong has shown. Where there are none, there is no advice.

/// Figures of one Sidelong over some time.
struct Evidence: Sendable {
    /// Gauges, as they are now.
    var levels = SeriesPage()
    /// How much counters grew over the time.
    var growth = SeriesPage()
    /// How much gauges grew over the time; nil where there is only one look.
    var change: SeriesPage?
    /// The highest values of gauges; nil where they were looked at once or twice.
    var peaks: SeriesPage?
    /// Over what time, for people: "since it was started", "in 24 h".
    var period = ""

    /// The buckets of a histogram, grouped by labels.
    func histograms(_ name: String, _ labels: Labels = [:], by names: [String]) -> [(key: [String], CumulativeBuckets)]
    {
        var found: [[String]: CumulativeBuckets] = [:]
        for one in growth["\(name)_bucket", labels] {
            guard let bound = one.labels["le"].flatMap(Double.init) else { continue }
            found[one.labels.values(of: names), default: CumulativeBuckets()].add(one.value, upTo: bound)
        }
        return found.map { ($0.key, $0.value) }
    }

    /// Growth of a counter, grouped by labels.
    func growth(of name: String, _ labels: Labels = [:], by names: [String]) -> [[String]: Double] {
        Dictionary(grouping: growth[name, labels]) { $0.labels.values(of: names) }
            .mapValues { $0.reduce(0) { $0 + $1.value } }
    }
}

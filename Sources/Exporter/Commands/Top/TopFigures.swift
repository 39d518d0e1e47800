// From a page to the rows of a table, and to the line above them.

/// What is known of a Sidelong: its newest page, and how its counters grew.
struct TopFigures: Sendable {
    private(set) var page = SeriesPage()
    private var tracker = CounterTracker()

    /// One row of a table.
    struct Row: Sendable, Equatable {
        let name: String
        /// One for each column; nil for what is not known.
        let figures: [Double?]
    }

    /// Takes a newer page.
    ///
    /// - Parameter now: the time of those series whose collector does not tell when it was asked, in Unix time.
    mutating func take(_ newer: SeriesPage, at now: Double) {
        page = newer
        let times = SampleTimes(page)
        tracker.beginLook()
        for feed in Self.counters {
            tracker.take(Self.key(feed), page[feed.name, feed.labels]) { times.time(of: feed.collector, $0) ?? now }
        }
    }

    /// The rows of a table, in no particular order; none where the page has nothing for it.
    func rows(of table: TopTable) -> [Row] {
        var keys: [[String]] = []
        var figures: [[String]: [Double?]] = [:]
        for (place, column) in table.columns.enumerated() {
            for (key, value) in values(of: column.measure, by: table.by) {
                if figures[key] == nil {
                    keys.append(key)
                    figures[key] = Array(repeating: nil, count: table.columns.count)
                }
                figures[key]?[place] = value
            }
        }
        return keys.map { key in
            Row(name: key.filter { !$0.isEmpty }.joined(separator: " "), figures: figures[key] ?? [])
        }
    }

    /// Growth per second of a counter, all its series together; nil where that is not known.
    func rate(_ feed: TopFeed) -> Double? {
        let growth = tracker.growth(of: Self.key(feed))
        return growth.isEmpty ? nil : growth.reduce(0) { $0 + $1.rate }
    }

    /// Everything whose growth is shown.
    private static let counters = Set(
        TopTable.all.flatMap(\.columns).map(\.measure).filter(\.counts).flatMap(\.feeds) + TopHead.counters)

    /// What the tracker calls a feed.
    private static func key(_ feed: TopFeed) -> String {
        feed.labels.sorted { $0.key < $1.key }.reduce(feed.name) { "\($0) \($1.key)=\($1.value)" }
    }

    private func values(of measure: TopColumn.Measure, by names: [String]) -> [[String]: Double] {
        switch measure {
        case .observations(let feeds): histograms(feeds, names).compactMapValues(\.total)
        case .quantile(let rank, let feeds): histograms(feeds, names).compactMapValues { $0.quantile(rank) }
        case .rate(let feeds): rates(feeds, names)
        case .share(let feed, let others): shares(rates([feed], names), rates(others, names))
        case .level(let feed): grouped(page[feed.name, feed.labels], names) { $0.reduce(0, +) }
        case .worst(let feed): grouped(page[feed.name, feed.labels], names) { $0.max() ?? 0 }
        }
    }

    /// Rates of buckets, added up by their bounds.
    private func histograms(_ feeds: [TopFeed], _ names: [String]) -> [[String]: CumulativeBuckets] {
        guard let feed = feeds.first(where: { !page[$0.name, $0.labels].isEmpty }) else { return [:] }
        var histograms: [[String]: CumulativeBuckets] = [:]
        for growth in tracker.growth(of: Self.key(feed)) {
            guard let bound = growth.labels["le"].flatMap(Double.init) else { continue }
            histograms[Self.row(growth.labels, names), default: CumulativeBuckets()].add(growth.rate, upTo: bound)
        }
        return histograms
    }

    private func rates(_ feeds: [TopFeed], _ names: [String]) -> [[String]: Double] {
        var rates: [[String]: Double] = [:]
        for growth in feeds.flatMap({ tracker.growth(of: Self.key($0)) }) {
            rates[Self.row(growth.labels, names), default: 0] += growth.rate
        }
        return rates
    }

    private func shares(_ parts: [[String]: Double], _ wholes: [[String]: Double]) -> [[String]: Double] {
        var shares: [[String]: Double] = [:]
        for (key, whole) in wholes where whole > 0 { shares[key] = (parts[key] ?? 0) / whole }
        return shares
    }

    private func grouped(
        _ series: [Series], _ names: [String], _ join: ([Double]) -> Double
    ) -> [[String]: Double] {
        Dictionary(grouping: series) { Self.row($0.labels, names) }.mapValues { join($0.map(\.value)) }
    }

    /// What tells a row apart: the values of its labels, and its target where there are several.
    private static func row(_ labels: Labels, _ names: [String]) -> [String] {
        labels.values(of: names + ["target", "port"])
    }
}

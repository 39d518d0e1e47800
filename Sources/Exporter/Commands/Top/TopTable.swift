// What a table of `sidelong top` is made of: which series make its rows, and what its columns say of them.

/// A table as it is declared.
struct TopTable: Sendable {
    /// How JSON calls it.
    let name: String
    let title: String
    /// The labels that tell rows apart; a target comes by itself.
    let by: [String]
    let columns: [TopColumn]
}

/// A column of figures.
struct TopColumn: Sendable {
    /// The title, and the name of the figure in JSON.
    let title: String
    let unit: Unit
    let measure: Measure

    init(_ title: String, _ unit: Unit, _ measure: Measure) {
        self.title = title
        self.unit = unit
        self.measure = measure
    }

    enum Unit: Sendable {
        case count, seconds, bytes, share

        func text(_ value: Double?) -> String {
            switch self {
            case .count: Cell.count(value)
            case .seconds: Cell.time(value)
            case .bytes: Cell.bytes(value)
            case .share: Cell.percent(value)
            }
        }
    }

    /// What is made of series.
    enum Measure: Sendable {
        /// Observations per second of histograms; the first feed that is on the page counts.
        case observations([TopFeed])
        /// A percentile of the same.
        case quantile(Double, [TopFeed])
        /// The growth of counters per second, all added up.
        case rate([TopFeed])
        /// The growth of the first counter among that of all.
        case share(TopFeed, among: [TopFeed])
        /// The sum of gauges.
        case level(TopFeed)
        /// The largest of gauges.
        case worst(TopFeed)
    }
}

/// Series of one name, and the collector that brings them.
struct TopFeed: Sendable, Hashable {
    let name: String
    let labels: Labels
    /// When the collector with this name, or with one that begins so, last worked is when the series were sampled.
    let collector: String

    init(_ name: String, _ labels: Labels = [:], from collector: String) {
        self.name = name
        self.labels = labels
        self.collector = collector
    }
}

extension TopColumn.Measure {
    /// The series that it is made of; histograms by their buckets.
    var feeds: [TopFeed] {
        switch self {
        case .observations(let feeds), .quantile(_, let feeds), .rate(let feeds): feeds
        case .share(let feed, let others): [feed] + others
        case .level(let feed), .worst(let feed): [feed]
        }
    }

    /// Whether the series are counters, whose growth has to be followed.
    var counts: Bool {
        switch self {
        case .observations, .quantile, .rate, .share: true
        case .level, .worst: false
        }
    }
}

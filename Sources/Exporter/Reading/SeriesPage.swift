// A page of metrics from its reader's side: what `sidelong top` and `sidelong advise` know of a Sidelong.

/// The labels of a series, by name.
typealias Labels = [String: String]

/// One series at one moment.
struct Series: Sendable, Equatable {
    let labels: Labels
    let value: Double
}

/// All series of a page, by the name that stands on their lines; those of a histogram by that of its buckets, sum or
/// count.
struct SeriesPage: Sendable, Equatable {
    private var series: [String: [Series]] = [:]

    mutating func add(_ name: String, _ one: Series) {
        series[name, default: []].append(one)
    }

    /// In the order of the page; empty for what is not on it.
    subscript(name: String) -> [Series] { series[name] ?? [] }

    /// The series of a name that have these labels, others beside them or not.
    subscript(name: String, labels: Labels) -> [Series] {
        self[name].filter { $0.labels.holds(labels) }
    }

    /// The sum over all series of a name that have these labels; nil when there are none.
    func sum(_ name: String, _ labels: Labels = [:]) -> Double? {
        let values = self[name, labels].map(\.value)
        return values.isEmpty ? nil : values.reduce(0, +)
    }
}

extension Labels {
    /// Whether each of the others stands here with the same value.
    func holds(_ others: Labels) -> Bool { others.allSatisfy { self[$0.key] == $0.value } }

    /// The values of some labels, an empty text for what is absent.
    func values(of names: [String]) -> [String] { names.map { self[$0] ?? "" } }

    func without(_ name: String) -> Labels { filter { $0.key != name } }
}

import TestKit

/// The families of `docs/metrics.md` with their labels, and the few others that a rule may ask for.
struct Catalogue {
    private var labels: [String: Set<String>] = [:]

    /// Series that Prometheus makes itself.
    private static let others: [String: Set<String>] = [
        "up": [], "ALERTS": ["alertname", "alertstate", "severity"],
    ]

    init() throws {
        labels = Self.others
        for line in try Project.text("docs/metrics.md").split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.filter { $0 != "`" && $0 != " " } }
            let names = Set(cells[2].split(separator: ",").map(String.init))
            labels[cells[0]] = names
            if cells[1].hasSuffix("histogram") { labels["\(cells[0])_bucket"] = names.union(["le"]) }
            if cells[1] == "histogram" {
                labels["\(cells[0])_sum"] = names
                labels["\(cells[0])_count"] = names
            }
        }
        // What the example of a queries file counts is not on that page: `KEY_COLUMN`.
        let queries = try Project.text("deploy/gateway-queries.yaml").split(separator: "\n")
        for key in queries where key.last == ":" && key.first?.isLetter == true {
            labels["\(key.dropLast())_total"] = []
        }
    }

    /// Adds what recording rules make.
    mutating func add(_ names: some Sequence<String>) {
        for name in names { labels[name] = [] }
    }

    /// What is wrong with a selector; nil when such a series can exist.
    func complaint(about selector: Selectors.Selector) -> String? {
        guard let known = labels[selector.metric] else { return "\(selector.metric) is no family of docs/metrics.md" }
        let strange = Set(selector.labels).subtracting(known).subtracting(["job", "instance", "target"])
        return strange.isEmpty ? nil : "\(selector.metric) has no label \(strange.sorted().joined(separator: ", "))"
    }

    func contains(_ name: String) -> Bool { labels[name] != nil }
}

// One column of a query in the queries file: what it is used for, and the family or label that follows from it.
import Metrics

/// A column as the file describes it.
struct QueryColumn {
    let column: String
    /// The column's name on the page: its own, or the one of `rename`.
    let name: String
    let usage: Usage
    let help: String
    let scale: Double
    /// `default`, as it was written.
    let fallback: String?

    /// postgres_exporter's usages, but for MAPPEDMETRIC, which its files cannot give a mapping.
    enum Usage: String, CaseIterable {
        case label = "LABEL"
        case gauge = "GAUGE"
        case counter = "COUNTER"
        case histogram = "HISTOGRAM"
        case duration = "DURATION"
        case discard = "DISCARD"
    }

    var label: CustomQuery.Label? {
        usage == .label ? CustomQuery.Label(column: column, name: name, fallback: fallback ?? "") : nil
    }

    /// The family that the column fills; nil for a label and for a column that is thrown away.
    func metric(_ prefix: String, labels: [String]) -> CustomQuery.Metric? {
        let (kind, content, suffix): (Descriptor.Kind, CustomQuery.Content, String)
        switch usage {
        case .label, .discard: return nil
        case .gauge: (kind, content, suffix) = (.gauge, .number, "")
        case .counter: (kind, content, suffix) = (.counter, .number, "")
        case .duration: (kind, content, suffix) = (.gauge, .duration, "_milliseconds")
        case .histogram: (kind, content, suffix) = (.histogram, .histogram, "")
        }
        let description = help.isEmpty ? "Column \(column) of the queries file." : help
        return CustomQuery.Metric(
            column: column,
            descriptor: Descriptor(kind, "\(prefix)_\(name)\(suffix)", labels: labels, help: description),
            content: content, scale: scale, fallback: fallback.flatMap { Double($0) })
    }
}

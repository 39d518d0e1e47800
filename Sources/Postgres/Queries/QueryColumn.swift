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

/// Reads the fields of one query or column, and gathers what is wrong with them.
struct FieldReader {
    let subject: String
    let fields: [String: QueryDocument.Entry]
    private(set) var problems: [QueryFileError.Problem] = []

    init(subject: String, fields: [String: QueryDocument.Entry]) {
        self.subject = subject
        self.fields = fields
    }

    mutating func text(_ key: String) -> String? {
        guard let entry = fields[key] else { return nil }
        guard case .scalar(let text, _) = entry.value else {
            refuse(entry, "a text")
            return nil
        }
        return text
    }

    mutating func number(_ key: String) -> Double? {
        parse(key, "a number") { Double($0).flatMap { $0.isFinite ? $0 : nil } }
    }

    mutating func flag(_ key: String) -> Bool? {
        parse(key, "true or false") { ["true": true, "false": false][$0.lowercased()] }
    }

    /// A release as `server_version_num` counts: 140000 is Postgres 14.
    mutating func version(_ key: String) -> Int? {
        parse(key, "a release as server_version_num has it, such as 140000") {
            Int($0).flatMap { (90000...9_999_999).contains($0) ? $0 : nil }
        }
    }

    /// A number of seconds, or a number with `ms`, `s` or `m`.
    mutating func duration(_ key: String) -> Duration? {
        parse(key, "a number of seconds, or a duration such as 500ms or 2m") { text in
            if let seconds = Double(text), seconds >= 0, seconds <= 1e9 { return .seconds(seconds) }
            return GoDuration.seconds(in: text).flatMap { (0...1e9).contains($0) ? .seconds($0) : nil }
        }
    }

    mutating func usage() -> QueryColumn.Usage? {
        let allowed = QueryColumn.Usage.allCases.map(\.rawValue).joined(separator: ", ")
        guard fields["usage"] != nil else {
            let line = fields.values.map(\.line).min() ?? 0
            problems.append(QueryFileError.Problem(line: line, message: "\(subject) has no `usage`: one of \(allowed)"))
            return nil
        }
        return parse("usage", "one of \(allowed)") { QueryColumn.Usage(rawValue: $0.uppercased()) }
    }

    private mutating func parse<Value>(_ key: String, _ wanted: String, _ read: (String) -> Value?) -> Value? {
        guard let text = text(key), let entry = fields[key] else { return nil }
        guard let value = read(text) else {
            refuse(entry, wanted)
            return nil
        }
        return value
    }

    private mutating func refuse(_ entry: QueryDocument.Entry, _ wanted: String) {
        problems.append(QueryFileError.Problem(line: entry.line, message: "\(subject): \(entry.key) must be \(wanted)"))
    }
}

/// Spans of time as Go writes them, which is what postgres_exporter reads in a DURATION column.
enum GoDuration {
    private static let units: [String: Double] = [
        "h": 3600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9,
    ]

    /// The seconds in a text such as `1h2m3.5s` or `-300ms`; nil for anything else.
    static func seconds(in text: String) -> Double? {
        var rest = text[...]
        let sign: Double = rest.hasPrefix("-") ? -1 : 1
        if rest.hasPrefix("-") || rest.hasPrefix("+") { rest.removeFirst() }
        guard !rest.isEmpty else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest[number.endIndex...]
            let unit = rest.prefix { $0.isLetter }
            rest = rest[unit.endIndex...]
            guard let value = Double(number), let factor = units[String(unit)] else { return nil }
            total += value * factor
        }
        return sign * total
    }
}

extension String {
    /// Whether a metric or label may be called so.
    var isMetricName: Bool { !isEmpty && Naming.safeName(self) == self }
}

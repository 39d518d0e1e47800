// One field of the queries file at a time: what it must be, and the complaint where it is something else.
import Metrics

/// Reads the fields of one query or column, and gathers what is wrong with them.
struct FieldReader {
    let subject: String
    /// Where the query or column begins.
    let line: Int
    let fields: [String: QueryDocument.Entry]
    private(set) var problems: [QueryFileError.Problem] = []

    init(subject: String, line: Int, fields: [String: QueryDocument.Entry]) {
        self.subject = subject
        self.line = line
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

    /// A range of releases.
    mutating func releases(_ key: String) -> ServerReleases? {
        parse(key, "a range of releases, such as \">=14.0.0 <17.0.0\"") { ServerReleases($0) }
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

extension String {
    /// Whether a metric or label may be called so.
    var isMetricName: Bool { !isEmpty && Naming.safeName(self) == self }
}

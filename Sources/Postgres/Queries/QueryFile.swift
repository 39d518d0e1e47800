// Reading the queries file: postgres_exporter's format, with the useful part of what pg_exporter and CloudNativePG add
// to it. Whatever is not understood is refused with its line, because a misspelt key that is passed over is a metric
// that silently is not.
import Metrics

extension CustomQuery {
    /// Checks a whole queries file.
    ///
    /// - Throws: all problems at once, each with its line.
    public static func read(_ document: QueryDocument) throws(QueryFileError) -> [CustomQuery] {
        var reader = QueryFileReader()
        let queries = reader.read(document)
        guard reader.problems.isEmpty else {
            throw QueryFileError(problems: reader.problems.sorted { $0.line < $1.line })
        }
        return queries
    }
}

/// Goes through the tree and gathers problems on the way.
private struct QueryFileReader {
    private(set) var problems: [QueryFileError.Problem] = []
    /// The kind and labels of each family so far, because two queries may share one only when they agree.
    private var families: [String: Descriptor] = [:]

    private mutating func refuse(_ line: Int, _ message: String) {
        problems.append(QueryFileError.Problem(line: line, message: message))
    }

    mutating func read(_ document: QueryDocument) -> [CustomQuery] {
        guard case .map(let entries, _) = document else {
            refuse(document.line, "a queries file is a map from names to queries")
            return []
        }
        var names: Set<String> = []
        var queries: [CustomQuery] = []
        for entry in entries {
            guard names.insert(entry.key).inserted else {
                refuse(entry.line, "query \(entry.key) stands twice")
                continue
            }
            if let query = readQuery(entry) { queries.append(query) }
        }
        return queries
    }

    private static let keys = [
        "name", "desc", "query", "metrics", "master", "primary", "skip", "cache_seconds", "ttl", "timeout",
        "min_version", "max_version", "runonserver",
    ]

    /// Nil where it is refused, and where `skip` says so.
    private mutating func readQuery(_ query: QueryDocument.Entry) -> CustomQuery? {
        let before = problems.count
        guard let fields = fields(of: query.value, allowed: Self.keys, in: "query \(query.key)") else { return nil }
        var reader = FieldReader(subject: "query \(query.key)", line: query.line, fields: fields)
        let prefix = reader.text("name").flatMap { $0.isEmpty ? nil : $0 } ?? query.key
        let text = reader.text("query") ?? ""
        let ttl = reader.duration("ttl")
        let cache = reader.duration("cache_seconds")
        let minimum = reader.version("min_version") ?? 0
        let maximum = reader.version("max_version") ?? Int.max
        // CloudNativePG calls it `primary`.
        let isForPrimary = [reader.flag("master"), reader.flag("primary")].contains(true)
        let releases = reader.releases("runonserver")
        let isSkipped = reader.flag("skip") ?? false
        let timeout = reader.duration("timeout")
        problems += reader.problems
        if !prefix.isMetricName {
            refuse(query.line, "\(prefix) cannot begin a metric name: letters, digits and _ only")
        }
        if text.isEmpty { refuse(query.line, "query \(query.key) has no `query`") }
        if ttl != nil && cache != nil {
            refuse(query.line, "query \(query.key) has `ttl` and `cache_seconds`, which mean the same")
        }
        if minimum >= maximum {
            refuse(query.line, "query \(query.key): max_version is exclusive and not above min_version")
        }
        let columns = fields["metrics"].map { readColumns($0.value, of: query.key) } ?? []
        let labels = columns.compactMap(\.label)
        let metrics = columns.compactMap { $0.metric(prefix, labels: labels.map(\.name)) }
        if metrics.isEmpty && problems.count == before {
            refuse(
                query.line, "query \(query.key) has no column that is a metric: GAUGE, COUNTER, HISTOGRAM or DURATION")
        }
        check(labels, metrics, query)
        guard problems.count == before, !isSkipped else { return nil }
        return CustomQuery(
            name: query.key, text: text, isForPrimary: isForPrimary, lifetime: ttl ?? cache, timeout: timeout,
            versions: minimum..<maximum, releases: releases, labels: labels, metrics: metrics)
    }

    private mutating func check(
        _ labels: [CustomQuery.Label], _ metrics: [CustomQuery.Metric], _ query: QueryDocument.Entry
    ) {
        if Set(labels.map(\.name)).count < labels.count { refuse(query.line, "query \(query.key) names a label twice") }
        for metric in metrics {
            let descriptor = metric.descriptor
            let other = families.updateValue(descriptor, forKey: descriptor.name)
            if let other, other.kind != descriptor.kind || other.labels != descriptor.labels {
                refuse(query.line, "\(descriptor.name) is there already, with another usage or other labels")
            }
        }
    }

    /// `metrics` is a list of maps with one key each, the column; a plain map is taken as well.
    private mutating func readColumns(_ document: QueryDocument, of query: String) -> [QueryColumn] {
        let entries: [QueryDocument.Entry]
        switch document {
        case .map(let columns, _):
            entries = columns
        case .list(let items, _):
            entries = items.compactMap { item in
                if case .map(let columns, _) = item, columns.count == 1 { return columns[0] }
                refuse(
                    item.line,
                    "query \(query): each item of `metrics` is one column, with its usage and description "
                        + "indented below it")
                return nil
            }
        case .scalar(_, let line):
            refuse(line, "query \(query): `metrics` is a list of columns")
            return []
        }
        var names: Set<String> = []
        return entries.compactMap { entry in
            guard names.insert(entry.key).inserted else {
                refuse(entry.line, "query \(query): column \(entry.key) stands twice")
                return nil
            }
            return readColumn(entry, of: query)
        }
    }

    /// Labels that histograms, summaries and Sidelong itself write.
    private static let reserved = ["le", "quantile", "target"]

    private mutating func readColumn(_ column: QueryDocument.Entry, of query: String) -> QueryColumn? {
        let subject = "query \(query), column \(column.key)"
        let keys = ["usage", "description", "rename", "name", "scale", "default"]
        guard let fields = fields(of: column.value, allowed: keys, in: subject) else { return nil }
        var reader = FieldReader(subject: subject, line: column.line, fields: fields)
        let usage = reader.usage()
        // CloudNativePG's word is `name`.
        let name = reader.text("rename") ?? reader.text("name") ?? column.key
        let scale = reader.number("scale") ?? 1
        let isMetric = usage.map { $0 != .label && $0 != .discard } ?? false
        if isMetric { _ = reader.number("default") }
        problems += reader.problems
        if scale == 0 { refuse(column.line, "\(subject): scale 0 would make every value 0") }
        if usage == .label, Self.reserved.contains(name) || name.hasPrefix("__") {
            refuse(column.line, "\(subject): the label \(name) has a meaning of its own; choose another with `rename`")
        }
        if !name.isMetricName { refuse(column.line, "\(subject): \(name) is no name: letters, digits and _ only") }
        guard let usage else { return nil }
        return QueryColumn(
            column: column.key, name: name, usage: usage, help: reader.text("description") ?? "", scale: scale,
            fallback: reader.text("default"))
    }

    /// A map's fields by key; nil, with a complaint, where it is no map. Unknown keys are refused.
    private mutating func fields(
        of document: QueryDocument, allowed: [String], in subject: String
    ) -> [String: QueryDocument.Entry]? {
        guard case .map(let entries, _) = document else {
            refuse(document.line, "\(subject) is a map with the keys \(allowed.joined(separator: ", "))")
            return nil
        }
        for entry in entries where !allowed.contains(entry.key) {
            refuse(entry.line, "\(subject): unknown key \(entry.key); allowed are \(allowed.joined(separator: ", "))")
        }
        return Dictionary(entries.map { ($0.key, $0) }) { first, _ in first }
    }
}

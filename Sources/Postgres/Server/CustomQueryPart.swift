// Asking the user's own statements and reading what they give.
import Metrics

/// A statement of the queries file as a part of the Postgres collector.
///
/// It runs read-only, under the session's `statement_timeout` (or its own `timeout`) and `lock_timeout`: a table that
/// somebody alters costs this part its families for a while, and the others nothing.
struct CustomQueryPart: PostgresPart {
    private let query: CustomQuery
    /// How many rows may come: as many as make the series that one query may give.
    private let rowLimit: Int
    /// The query's own limit, where it is tighter than the session's.
    private let timeout: Duration?

    static let dropped = Descriptor(
        .gauge, "sidelong_postgres_query_dropped_series", labels: ["query"],
        help: "Series beyond the limit for one query that its last answer would have had.")

    static let ownDescriptors = [dropped]

    init(_ query: CustomQuery, _ options: PostgresOptions) {
        self.query = query
        rowLimit = max(1, options.seriesPerQuery / query.metrics.count)
        let sessionLimit = StartupOptions(timeout: options.timeout).statementTimeout
        timeout = query.timeout.flatMap { $0 < sessionLimit ? $0 : nil }
    }

    var name: String { "postgres_query_\(query.name)" }
    var pace: PostgresPace { query.lifetime.map { .every($0) } ?? .everyPoll }
    var descriptors: [Descriptor] { query.descriptors + Self.ownDescriptors }
    var familyNames: [String] { query.descriptors.map(\.name) }

    func query(for session: PostgresSession) -> PostgresQuery {
        guard query.versions.contains(session.version), query.releases?.contains(session.version) ?? true else {
            return .nothing
        }
        if query.isForPrimary && session.isReplica { return .nothing }
        return .ask(
            Statement(query.text, timeout: timeout, rowLimit: rowLimit, opening: .users(session.usersPath)))
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        for row in rows {
            let labels = query.labels.map { row[$0.column] ?? $0.fallback }
            for metric in query.metrics {
                guard let value = metric.value(from: row) else { continue }
                samples.add(metric.descriptor, Sample(labels: labels, value: value))
            }
        }
        samples.add(Self.dropped, Double(rows.dropped * query.metrics.count), query.name)
        return samples
    }

    func shortcoming(of rows: Rows) -> CollectorFailure? { query.shortcoming(of: rows) }
}

extension CustomQuery.Metric {
    /// The column's value in one row; nil where it is NULL without a default, or not what its usage says.
    func value(from row: Rows.Row) -> Sample.Value? {
        switch content {
        case .number:
            (row[column] == nil ? fallback : row.number(column) ?? row[column].flatMap(PostgresTime.seconds))
                .map { .number($0 * scale) }
        case .duration:
            (row[column] == nil ? fallback : row[column].flatMap(GoDuration.seconds).map { $0 * 1000 })
                .map { .number($0 * scale) }
        case .histogram:
            histogram(from: row).map { .histogram($0) }
        }
    }

    /// Bounds, cumulative counts, sum and count of a histogram from its four columns.
    ///
    /// Nil unless the bounds differ, are finite and not negative, and there is one count for each, never less than that
    /// of a smaller bound. Queries that people have count more in buckets than in all; what is in a bucket is there.
    private func histogram(from row: Rows.Row) -> HistogramValue? {
        guard let bounds = row[column].flatMap(PostgresArray.numbers)?.map({ $0 * scale }),
            let totals = row["\(column)_bucket"].flatMap(PostgresArray.numbers)?.compactMap({ UInt64(exactly: $0) }),
            bounds.count == totals.count,
            let sum = row.number("\(column)_sum"),
            let count = row.number("\(column)_count").flatMap({ UInt64(exactly: $0) }),
            bounds.allSatisfy({ (0...1e15).contains($0) }), Set(bounds).count == bounds.count
        else { return nil }
        let buckets = zip(bounds, totals).sorted { $0.0 < $1.0 }
        let cumulative = buckets.map(\.1) + [max(count, buckets.last?.1 ?? 0)]
        guard zip(cumulative, cumulative.dropFirst()).allSatisfy({ $0 <= $1 }) else { return nil }
        let counts = zip(cumulative, [0] + cumulative).map { $0 - $1 }
        return HistogramValue(buckets: Buckets(buckets.map(\.0)), counts: counts, sum: sum * scale)
    }
}

/// Arrays in Postgres' text form.
enum PostgresArray {
    /// The numbers of a one-dimensional array such as `{0.1,1,10}`; nil for anything else, NULL elements included.
    static func numbers(in text: String) -> [Double]? {
        guard text.hasPrefix("{"), text.hasSuffix("}") else { return nil }
        let elements = text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
        if elements == [""] { return [] }
        let numbers = elements.compactMap { Double($0) }
        return numbers.count == elements.count ? numbers : nil
    }
}

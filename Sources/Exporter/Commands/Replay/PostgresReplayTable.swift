// `sidelong replay --format=table` of sessions of Postgres: what takes the time, by type, table and user, and what has
// failed.

import Metrics
import Traffic

/// The figures of a port as text.
struct PostgresReplayTable {
    private let snapshot: PostgresSnapshot
    private let samples: Samples

    /// - Parameter samples: of the port alone.
    init(_ snapshot: PostgresSnapshot) {
        self.snapshot = snapshot
        samples = snapshot.samples
    }

    var text: String {
        let sections = [
            summary, types, latencies("Table and type", snapshot.tableSummaries()),
            latencies("Database and user", snapshot.sessionSummaries()),
            counts("Errors", PostgresTrafficFamilies.queryErrors),
            counts("Transactions", PostgresTrafficFamilies.transactions),
            counts("Refused logins", PostgresTrafficFamilies.loginFailures),
            counts("Errors of sessions", PostgresTrafficFamilies.sessionErrors),
            counts("Not measured", snapshot.unmeasured, Self.reasons),
        ]
        return sections.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var summary: String {
        let place = snapshot.port.map { "Port \($0): " } ?? "Postgres: "
        return "\(place)\(snapshot.connections) connections open at the end, \(snapshot.statements) statements.\n"
    }

    private var types: String {
        var table = TextTable(
            ["Statements", "count", "total", "p50", "p95", "p99", "max", "rows", "fast to slow"], numbers: 1...7)
        for summary in snapshot.typeSummaries() {
            let latency = summary.latency
            table.add(
                [
                    summary.name, "\(latency.count)", Cell.time(latency.total), Cell.time(latency.p50),
                    Cell.time(latency.p95),
                    Cell.time(latency.p99), Cell.time(latency.maximum), summary.rows.map { "\($0)" } ?? "",
                    Cell.bar(latency.histogram),
                ])
        }
        return table.text
    }

    private func latencies(_ title: String, _ summaries: [PostgresSnapshot.Summary]) -> String {
        var table = TextTable([title, "count", "total", "max", "fast to slow"], numbers: 1...3)
        for summary in summaries {
            let latency = summary.latency
            table.add(
                [
                    summary.name, "\(latency.count)", Cell.time(latency.total), Cell.time(latency.maximum),
                    Cell.bar(latency.histogram),
                ])
        }
        return table.text
    }

    /// Counters other than 0, by their labels without the port.
    private func counts(_ title: String, _ family: Descriptor) -> String {
        let rows = samples[family].compactMap { sample -> (reason: String, count: UInt64)? in
            guard case .number(let count) = sample.value else { return nil }
            return (sample.labels.dropLast().joined(separator: " "), UInt64(count))
        }
        return counts(title, rows.sorted { $0.reason < $1.reason }, [:])
    }

    private func counts(
        _ title: String, _ rows: [(reason: String, count: UInt64)], _ explained: [String: String]
    ) -> String {
        var table = TextTable([title, "count", ""], numbers: 1...1)
        for row in rows where row.count > 0 { table.add([row.reason, "\(row.count)", explained[row.reason] ?? ""]) }
        return table.text
    }

    /// Why statements could not be measured, for those who do not have the metric reference at hand.
    private static let reasons = [
        "joined_midstream": "the capture began within the session",
        "gap": "packets of the session are missing",
        "snap_length": "the snap length cut off what was needed",
        "tail_cut": "the end of the answer was cut off; counted up to its last packet",
        "skipped_after_error": "a statement before it in its pipeline failed",
        "resync": "the session made no sense",
        "closed": "the session ended before the answer",
        "evicted": "the session was forgotten before the answer",
        "queue_full": "too many statements were under way",
    ]
}

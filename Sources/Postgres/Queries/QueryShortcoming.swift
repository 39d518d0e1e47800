// A queries file and its query can disagree: a label is misspelt, a column is gone, a value is a word. What is right is
// shown all the same; what is wrong is said, because a metric that silently is not there misleads.
import Metrics

extension CustomQuery {
    /// What is wrong with an answer, in one line that names columns and never a value; nil when nothing is.
    func shortcoming(of rows: Rows) -> CollectorFailure? {
        let found = [missingColumns(in: rows), unreadableValues(in: rows), repeatedLabels(in: rows)].compactMap(\.self)
        return found.isEmpty ? nil : CollectorFailure(.malformed, "query \(name): \(found.joined(separator: "; "))")
    }

    private func missingColumns(in rows: Rows) -> String? {
        let wanted = labels.map(\.column) + metrics.flatMap(\.columns)
        let missing = wanted.filter { !rows.columns.contains($0) }
        return missing.isEmpty ? nil : "it does not return \(missing.joined(separator: ", "))"
    }

    private func unreadableValues(in rows: Rows) -> String? {
        let found = metrics.compactMap { metric -> String? in
            let count = rows.reduce(0) { $0 + (metric.isUnreadable(in: $1) ? 1 : 0) }
            return count == 0 ? nil : "\(count) values of \(metric.column) are no \(metric.expectation)"
        }
        return found.isEmpty ? nil : found.joined(separator: ", ")
    }

    private func repeatedLabels(in rows: Rows) -> String? {
        let different = Set(rows.map { row in labels.map { row[$0.column] ?? $0.fallback } })
        let repeated = rows.count - different.count
        return repeated == 0 ? nil : "\(repeated) rows have the same labels as another one"
    }
}

extension CustomQuery.Metric {
    /// The columns that the metric is read from.
    fileprivate var columns: [String] {
        content == .histogram ? ["", "_bucket", "_sum", "_count"].map { column + $0 } : [column]
    }

    fileprivate var expectation: String {
        switch content {
        case .number where descriptor.kind == .counter: "numbers from 0 up"
        case .number: "numbers"
        case .duration: "durations"
        case .histogram: "histograms"
        }
    }

    /// The cell has something in it that the metric's usage cannot be.
    fileprivate func isUnreadable(in row: Rows.Row) -> Bool {
        guard let text = row[column], text != "NaN" else { return false }
        guard let value = value(from: row) else { return true }
        if descriptor.kind == .counter, case .number(let number) = value { return number < 0 }
        return false
    }
}

// What comes of one statement, put together from the results that come in for it.

import Metrics

/// One statement's answer while its results come in: the last command's rows, or the first error.
struct StatementAnswer {
    private let limit: Int
    private let wanted: [String]?
    private var rows: Rows?
    /// The places of the columns that are kept.
    private var kept: [Int] = []
    /// Bytes of the rows that are kept.
    private var size = 0
    /// The most that one answer may hold. Answers that are meant to be read stay far below.
    static let mostBytes = 16 << 20
    private var failure: CollectorFailure?

    init(of statement: Statement) {
        limit = statement.rowLimit ?? .max
        wanted = statement.columns
    }

    mutating func fail(_ error: CollectorFailure) {
        failure = failure ?? error
    }

    /// Adds a result's rows to those of the same command, which may come in many results.
    ///
    /// - Parameter room: for all answers of the poll.
    mutating func take(_ result: borrowing QueryResult, ofNextCommand isNext: Bool, _ room: inout AnswerRoom) {
        if isNext { (rows, size) = (nil, 0) }
        var rows = self.rows.take() ?? newRows(result.columns)
        defer { self.rows = rows }
        let wanted = min(result.count, limit - rows.count)
        rows.dropped += max(0, result.count - wanted)
        for row in 0..<wanted {
            guard failure == nil, size <= Self.mostBytes else {
                rows = Rows(columns: [])
                return fail(CollectorFailure(.overflow, "the answer is longer than \(Self.mostBytes >> 20) MiB"))
            }
            // With what its cells take as texts.
            let bytes = kept.count * MemoryLayout<String?>.size + result.size(ofRow: row, kept)
            guard room.takes(cells: kept.count, bytes) else {
                rows = Rows(columns: [])
                return fail(CollectorFailure(.overflow, "there is no memory for the answer (--memory.limit)"))
            }
            size += bytes
            result.add(row: row, kept, to: &rows)
        }
    }

    private mutating func newRows(_ columns: [String]) -> Rows {
        kept = columns.indices.filter { wanted?.contains(columns[$0]) ?? true }
        return Rows(columns: kept.map { columns[$0] })
    }

    var outcome: Result<Rows, CollectorFailure> {
        if let failure { return .failure(failure) }
        guard let rows else { return .failure(CollectorFailure(.malformed, "the statement gave no result")) }
        return .success(rows)
    }
}

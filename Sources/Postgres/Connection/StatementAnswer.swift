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
        let known = rows?.count ?? 0
        if rows == nil {
            let columns = result.columns
            kept = columns.indices.filter { wanted?.contains(columns[$0]) ?? true }
            rows = Rows(columns: kept.map { columns[$0] })
        }
        for row in 0..<min(result.count, limit - known) {
            guard failure == nil, size <= Self.mostBytes else {
                rows = Rows(columns: [])
                return fail(CollectorFailure(.overflow, "the answer is longer than \(Self.mostBytes >> 20) MiB"))
            }
            let cells = result.cells(ofRow: row, kept)
            let bytes = cells.reduce(0) { $0 + MemoryLayout<String?>.size + ($1?.utf8.count ?? 0) }
            guard room.takes(cells: cells.count, bytes) else {
                rows = Rows(columns: [])
                return fail(CollectorFailure(.overflow, "there is no memory for the answer (--memory.limit)"))
            }
            size += bytes
            rows?.append(cells)
        }
        rows?.dropped += max(0, result.count - (limit - known))
    }

    var outcome: Result<Rows, CollectorFailure> {
        if let failure { return .failure(failure) }
        guard let rows else { return .failure(CollectorFailure(.malformed, "the statement gave no result")) }
        return .success(rows)
    }
}

// Errors by what had them and by their code. Codes come from functions too, so only known ones are told apart, and only
// so many.

/// Counts per type of statement and SQLSTATE.
struct ErrorRows: Sendable {
    struct Row: Hashable, Sendable {
        let type: StatementType
        /// Nil for `other`.
        let code: SQLState?
    }

    /// The most rows beside the `other` of each type.
    private static let mostRows = 128

    private(set) var counts: [Row: UInt64] = [:]

    mutating func record(_ type: StatementType, _ code: SQLState?) {
        let row = Row(type: type, code: code?.known)
        let isOther = counts[row] == nil && counts.count >= Self.mostRows
        counts[isOther ? Row(type: type, code: nil) : row, default: 0] &+= 1
    }
}

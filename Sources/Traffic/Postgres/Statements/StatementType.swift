// What a statement does, in the nine words that `database_queries_total` has too.

/// The type of a statement.
enum StatementType: UInt8, CaseIterable, Sendable {
    case select, insert, update, delete, merge, copy, fetch, transaction, other

    /// The value of `type`.
    var label: String {
        switch self {
        case .select: "select"
        case .insert: "insert"
        case .update: "update"
        case .delete: "delete"
        case .merge: "merge"
        case .copy: "copy"
        case .fetch: "fetch"
        case .transaction: "transaction"
        case .other: "other"
        }
    }

    /// Whether its tag tells how many rows there were.
    @inline(__always)
    var hasRows: Bool { rawValue <= Self.fetch.rawValue }
}

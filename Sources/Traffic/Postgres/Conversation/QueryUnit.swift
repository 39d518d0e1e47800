// What is remembered of a query until its answer has come: 24 bytes.

/// A statement under way, or the place of a ReadyForQuery between statements.
struct QueryUnit: BitwiseCopyable, Sendable {
    enum Kind: UInt8, Sendable {
        /// A statement of a Query message.
        case simple
        /// An Execute.
        case execute
        /// A FunctionCall.
        case function
        /// The end of a Query message or a FunctionCall, or a Sync: answered by ReadyForQuery.
        case ready
    }

    /// When the server could start on it, in nanoseconds since 1970.
    var stamp: UInt64
    let table: TableHandle
    /// The rows that an Execute asks for; 0 for all.
    let limit: UInt32
    /// By its text.
    let type: StatementType
    let kind: Kind

    init(
        _ kind: Kind, table: TableHandle = .none, type: StatementType = .other, limit: UInt32 = 0, at stamp: UInt64
    ) {
        self.stamp = stamp
        self.table = table
        self.limit = limit
        self.type = type
        self.kind = kind
    }

    @inline(__always)
    var isStatement: Bool { kind != .ready }
}

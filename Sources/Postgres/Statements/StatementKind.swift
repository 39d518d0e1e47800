// `database_queries_total` counts statements by what they do. What a statement does is told by its first keyword, the
// one thing of a text that is ever looked at here.

/// The values of `type` in `database_queries_total`.
enum StatementKind: String, Sendable, CaseIterable {
    case select, insert, update, delete, merge, copy, fetch, transaction, other

    /// The kind of a statement that begins with this keyword, in lower case; `other` for any that has no kind here, and
    /// for nil. What begins with WITH may do anything, and is `other`.
    init(keyword: String?) {
        switch keyword {
        case "values", "table": self = .select
        case "begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release": self = .transaction
        case let keyword?: self = Self(rawValue: keyword) ?? .other
        case nil: self = .other
        }
    }

    /// An SQL expression for the keyword that a statement begins with, after blanks, comments and opening brackets.
    static func keyword(of text: String) -> String {
        #"""
        pg_catalog.lower(pg_catalog.substring(pg_catalog.left(\#(text), 1024),
            '^(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*([A-Za-z]+)'))
        """#
    }
}

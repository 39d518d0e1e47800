// Each statement of ours is a transaction, and each transaction first makes itself safe: read-only, and looking for
// names in the server's own catalog. What is set here ends with the transaction, so nothing can leak through a pooler,
// and nothing that ran in the session before us matters.

/// How the transactions of one session begin.
struct TransactionOpening: Sendable, Equatable {
    /// The session has all that it asked for at its start. A pooler may accept that and drop it, and a login trigger
    /// may change it.
    let isInForce: Bool
    /// What each transaction sets for itself.
    private let settings: [SessionSetting]

    /// - Parameter rows: the answer to ``StartupOptions/query``; none where nothing is known of the session yet.
    init(_ options: StartupOptions, from rows: Rows = Rows(columns: [])) {
        let row = rows.first
        isInForce = row.map { row in options.asked.allSatisfy { $0.isRight(in: row) } } ?? false
        let isUsual = row.map { row in StartupOptions.needed.allSatisfy { $0.isRight(in: row) } } ?? false
        // What older servers do not know cannot be asked for at the start.
        let newer = StartupOptions.transactionTimeout
        let isLimited = row?[newer.name].map { $0 != newer.value } ?? false
        settings =
            [SessionSetting("transaction_read_only", "on")] + (isInForce && options.startsLimited ? [] : options.limits)
            + (isInForce && isUsual ? [] : StartupOptions.needed) + (isLimited ? [newer] : [])
    }

    /// The commands to send before a statement's own, in its transaction.
    func commands(before statement: Statement) -> [String] {
        // These come before the first SELECT, which might wait; by their nature they last as long as the transaction.
        let isolation =
            isInForce ? [] : ["SET transaction_isolation = 'read committed'", "SET transaction_deferrable = off"]
        let path: SessionSetting?
        switch statement.opening {
        case .none: return isolation.map(StatementMark.put)
        case .own: path = StartupOptions.searchPath
        case .users(let text): path = text.map { SessionSetting("search_path", $0) }
        }
        return (isolation + [Self.setting(settings + [path].compactMap { $0 })]).map(StatementMark.put)
    }

    /// One command for all of them. It names its only function with its schema, so it does not depend on a path.
    private static func setting(_ settings: [SessionSetting]) -> String {
        let calls = settings.map { "pg_catalog.set_config('\($0.name)', \(quoted($0.value)), true)" }
        return "SELECT \(calls.joined(separator: ", "))"
    }

    /// A text that means the same with `standard_conforming_strings` on and off.
    private static func quoted(_ text: String) -> String {
        let escaped = text.map { character in
            switch character {
            case "'": "''"
            case "\\": "\\\\"
            default: String(character)
            }
        }
        return "\(text.contains("\\") ? "E" : "")'\(escaped.joined())'"
    }
}

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
    private let isolation: [String]
    /// The command that sets all of that and our own path, as nearly every statement wants it.
    private let ownSetting: String

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
        // These come before the first SELECT, which might wait; by their nature they last as long as the transaction.
        isolation =
            isInForce
            ? []
            : ["SET transaction_isolation = 'read committed'", "SET transaction_deferrable = off"]
                .map(StatementMark.put)
        ownSetting = Self.command(for: settings + [StartupOptions.searchPath])
    }

    /// The commands to send before a statement's own, in its transaction.
    func commands(before statement: Statement) -> [String] {
        switch statement.opening {
        case .none: isolation
        case .own: isolation + [ownSetting]
        case .users(nil): isolation + [Self.command(for: settings)]
        case .users(let path?): isolation + [Self.command(for: settings + [SessionSetting("search_path", path)])]
        }
    }

    /// One command for all of them. It names its only function with its schema, so it does not depend on a path.
    private static func command(for settings: [SessionSetting]) -> String {
        let calls = settings.map { "pg_catalog.set_config('\($0.name)', \(quoted($0.value)), true)" }
        return StatementMark.put(in: "SELECT \(calls.joined(separator: ", "))")
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

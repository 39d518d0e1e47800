// Each statement of ours is a transaction, and each transaction first makes itself safe: read-only, and looking for
// names in the server's own catalog. What is set here ends with the transaction, so nothing can leak through a pooler,
// and nothing that ran in the session before us matters.

/// How the transactions of one session begin.
struct TransactionOpening: Sendable, Equatable {
    /// What the session should have.
    let options: StartupOptions
    /// The session has it; otherwise each transaction sets all of it for itself.
    let isInForce: Bool
    /// What older servers do not know; set for each transaction where the owner has set it to something.
    private let transactionTimeout: SessionSetting?

    /// - Parameter rows: the answer to ``StartupOptions/question``.
    init(_ options: StartupOptions, from rows: Rows) {
        self.options = options
        isInForce = options.areInForce(in: rows)
        let setting = StartupOptions.transactionTimeout
        let current = rows.first?[setting.name]
        transactionTimeout = current == nil || current == setting.value ? nil : setting
    }

    /// An opening for a session of which nothing is known yet.
    init(_ options: StartupOptions) {
        self.init(options, from: Rows(columns: []))
    }

    /// The commands to send before a statement's own, in its transaction.
    func commands(before statement: Statement) -> [String] {
        let readOnly = SessionSetting("transaction_read_only", "on")
        let path: SessionSetting?
        switch statement.opening {
        case .none: return []
        case .own: path = StartupOptions.searchPath
        case .users(let text): path = text.map { SessionSetting("search_path", $0) }
        }
        let newer = [transactionTimeout].compactMap { $0 }
        guard !isInForce else { return [Self.setting([readOnly] + newer + [path].compactMap { $0 })] }
        let others = options.lasting.filter { $0.name != StartupOptions.searchPath.name }
        // These two have to come before the first SELECT, and last as long as the transaction by their nature.
        return [
            "SET transaction_isolation = 'read committed'", "SET transaction_deferrable = off",
            Self.setting([readOnly] + others + newer + [path].compactMap { $0 }),
        ]
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

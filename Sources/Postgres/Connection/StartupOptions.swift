// The owner of a database may set nearly everything for the sessions of others there (`ALTER DATABASE … SET`): where
// names are looked up, how long a statement may run, how numbers are written. What we read is true, and none of the
// owner's code runs as us, only if these settings are ours; so this is the one list of them.

/// A setting that could be turned against us, and the value that we need.
struct SessionSetting: Sendable, Equatable {
    let name: String
    /// Written as the server shows it, so that the two can be compared.
    let value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// What a session of ours asks for as it starts, which is the only way that leaves no trace: a `SET` through a pooler
/// would stay on a connection that the application uses next.
///
/// What stands in a connection's start-up packet wins over what was set for the database or the role. Being read-only
/// is not part of it, because `target_session_attrs` would take us for a client of a standby; see
/// ``TransactionOpening``.
struct StartupOptions: Sendable, Equatable {
    /// The server ends a statement of ours after that time, whether we still wait or not.
    let statementTimeout: Duration
    /// No statement of ours queues for a lock longer, because others would queue behind it.
    let lockTimeout: Duration
    /// Where the user's own `options` let names be looked up, for statements of the user's own; nil without.
    let usersPath: String?

    /// - Parameters:
    ///   - timeout: how long a poll may take. A statement gets less, so that the server's own word on it arrives.
    ///   - wishes: the user's own `options`, whose limits count where they are tighter.
    init(timeout: Duration, wishes: OptionsText = OptionsText("")) {
        statementTimeout = min(timeout * 4 / 5, wishes.limit("statement_timeout") ?? timeout)
        lockTimeout = min(timeout / 5, .milliseconds(500), wishes.limit("lock_timeout") ?? timeout)
        usersPath = wishes.searchPath
    }

    /// Where names without a schema are looked up: nowhere that anybody but the server's administrator can write.
    static let searchPath = SessionSetting("search_path", "pg_catalog, pg_temp")

    /// What can be set at any time.
    var lasting: [SessionSetting] {
        [
            Self.searchPath,
            // Backslashes in our own texts, and how answers are written.
            SessionSetting("standard_conforming_strings", "on"),
            SessionSetting("DateStyle", "ISO, MDY"),
            SessionSetting("IntervalStyle", "postgres"),
            SessionSetting("extra_float_digits", "3"),
            SessionSetting("bytea_output", "hex"),
            SessionSetting("row_security", "on"),
            // What could end a statement or the session, or let it wait.
            SessionSetting("statement_timeout", statementTimeout.asSetting),
            SessionSetting("lock_timeout", lockTimeout.asSetting),
            SessionSetting("idle_in_transaction_session_timeout", statementTimeout.asSetting),
            SessionSetting("exit_on_error", "off"),
            SessionSetting("client_min_messages", "error"),
        ]
    }

    /// What can be set at the start only, or matters at the beginning of a transaction.
    var initial: [SessionSetting] {
        [
            // A serializable transaction fails on a standby, and a deferrable one waits for others.
            SessionSetting("default_transaction_isolation", "read committed"),
            SessionSetting("default_transaction_deferrable", "off"),
            SessionSetting("local_preload_libraries", ""),
        ]
    }

    /// The text for libpq's `options` keyword.
    var text: String {
        (lasting + initial).map { "-c \($0.name)=\(OptionsText.escaped($0.value))" }.joined(separator: " ")
    }
}

// MARK: Looking

extension StartupOptions {
    /// What older servers do not know, so that a session cannot start with it: Postgres 17's limit on transactions.
    static let transactionTimeout = SessionSetting("transaction_timeout", "0")

    /// Asks what the session has, and as whom it acts. Needs no setting itself: every function has its schema, and there
    /// is no operator and no table.
    var question: Statement {
        let names = (lasting + initial).map(\.name) + ["role"]
        let columns = names.map { "pg_catalog.current_setting('\($0)') AS \"\($0)\"" }
        let newer = "pg_catalog.current_setting('\(Self.transactionTimeout.name)', true)"
        return Statement(
            "SELECT \(columns.joined(separator: ", ")), \(newer) AS \(Self.transactionTimeout.name)", opening: .none)
    }

    /// Whether the session has all that was asked for. A pooler may accept options and drop them, and a login trigger
    /// may change them.
    func areInForce(in rows: Rows) -> Bool {
        guard let row = rows.first else { return false }
        return (lasting + initial).allSatisfy { row[$0.name] == $0.value }
    }
}

extension Duration {
    /// A time as Postgres shows it in a setting: a whole number of the largest unit that fits, `4s` for 4000 ms.
    fileprivate var asSetting: String {
        let milliseconds = Swift.max(1, milliseconds)
        let units: [(Int64, String)] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s"), (1, "ms")]
        let unit = units.first { milliseconds % $0.0 == 0 } ?? (1, "ms")
        return "\(milliseconds / unit.0)\(unit.1)"
    }
}

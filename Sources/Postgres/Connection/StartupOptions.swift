// The owner of a database may set nearly everything for the sessions of others there (`ALTER DATABASE … SET`). That
// goes for where names are looked up, how long a statement may run, how numbers are written. What we read is true, and
// none of the owner's code runs as us, only if these settings are ours; so this is the one list of them.

/// A setting that could be turned against us, and the value that we need.
struct SessionSetting: Sendable, Equatable {
    let name: String
    /// Written as the server shows it, so that the two can be compared.
    let value: String
    /// Other values that are as good.
    var alternatives: [String] = []

    init(_ name: String, _ value: String, or alternatives: [String] = []) {
        self.name = name
        self.value = value
        self.alternatives = alternatives
    }

    /// Whether a session has what we need, by what it was asked with ``StartupOptions/query``.
    func isRight(in row: Rows.Row) -> Bool {
        guard let current = row[name] else { return false }
        return current == value || alternatives.contains(current)
    }
}

/// What a session of ours asks for as it starts, which is the only way that leaves no trace. A `SET` through a pooler
/// would stay on a connection that the application uses next.
///
/// What stands in a connection's start-up packet wins over what was set for the database or the role. Being read-only
/// is not part of it, because `target_session_attrs` would take us for a client of a standby. The limits on time are
/// not either, because they would hide the server's own from `pg_settings`; see ``TransactionOpening``.
struct StartupOptions: Sendable, Equatable {
    /// The server ends a statement of ours after that time, whether we still wait or not.
    let statementTimeout: Duration
    /// No statement of ours queues for a lock longer, because others would queue behind it.
    let lockTimeout: Duration
    /// Where the user's own `options` let names be looked up, for statements of the user's own; nil without.
    let usersPath: String?
    /// The limits are asked for at the start as well. A session needs that whose own `statement_timeout` ends the very
    /// command that would set another one; see ``leavesNoTime(in:)``.
    var startsLimited = false

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

    /// How long our statements may run and wait.
    var limits: [SessionSetting] {
        [
            SessionSetting("statement_timeout", statementTimeout.asSetting),
            SessionSetting("lock_timeout", lockTimeout.asSetting),
            SessionSetting("idle_in_transaction_session_timeout", statementTimeout.asSetting),
        ]
    }

    /// Everything that is asked for at the start.
    var asked: [SessionSetting] {
        [Self.searchPath] + (startsLimited ? limits : []) + [
            // A serializable transaction fails on a standby, and a deferrable one waits for others.
            SessionSetting("default_transaction_isolation", "read committed"),
            SessionSetting("local_preload_libraries", ""),
        ]
    }

    /// What is usually right, and is set for each transaction where it is not. That is how our own texts are read, how
    /// answers are written, and whether the session outlives an error. Asked for at the start, it would hide the
    /// server's own settings from `pg_settings`.
    static let needed = [
        SessionSetting("standard_conforming_strings", "on"),
        SessionSetting("DateStyle", "ISO, MDY", or: ["ISO, DMY", "ISO, YMD"]),
        SessionSetting("IntervalStyle", "postgres"),
        SessionSetting("extra_float_digits", "3", or: ["1", "2"]),
        SessionSetting("bytea_output", "hex"),
        SessionSetting("exit_on_error", "off"),
    ]

    /// The text for libpq's `options` keyword.
    var text: String {
        asked.map { "-c \($0.name)=\(OptionsText.escaped($0.value))" }.joined(separator: " ")
    }
}

// MARK: Looking

extension StartupOptions {
    /// What older servers do not know, so that a session cannot start with it: Postgres 17's limit on transactions.
    static let transactionTimeout = SessionSetting("transaction_timeout", "0")

    /// Asks what a session has, and as whom it acts. Needs no setting itself: every function has its schema, and
    /// there is no operator and no table.
    static let query = {
        let options = StartupOptions(timeout: .zero)
        let names = (options.asked + options.limits + needed).map(\.name) + ["role"]
        let columns = names.map { "pg_catalog.current_setting('\($0)') AS \"\($0)\"" }
        let newer = "pg_catalog.current_setting('\(transactionTimeout.name)', true)"
        return Statement(
            "SELECT \(columns.joined(separator: ", ")), \(newer) AS \(transactionTimeout.name)", opening: .none)
    }()
}

extension StartupOptions {
    /// Whether the session's own `statement_timeout`, which somebody may have set for the role or the database, is so
    /// short that it may end the command that sets ours. A tenth of a second is ample for one that reads nothing.
    func leavesNoTime(in rows: Rows) -> Bool {
        let own = rows.first?["statement_timeout"].flatMap(OptionsText.duration)
        return own.map { $0 < min(statementTimeout, .milliseconds(100)) } ?? false
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

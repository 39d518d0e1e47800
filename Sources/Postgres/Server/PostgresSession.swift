// Who we are talking to and what it lets us see, asked at the start of a connection and again with each poll: a server
// may be promoted, an extension installed, a privilege granted while we are connected.
import Metrics

/// The facts about a server and our session that decide what can be asked.
struct PostgresSession: Sendable, Equatable {
    /// `server_version_num`, such as 150020.
    let version: Int
    /// The whole text of `version()`.
    let versionText: String
    let user: String
    let isReplica: Bool
    /// Our role may see other roles' sessions and statements: it is a superuser or in `pg_read_all_stats`.
    let readsAllStatistics: Bool
    /// Our role may call `pg_ls_waldir()`, as members of `pg_monitor` may.
    let listsWAL: Bool
    /// The start-up options are in force; a pooler drops or refuses them.
    let hasOwnLimits: Bool
    let startTime: Double?
    let connections: Connections
    let statements: StatementsExtension?

    /// How many connections the server takes.
    struct Connections: Sendable, Equatable {
        let maximum: Int
        /// `superuser_reserved_connections`, and from Postgres 16 `reserved_connections` with it.
        let reserved: Int

        /// What ordinary roles can have.
        var usable: Int { max(0, maximum - reserved) }

        /// No server has more than a quarter of a million; a number far beyond that is cut off.
        init(maximum: Int, reserved: [Int]) {
            func plausible(_ number: Int) -> Int { min(max(0, number), 1 << 31) }
            self.maximum = plausible(maximum)
            self.reserved = reserved.map(plausible).reduce(0, +)
        }
    }

    /// `pg_stat_statements`, which may be of an older release than the server, and in any schema.
    struct StatementsExtension: Sendable, Equatable {
        /// Quoted as SQL needs it.
        let schema: String
        /// The part behind the dot of its release, all of which are 1.x.
        let minorVersion: Int
    }

    /// Whether the server has at least that major release.
    func isAtLeast(_ major: Int) -> Bool { version >= major * 10000 }

    /// What an ordinary role is told to do about it.
    func denied(_ subject: String) -> PostgresQuestion {
        let role = user.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        return .denied(
            CollectorFailure(.denied, "\(subject) is hidden from role \(user); run: GRANT pg_monitor TO \"\(role)\""))
    }
}

// MARK: Decoding

extension PostgresSession {
    /// Reads no table. Cheap: functions and two rows of `pg_extension`.
    ///
    /// `statement_timeout` is compared with what was asked for, because a pooler may accept options and drop them.
    static let statement = Statement(
        """
        SELECT version(), current_setting('server_version_num') AS version_number, current_user AS role,
            pg_is_in_recovery() AS is_replica,
            extract(epoch FROM pg_postmaster_start_time()) AS start_time,
            pg_has_role('pg_read_all_stats', 'USAGE') AS reads_all_statistics,
            has_function_privilege('pg_ls_waldir()', 'EXECUTE') AS lists_wal,
            extract(epoch FROM current_setting('statement_timeout')::interval) * 1000 AS statement_timeout,
            current_setting('max_connections') AS maximum,
            current_setting('superuser_reserved_connections') AS reserved_for_superusers,
            current_setting('reserved_connections', true) AS reserved_for_roles,
            (SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
                WHERE extname = 'pg_stat_statements') AS statements_schema,
            (SELECT extversion FROM pg_extension WHERE extname = 'pg_stat_statements') AS statements_version
        """)

    /// - Parameter options: what the session asked for at its start, or nil where it could not ask.
    init(from rows: Rows, options: StartupOptions?) throws(CollectorFailure) {
        guard let row = rows.first, let version = row.integer("version_number") else {
            throw CollectorFailure(.malformed, "the server does not tell its version; is this Postgres 10 or newer?")
        }
        self.version = version
        versionText = row.label("version")
        user = row.label("role")
        isReplica = row.flag("is_replica") ?? false
        readsAllStatistics = row.flag("reads_all_statistics") ?? false
        listsWAL = row.flag("lists_wal") ?? false
        let asked = options.map { Double($0.statementTimeout.milliseconds) }
        hasOwnLimits = asked != nil && row.number("statement_timeout") == asked
        startTime = row.number("start_time")
        connections = Connections(
            maximum: row.integer("maximum") ?? 0,
            reserved: ["reserved_for_superusers", "reserved_for_roles"].compactMap(row.integer))
        statements = row["statements_schema"].map { schema in
            let minor = row.label("statements_version").split(separator: ".").dropFirst().first.flatMap { Int($0) }
            return StatementsExtension(schema: schema, minorVersion: minor ?? 0)
        }
    }

    /// The release as postgres_exporter shows it: `15.20.0`.
    var shortVersion: String { "\(version / 10000).\(version % 10000).0" }
}

// MARK: Families

extension PostgresSession {
    static let name = "postgres_session"

    static let information = Descriptor(
        .gauge, "pg_static", labels: ["short_version", "version"],
        help: "Always 1; the labels are the server's release and its version().")
    static let started = Descriptor(
        .gauge, "pg_postmaster_start_time_seconds",
        help: "When the server started, in seconds since 1970 (pg_postmaster_start_time).")
    static let connectionsUsable = Descriptor(
        .gauge, "pg_connections_usable",
        help: "Connections that ordinary roles can have: max_connections less superuser_reserved_connections and, from "
            + "Postgres 16, reserved_connections.")
    static let privilegeMissing = Descriptor(
        .gauge, "sidelong_postgres_privilege_missing", labels: ["privilege"],
        help: "1 when Sidelong's role lacks the privilege and families are absent for it; GRANT mends it.")
    static let pooled = Descriptor(
        .gauge, "sidelong_postgres_pooled",
        help: "1 when the connection leads through a pooler, where no time limits can be set on the server's side.")

    static let descriptors = [information, started, connectionsUsable, privilegeMissing, pooled]

    var samples: Samples {
        var samples = Samples()
        samples.add(Self.information, 1, shortVersion, versionText)
        samples.add(Self.started, ifKnown: startTime)
        samples.add(Self.connectionsUsable, Double(connections.usable))
        samples.add(Self.privilegeMissing, readsAllStatistics && listsWAL ? 0 : 1, "pg_monitor")
        samples.add(Self.pooled, hasOwnLimits ? 0 : 1)
        return samples
    }

    /// What is wrong with the session, as far as it works.
    var setback: Collected.Setback? {
        guard !hasOwnLimits else { return nil }
        return Collected.Setback(
            part: Self.name,
            failure: CollectorFailure(
                .unsupported,
                "connected through a pooler, where statement_timeout and lock_timeout cannot be set; "
                    + "give an address that leads to Postgres itself"))
    }
}

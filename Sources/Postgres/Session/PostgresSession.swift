// The server that answers and what it lets us see, asked at the start of a connection and again with each poll. A
// server may be promoted, an extension installed, a privilege granted while we are connected.
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
    /// There is a `pg_stat_statements` whose functions somebody has replaced.
    let hasForgedStatements: Bool
    /// Our role may do more than look: it is a superuser, or may run programs or write files of the server.
    let isMighty: Bool
    /// Where the statements of the queries file look for their tables; nil where that is the session's own path.
    let usersPath: String?

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
    func denied(_ subject: String) -> PostgresQuery {
        let role = user.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        return .denied(
            CollectorFailure(.denied, "\(subject) is hidden from role \(user); run: GRANT pg_monitor TO \"\(role)\""))
    }
}

// MARK: Decoding

extension PostgresSession {
    /// Reads no table. Cheap: functions and a few rows of catalogs that the server has in memory.
    ///
    /// Of an extension nothing is taken on trust. Its schema may belong to somebody else, and so may its functions,
    /// which their owner could replace, but not by others in C.
    static let statement = Statement(
        """
        SELECT pg_catalog.version(), pg_catalog.current_setting('server_version_num') AS version_number,
            current_user AS role, pg_catalog.pg_is_in_recovery() AS is_replica,
            extract(epoch FROM pg_catalog.pg_postmaster_start_time()) AS start_time,
            pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') AS reads_all_statistics,
            pg_catalog.has_function_privilege('pg_catalog.pg_ls_waldir()', 'EXECUTE') AS lists_wal,
            EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = current_user AND r.rolsuper
                OR r.rolname IN ('pg_execute_server_program', 'pg_write_server_files', 'rds_superuser')
                AND pg_catalog.pg_has_role(r.oid, 'USAGE')) AS is_mighty,
            (SELECT pg_catalog.substr(s.setting, 13) FROM pg_catalog.pg_db_role_setting AS o,
                pg_catalog.unnest(o.setconfig) AS s (setting)
                WHERE pg_catalog.left(s.setting, 12) = 'search_path='
                AND o.setdatabase IN (0, (SELECT d.oid FROM pg_catalog.pg_database AS d
                    WHERE d.datname = pg_catalog.current_database()))
                AND o.setrole IN (0, (SELECT r.oid FROM pg_catalog.pg_roles AS r WHERE r.rolname = session_user))
                ORDER BY o.setrole = 0, o.setdatabase = 0 LIMIT 1) AS search_path,
            extract(epoch FROM pg_catalog.current_setting('statement_timeout')::pg_catalog.interval) * 1000
                AS statement_timeout,
            pg_catalog.current_setting('max_connections') AS maximum,
            pg_catalog.current_setting('superuser_reserved_connections') AS reserved_for_superusers,
            pg_catalog.current_setting('reserved_connections', true) AS reserved_for_roles,
            e.schema AS statements_schema, e.extversion AS statements_version, e.is_genuine AS statements_genuine
        FROM (SELECT) AS always LEFT JOIN (
            SELECT e.extversion, pg_catalog.quote_ident(n.nspname) AS schema,
                (SELECT pg_catalog.bool_and(l.lanname = 'c' AND d.refobjid IS NOT NULL)
                FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
                LEFT JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                    AND d.objid = p.oid AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
                    AND d.refobjid = e.oid AND d.deptype = 'e'
                WHERE p.proname = 'pg_stat_statements' AND p.pronamespace = e.extnamespace
                    AND pg_catalog.oidvectortypes(p.proargtypes) = 'boolean') AS is_genuine
            FROM pg_catalog.pg_extension AS e JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace
            WHERE e.extname = 'pg_stat_statements') AS e ON true
        """)

    /// Where names are looked up in a session that has no `search_path` of their own, as Postgres is delivered.
    private static let defaultPath = "\"$user\", public"

    /// - Parameters:
    ///   - options: what the session asked for at its start and has; nil where it has something else.
    ///   - path: the `search_path` that the user's own `options` ask for.
    init(from rows: Rows, options: StartupOptions?, path: String? = nil) throws(CollectorFailure) {
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
        let isGenuine = row.flag("statements_genuine") ?? true
        hasForgedStatements = row["statements_schema"] != nil && !isGenuine
        isMighty = row.flag("is_mighty") ?? false
        usersPath = path ?? (hasOwnLimits ? row["search_path"] ?? Self.defaultPath : nil)
        statements = (isGenuine ? row["statements_schema"] : nil).map { schema in
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
        help:
            "1 when the session does not have the settings that it asked for, as behind a pooler, where answers may come "
            + "from several servers.")

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
    var partFailure: Collected.PartFailure? {
        if hasForgedStatements {
            return Collected.PartFailure(
                part: Self.name,
                failure: CollectorFailure(
                    .denied,
                    "functions of pg_stat_statements have been replaced by others, which are not called; "
                        + "drop the extension and create it again as a superuser"))
        }
        guard !hasOwnLimits else { return nil }
        return Collected.PartFailure(
            part: Self.name,
            failure: CollectorFailure(
                .unsupported,
                "connected through a pooler, or past a login trigger, that changes what a session of ours asks for: "
                    + "answers may come from several servers; give an address that leads to Postgres itself"))
    }

    /// What works and should not be so.
    var remark: Collected.Remark? {
        guard isMighty else { return nil }
        return Collected.Remark(
            "role",
            "role \(user) may do far more than look: it is a superuser, or may write files or run programs on the "
                + "server; use a role of its own that is in pg_monitor only, see docs/security.md", isTrouble: false)
    }
}

// What stands in DATABASE_URL was written for the framework of the application: with its driver in the scheme, its
// parameters behind the question mark. It may even be meant for another database. libpq refuses what it does not know,
// so it is taken out here; whatever could make a connection less safe is not.

/// A connection URL made ready for libpq.
struct ConnectionURL: Sendable, Equatable {
    /// What libpq reads: the text itself where it is no URL.
    let text: String
    /// Names of the parameters that were taken out. Never their values.
    let ignored: [String]

    /// Schemes of Postgres; a driver behind a plus sign does not matter.
    private static let schemes: Set<String> = ["postgres", "postgresql", "psql", "pgsql", "postgis"]

    /// Parameters of ORMs, poolers and drivers that mean nothing to a server.
    private static let foreign: Set<String> = [
        // Prisma
        "schema", "connection_limit", "pool_timeout", "socket_timeout", "pgbouncer", "statement_cache_size",
        "sslaccept", "sslidentity",
        // Rails, Django, Ecto, Doctrine
        "pool", "pool_size", "prepared_statements", "encoding", "schema_search_path", "reaping_frequency",
        "checkout_timeout", "idle_timeout", "statement_limit", "adapter", "timeout", "conn_max_age",
        "conn_health_checks", "disable_server_side_cursors", "charset", "serverVersion",
        // SQLAlchemy and asyncpg
        "max_overflow", "pool_recycle", "pool_pre_ping", "server_settings", "prepared_statement_cache_size",
        "prepared_statement_name_func", "command_timeout", "async_fallback",
        // pgx, lib/pq, node-postgres
        "pool_max_conns", "pool_min_conns", "pool_max_conn_lifetime", "pool_max_conn_idle_time",
        "pool_health_check_period", "default_query_exec_mode", "statement_cache_capacity",
        "description_cache_capacity", "binary_parameters", "search_path", "timezone", "uselibpqcompat",
        // JDBC
        "currentSchema", "ApplicationName", "prepareThreshold", "reWriteBatchedInserts", "stringtype", "loginTimeout",
        "connectTimeout", "socketTimeout", "tcpKeepAlive",
    ]

    /// - Parameters:
    ///   - keywords: what libpq knows.
    ///   - isLenient: whether unknown parameters are taken out as well, as from an environment that was made
    ///     for another program; otherwise they are an error.
    init(_ text: String, keywords: Set<String>, isLenient: Bool) throws(ConnectionStringError) {
        let plain = Self.withoutPrefix(text)
        if let scheme = Self.otherScheme(of: text) { throw ConnectionStringError(otherDatabase: scheme) }
        guard let scheme = Self.scheme(of: plain) else {
            self.text = text
            ignored = []
            return
        }
        let rest = plain.dropFirst(scheme.count + "://".count)
        // A question mark in a password comes before the @.
        let authority = rest.firstIndex { $0 == "@" || $0 == "/" }.map { rest[$0] == "@" ? $0 : rest.startIndex }
        let questionMark = rest[(authority ?? rest.startIndex)...].firstIndex(of: "?")
        var query = URLQuery(keywords: keywords, foreign: Self.foreign, isLenient: isLenient)
        if let questionMark { try query.read(rest[rest.index(after: questionMark)...]) }
        let parameters = query.kept.isEmpty ? "" : "?\(query.kept.joined(separator: "&"))"
        self.text = "postgresql://\(rest[..<(questionMark ?? rest.endIndex)])\(parameters)"
        ignored = query.ignored
    }

    /// Whether the text is a URL, of whatever database.
    static func isURL(_ text: String) -> Bool { scheme(of: withoutPrefix(text)) != nil }

    /// The scheme of a URL that is none of Postgres; nil for all else.
    static func otherScheme(of text: String) -> String? {
        let plain = withoutPrefix(text)
        guard let scheme = scheme(of: plain) else { return nil }
        let family = scheme.split(separator: "+").first.map { $0.lowercased() } ?? ""
        return schemes.contains(family) && plain.dropFirst(scheme.count).hasPrefix("://") ? nil : scheme
    }

    /// JDBC has a word of its own before the URL.
    private static func withoutPrefix(_ text: String) -> String {
        text.hasPrefix("jdbc:") ? String(text.dropFirst("jdbc:".count)) : text
    }

    /// The scheme of a URL, which no keyword of libpq looks like; nil for a text that is none.
    private static func scheme(of text: String) -> String? {
        let scheme = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+.-".contains($0)) }
        guard let first = scheme.first, first.isLetter, scheme.count <= 40 else { return nil }
        let rest = text.dropFirst(scheme.count)
        let isFile = ["file", "sqlite", "sqlite3"].contains(scheme.lowercased()) && rest.hasPrefix(":")
        return rest.hasPrefix("://") || isFile ? String(scheme) : nil
    }
}

/// The parameters behind a URL's question mark while they are read.
private struct URLQuery {
    let keywords: Set<String>
    let foreign: Set<String>
    let isLenient: Bool
    private(set) var kept: [String] = []
    private(set) var ignored: [String] = []
    /// What stands behind a password may be a part of it, and is not named.
    private var isBehindPassword = false

    init(keywords: Set<String>, foreign: Set<String>, isLenient: Bool) {
        self.keywords = keywords
        self.foreign = foreign
        self.isLenient = isLenient
    }

    mutating func read(_ text: Substring) throws(ConnectionStringError) {
        for parameter in text.split(separator: "&") { try read(parameter: parameter) }
    }

    private mutating func read(parameter: Substring) throws(ConnectionStringError) {
        let name = String(parameter.prefix { $0 != "=" })
        let value = parameter.dropFirst(name.count + 1)
        if name == "ssl" || name == "sslmode" {
            guard let mode = Self.mode(value, of: name) else {
                throw ConnectionStringError("the value of \(name) is none that libpq has")
            }
            kept.append("sslmode=\(mode)")
        } else if keywords.contains(name) || name.contains("%") {
            if name == "password" || name == "sslpassword" { isBehindPassword = true }
            kept.append(String(parameter))
        } else if foreign.contains(name) {
            ignored.append(name)
        } else if !isLenient || Self.makesSafer(name) {
            throw ConnectionStringError("\(shown(name)) is no parameter of libpq's")
        } else {
            ignored.append(shown(name))
        }
    }

    /// What must not be left out silently: it may be there to keep others out.
    private static func makesSafer(_ name: String) -> Bool {
        let word = name.lowercased()
        return ["ssl", "gss", "require", "krb", "channel"].contains { word.hasPrefix($0) }
    }

    /// libpq's word for what drivers call `ssl`.
    private static func mode(_ value: Substring, of name: String) -> String? {
        switch value {
        case "disable", "allow", "prefer", "require", "verify-ca", "verify-full": String(value)
        case "no-verify": "require"
        case "true" where name == "ssl", "1" where name == "ssl": "require"
        case "false" where name == "ssl", "0" where name == "ssl": "disable"
        default: nil
        }
    }

    private func shown(_ name: String) -> String {
        let isName =
            name.utf8.count <= 40 && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        return isName && !name.isEmpty && !isBehindPassword ? name : "a parameter"
    }
}

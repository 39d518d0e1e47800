// How a Postgres or a PgBouncer is reached, and how long each of its hosts may take to answer.
import Metrics
public import System

/// A target's address and credentials.
public struct PostgresAccess: Sendable {
    public var address: ConnectionString
    /// Read anew for each connection, and once more when the password in it was refused. It wins over a password in the
    /// connection string; without either, libpq looks into `PGPASSWORD` and `~/.pgpass`.
    public var passwordFile: String?
    /// How long connecting to one host's address may take, name resolution excepted. A smaller `connect_timeout` in the
    /// address wins. Where several are to be tried, each has its share of what is left of a poll, if that is less.
    public var connectTimeout: Duration
    /// What answers may take, of all targets together.
    public var memory = MemoryBudget()
    /// Is told of the program's own connections; nil where they do not matter.
    public var watch: ConnectionWatch?

    /// - Parameter passwordFile: where the address has none of its own.
    public init(_ address: ConnectionString, passwordFile: String? = nil, connectTimeout: Duration = .seconds(2)) {
        self.address = address
        self.passwordFile = address.passwordFile ?? passwordFile
        self.connectTimeout = connectTimeout
    }

    /// Connects to the first host that will do, and once more where the password was refused and its file has changed
    /// meanwhile.
    func connect(
        _ mode: PostgresConnection.QueryMode, options: StartupOptions? = nil, defaultDatabase: String? = nil,
        before deadline: Deadline
    ) throws(ConnectFailure) -> PostgresConnection {
        let password = try password()
        do throws(ConnectFailure) {
            return try open(parameters(password, options, defaultDatabase), mode, before: deadline)
        } catch {
            guard error.failure.reason == .auth, let newer = try self.password(), newer != password else { throw error }
            return try open(parameters(newer, options, defaultDatabase), mode, before: deadline)
        }
    }

    /// libpq's keywords for one connection. What the address says wins over our defaults, but for the encoding, without
    /// which no text could be read, and for what our statements depend on.
    func parameters(
        _ password: String?, _ options: StartupOptions?, _ defaultDatabase: String?
    ) -> [String: String] {
        var parameters = [
            "fallback_application_name": "sidelong",
            // Kerberos costs a library and a round trip at every connect.
            "gssencmode": "disable",
        ]
        parameters["dbname"] = defaultDatabase
        parameters.merge(address.parameters) { $1 }
        parameters["client_encoding"] = "UTF8"
        if let password { parameters["password"] = password }
        let texts = [address.options.text, options?.text ?? ""].filter { !$0.isEmpty }
        if !texts.isEmpty { parameters["options"] = texts.joined(separator: " ") }
        return parameters
    }

    private func password() throws(ConnectFailure) -> String? {
        guard let passwordFile else { return nil }
        do {
            let password = try SmallFile.password(passwordFile)
            // postgres_exporter, whose variable names this file, takes white space off.
            return address.passwordFile == nil ? password : password.trimmed
        } catch {
            throw ConnectFailure(.unreadable, error.description)
        }
    }
}

// MARK: One host after the other

extension PostgresAccess {
    /// Tries each address of each host, as libpq does: a host that is silent, refuses or is of the wrong kind leads to
    /// the next one. One that does not let us in ends it.
    private func open(
        _ parameters: [String: String], _ mode: PostgresConnection.QueryMode, before deadline: Deadline
    ) throws(ConnectFailure) -> PostgresConnection {
        let list = HostList(address.place)
        var attempts = list.attempts(HostAddresses.all)
        if address.place["load_balance_hosts"] == "random" { attempts.shuffle() }
        var left = attempts.count * list.rounds.count
        var failure = ConnectFailure(.connect, "no host to connect to")
        for round in list.rounds {
            for attempt in attempts {
                var place = parameters.merging(attempt.parameters) { $1 }
                place["target_session_attrs"] = round
                let share = deadline.orAfter(min(limit, deadline.remaining / left))
                left -= 1
                do throws(ConnectFailure) {
                    return try PostgresConnection.open(place, mode, memory, watch: watch, before: share)
                } catch {
                    failure = error
                    guard error.leadsToNextHost else { throw error }
                }
            }
        }
        throw failure
    }

    /// How long one address may take.
    private var limit: Duration {
        guard let seconds = address.place["connect_timeout"].flatMap({ Int($0) }), seconds > 0 else {
            return connectTimeout
        }
        return min(connectTimeout, .seconds(seconds))
    }
}

extension String {
    /// The text without white space at either end.
    fileprivate var trimmed: String {
        let tail = drop(while: \.isWhitespace)
        return String(tail.prefix(tail.count - tail.reversed().prefix(while: \.isWhitespace).count))
    }
}

// How a Postgres or a PgBouncer is reached, and what every connection of ours asks for at its start.
import Metrics
import System

/// A target's address and credentials.
public struct PostgresAccess: Sendable {
    public var address: ConnectionString
    /// Read anew for each connection, and once more when the password in it was refused. It wins over a password in the
    /// connection string; without either, libpq looks into `PGPASSWORD` and `~/.pgpass`.
    public var passwordFile: String?
    /// How long connecting may take, all hosts of the address together and name resolution excepted. A smaller
    /// `connect_timeout` in the address wins.
    public var connectTimeout: Duration

    public init(_ address: ConnectionString, passwordFile: String? = nil, connectTimeout: Duration = .seconds(2)) {
        self.address = address
        self.passwordFile = passwordFile
        self.connectTimeout = connectTimeout
    }

    /// Connects once, or twice where the password was refused and its file has changed meanwhile.
    func connect(
        _ conversation: PostgresConnection.Conversation, options: StartupOptions? = nil, defaultDatabase: String? = nil,
        before deadline: Deadline
    ) throws(ConnectFailure) -> PostgresConnection {
        let limit = deadline.orAfter(min(connectTimeout, addressTimeout ?? connectTimeout))
        let password = try password()
        do throws(ConnectFailure) {
            let parameters = parameters(password, options, defaultDatabase)
            return try PostgresConnection.open(parameters, conversation, before: limit)
        } catch {
            guard error.failure.reason == .auth, let newer = try self.password(), newer != password else { throw error }
            let parameters = parameters(newer, options, defaultDatabase)
            return try PostgresConnection.open(parameters, conversation, before: limit)
        }
    }

    /// libpq's keywords for one connection. What the address says wins over our defaults.
    func parameters(
        _ password: String?, _ options: StartupOptions?, _ defaultDatabase: String?
    ) -> [String: String] {
        var parameters = [
            "fallback_application_name": "sidelong",
            "client_encoding": "UTF8",
            // Kerberos costs a library and a round trip at every connect.
            "gssencmode": "disable",
        ]
        parameters["dbname"] = defaultDatabase
        parameters.merge(address.parameters) { $1 }
        if let password { parameters["password"] = password }
        if let options { parameters["options"] = [options.text, address.parameters["options"]].joined }
        return parameters
    }

    private func password() throws(ConnectFailure) -> String? {
        guard let passwordFile else { return nil }
        do {
            return try SmallFile.password(passwordFile)
        } catch {
            throw ConnectFailure(.unreadable, error.description)
        }
    }

    private var addressTimeout: Duration? {
        guard let seconds = address.parameters["connect_timeout"].flatMap({ Int($0) }), seconds > 0 else { return nil }
        return .seconds(seconds)
    }
}

/// The limits that a session of ours sets on itself as it starts, which is the only way that leaves no trace: a `SET`
/// through a pooler would stay on a connection that the application uses next.
struct StartupOptions: Equatable {
    /// The server ends a statement of ours after that time, whether we still wait or not.
    let statementTimeout: Duration
    /// No statement of ours queues for a lock longer, because others would queue behind it.
    let lockTimeout: Duration

    /// - Parameter timeout: how long a poll may take. A statement gets less, so that the server's own word on it
    ///   arrives.
    init(timeout: Duration) {
        statementTimeout = timeout * 4 / 5
        lockTimeout = min(timeout / 5, .milliseconds(500))
    }

    /// The text for libpq's `options` keyword.
    var text: String {
        [
            "-c statement_timeout=\(statementTimeout.milliseconds)",
            "-c lock_timeout=\(lockTimeout.milliseconds)",
            "-c idle_in_transaction_session_timeout=\(statementTimeout.milliseconds)",
            "-c default_transaction_read_only=on",
        ].joined(separator: " ")
    }
}

extension [String?] {
    /// The texts that are there, with a space between.
    fileprivate var joined: String { compactMap { $0 }.joined(separator: " ") }
}

import Foundation
import Glibc
import Synchronization

/// A folder with the programs of one Postgres or PgBouncer release.
public struct DatabaseRelease: Sendable, CustomStringConvertible {
    public let name: String
    public let folder: String

    public var description: String { name }

    /// What the distribution installs, and what newer releases of it have.
    public static let postgres = DatabaseRelease(name: "Postgres 15", folder: "/usr/lib/postgresql/15/bin")
    public static let postgresOfTrixie = DatabaseRelease(name: "Postgres of trixie", folder: tools("postgres-trixie"))
    public static let postgresOfSid = DatabaseRelease(name: "Postgres of sid", folder: tools("postgres-sid"))
    public static let pgBouncer = DatabaseRelease(name: "PgBouncer 1.18", folder: "/usr/sbin")
    public static let pgBouncerOfTrixie = DatabaseRelease(
        name: "PgBouncer of trixie", folder: tools("pgbouncer-trixie"))
    public static let pgBouncerOfSid = DatabaseRelease(name: "PgBouncer of sid", folder: tools("pgbouncer-sid"))
    /// The newest exporters that Debian has.
    public static let peers = DatabaseRelease(name: "exporters", folder: tools("peers-sid"))

    public func path(_ program: String) -> String { "\(folder)/\(program)" }

    /// Where `Tests/tools/newer-databases` unpacks newer releases.
    private static func tools(_ name: String) -> String {
        Project.root.appending(path: ".build/tools/\(name)/bin").path
    }
}

/// Starts a program as the user `postgres` where the tests run as root, which neither server accepts.
///
/// Processes inherit the blocked signals of the thread that starts them, and threads of tests block most: env mends
/// that.
func startAsPostgres(
    _ program: String, _ arguments: [String], in folder: TemporaryFolder
) throws -> ServerProcess {
    guard unsafe access(program, X_OK) == 0 else {
        throw NeverHappened(description: "\(program) is missing; run Tests/tools/newer-databases")
    }
    let asPostgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
    let user = geteuid() == 0 ? asPostgres : []
    return try ServerProcess("env", ["--default-signal"] + user + [program] + arguments, in: folder)
}

/// Gives a folder to the user `postgres` where the tests run as root.
func giveToPostgres(_ folder: TemporaryFolder) throws {
    guard geteuid() == 0 else { return }
    try FileManager.default.setAttributes([.ownerAccountName: "postgres"], ofItemAtPath: folder.url.path)
}

/// A Postgres server of a test's own, on 127.0.0.1 and without any care for its data.
///
/// The role `postgres` and all others log in without a password, but for members of the role `needs_password`.
public final class PostgresServer: Sendable {
    public let port: Int
    private let release: DatabaseRelease
    private let folder: TemporaryFolder
    private let settings: [String]
    private let process: Mutex<ServerProcess?> = Mutex(nil)

    /// Creates a cluster and starts it.
    ///
    /// - Parameters:
    ///   - settings: on top of defaults that are small and fast.
    ///   - identity: the files of a certificate and its key, for clients that want TLS.
    public static func start(
        _ release: DatabaseRelease = .postgres, settings: [String: String] = [:],
        encryptedWith identity: (certificate: String, key: String)? = nil
    ) async throws -> PostgresServer {
        let server = try PostgresServer(release, identity == nil ? settings : settings.merging(["ssl": "on"]) { $1 })
        try await server.createCluster()
        if let identity { try server.take(identity) }
        try await server.start()
        _ = try server.sql("CREATE ROLE needs_password")
        return server
    }

    /// A standby that copies this server over a replication slot.
    ///
    /// - Parameter settings: on top of what makes it stream from this server.
    public func standby(slot: String = "standby", settings: [String: String] = [:]) async throws -> PostgresServer {
        let standby = try PostgresServer(release, settings)
        let arguments = [
            "-D", standby.folder.path("data"), "-h", "127.0.0.1", "-p", "\(port)", "-U", "postgres",
            "--write-recovery-conf",
            "--create-slot", "--slot=\(slot)", "--wal-method=stream", "--checkpoint=fast", "--no-sync",
        ]
        let copy = try startAsPostgres(release.path("pg_basebackup"), arguments, in: standby.folder)
        guard try await copy.exitStatus(within: .seconds(120)) == 0 else {
            throw NeverHappened(description: "pg_basebackup: \(copy.output)")
        }
        try await standby.start()
        return standby
    }

    private init(_ release: DatabaseRelease, _ settings: [String: String]) throws {
        self.release = release
        folder = try TemporaryFolder()
        try giveToPostgres(folder)
        let port = try freePort()
        self.port = port
        let defaults = [
            "port": "\(port)", "listen_addresses": "127.0.0.1", "unix_socket_directories": folder.url.path,
            "fsync": "off", "shared_buffers": "16MB", "max_connections": "40", "autovacuum": "off",
            "log_connections": "on", "log_disconnections": "on", "log_line_prefix": "%p ",
            "shared_preload_libraries": "pg_stat_statements",
        ]
        self.settings = defaults.merging(settings) { $1 }.sorted { $0.key < $1.key }.flatMap {
            ["-c", "\($0.key)=\($0.value)"]
        }
    }

    deinit {
        stop()
    }

    private func createCluster() async throws {
        let arguments = ["-D", folder.path("data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        let initdb = try startAsPostgres(release.path("initdb"), arguments + ["--locale=C"], in: folder)
        guard try await initdb.exitStatus(within: .seconds(120)) == 0 else {
            throw NeverHappened(description: "initdb: \(initdb.output)")
        }
        try folder.write(
            """
            host all +needs_password 127.0.0.1/32 scram-sha-256
            host all all 127.0.0.1/32 trust
            local all all trust
            host replication all 127.0.0.1/32 trust

            """, to: "data/pg_hba.conf")
    }

    /// Copies certificate and key to where Postgres looks for them, as files that only its user can read.
    private func take(_ identity: (certificate: String, key: String)) throws {
        for (source, name) in [(identity.certificate, "server.crt"), (identity.key, "server.key")] {
            let path = folder.path("data/\(name)")
            try FileManager.default.copyItem(atPath: source, toPath: path)
            let owner: [FileAttributeKey: Any] = geteuid() == 0 ? [.ownerAccountName: "postgres"] : [:]
            try FileManager.default.setAttributes(owner.merging([.posixPermissions: 0o600]) { $1 }, ofItemAtPath: path)
        }
    }

    /// Starts the server, again after ``stop()``, and waits until it answers.
    public func start() async throws {
        let arguments = ["-D", folder.path("data")] + settings
        let started = try startAsPostgres(release.path("postgres"), arguments, in: folder)
        process.withLock { $0 = started }
        try await eventually("Postgres on port \(port)", within: .seconds(60)) {
            guard started.isRunning else { throw NeverHappened(description: "Postgres ended: \(started.output)") }
            return (try? sql("SELECT 1")) == "1"
        }
    }

    /// Ends the server without a checkpoint, as a crash of its machine would. Does nothing when it is not running.
    public func stop() {
        process.withLock { process in
            guard let running = process else { return }
            signal(SIGCONT, running)
            running.send(SIGQUIT)
            for _ in 0..<200 where running.isRunning { usleep(10_000) }
            process = nil
        }
    }

    /// Sends a signal such as SIGSTOP to the server and to every process of it.
    public func signal(_ signal: Int32) {
        process.withLock { process in
            if let process { self.signal(signal, process) }
        }
    }

    private func signal(_ signal: Int32, _ process: ServerProcess) {
        let children = "/proc/\(process.identifier)/task/\(process.identifier)/children"
        let list = (try? String(contentsOfFile: children, encoding: .utf8)) ?? ""
        process.send(signal)
        for child in list.split(separator: " ") { Glibc.kill(pid_t(child) ?? 0, signal) }
    }

    /// A folder beside the data, which the server can write to: `../archive` for its own commands.
    public var archive: String { folder.path("archive") }

    /// Where its Unix socket is: a host for clients whose packets pass no network.
    public var socketFolder: String { folder.url.path }

    /// What the server has logged since its last start: connections and disconnections with their process numbers.
    public var log: String { process.withLock { $0?.output ?? "" } }

    /// Runs SQL as superuser with psql and returns what it printed, fields separated by `|`.
    @discardableResult
    public func sql(_ text: String, database: String = "postgres") throws -> String {
        let psql = Process()
        let output = Pipe()
        psql.executableURL = URL(fileURLWithPath: DatabaseRelease.postgres.path("psql"))
        psql.arguments = psqlArguments(text, database)
        psql.environment = [:]
        psql.standardInput = FileHandle.nullDevice
        psql.standardOutput = output
        psql.standardError = output
        try psql.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        psql.waitUntilExit()
        let printed = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
        guard psql.terminationStatus == 0 else { throw NeverHappened(description: "psql: \(printed)") }
        return printed
    }

    /// Runs SQL of any bytes, as a client of a database in the encoding SQL_ASCII can send them.
    public func sql(bytes: [UInt8], database: String) throws {
        let file = try TemporaryFolder()
        let path = try file.write(bytes, to: "statements.sql")
        let arguments = psqlArguments("", database).dropLast(2) + ["-f", path]
        let psql = try ServerProcess.run(DatabaseRelease.postgres.path("psql"), Array(arguments))
        guard psql.status == 0 else { throw NeverHappened(description: "psql: \(psql.output)") }
    }

    /// Runs SQL in a session that goes on in the background until the returned process is killed or the SQL ends.
    public func session(_ text: String, database: String = "postgres", port: Int? = nil) throws -> ServerProcess {
        let arguments = psqlArguments(text, database, port: port)
        return try ServerProcess(DatabaseRelease.postgres.path("psql"), arguments, in: folder)
    }

    private func psqlArguments(_ text: String, _ database: String, port: Int? = nil) -> [String] {
        [
            "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", "\(port ?? self.port)",
            "-U", "postgres", "-d", database, "-c", text,
        ]
    }
}

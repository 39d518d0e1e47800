import Foundation
import Glibc

/// A PgBouncer of a test's own on 127.0.0.1, in transaction mode, which trusts everybody.
///
/// It knows the database `app`, which is `postgres` on the given server, and the users `postgres` and `stats`, who may
/// look at its console.
public final class PgBouncer: Sendable {
    public let port: Int
    private let folder: TemporaryFolder
    private let process: ServerProcess

    /// - Parameter settings: on top of the defaults, in the section `[pgbouncer]`.
    public static func start(
        _ release: DatabaseRelease = .pgBouncer, before server: PostgresServer, settings: [String: String] = [:]
    ) async throws -> PgBouncer {
        let pgBouncer = try PgBouncer(release, server, settings)
        try await eventually("PgBouncer on port \(pgBouncer.port)") {
            guard pgBouncer.process.isRunning else { throw NeverHappened(description: pgBouncer.process.output) }
            return (try? RawSocket(port: pgBouncer.port)) != nil
        }
        return pgBouncer
    }

    private init(_ release: DatabaseRelease, _ server: PostgresServer, _ settings: [String: String]) throws {
        folder = try TemporaryFolder()
        try giveToPostgres(folder)
        port = try settings["listen_port"].flatMap { Int($0) } ?? freePort()
        let defaults = [
            "listen_addr": "127.0.0.1", "listen_port": "\(port)", "unix_socket_dir": "", "auth_type": "trust",
            "auth_file": folder.path("users.txt"), "admin_users": "postgres", "stats_users": "stats",
            "pool_mode": "transaction", "server_login_retry": "0.2",
        ]
        let lines = defaults.merging(settings) { $1 }.map { "\($0.key) = \($0.value)" }.sorted()
        try folder.write("\"postgres\" \"\"\n\"stats\" \"\"\n", to: "users.txt")
        let file = try folder.write(
            """
            [databases]
            app = host=127.0.0.1 port=\(server.port) dbname=postgres
            [pgbouncer]
            \(lines.joined(separator: "\n"))

            """, to: "pgbouncer.ini")
        process = try startAsPostgres(release.path("pgbouncer"), [file], in: folder)
    }

    /// The folder of its files.
    public var path: String { folder.url.path }

    public var isRunning: Bool { process.isRunning }

    public func send(_ signal: Int32) {
        process.send(signal)
    }
}

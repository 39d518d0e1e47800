// What keeps a Postgres and its PgBouncer busy: transactions through a pool that is too small, prepared statements, a
// long transaction, a session that waits for its lock, and clients whose statements and logins are refused.

/// The load of a ``LoadedStack`` on Postgres.
enum PostgresLoad {
    /// A role that may log in and has no privilege to monitor.
    static let stranger = "stranger"

    /// A Postgres with the tables of pgbench, those of a gateway, and pg_stat_statements.
    static func server() async throws -> PostgresServer {
        let postgres = try await PostgresServer.start()
        try postgres.sql("CREATE EXTENSION pg_stat_statements")
        try postgres.sql(Project.text("deploy/gateway-schema.sql"))
        try postgres.sql("CREATE TABLE locked (value int); CREATE ROLE \(stranger) LOGIN")
        let tables = try ServerProcess.run(
            DatabaseRelease.postgres.path("pgbench"), ["-i", "-q"] + address(port: postgres.port) + ["postgres"])
        guard tables.status == 0 else { throw NeverHappened(description: "pgbench: \(tables.output)") }
        return postgres
    }

    /// Starts the load.
    ///
    /// - Returns: the programs, which go on until they are killed.
    static func start(on postgres: PostgresServer, through pgBouncer: PgBouncer) async throws -> [ServerProcess] {
        let transactions = try ServerProcess(
            DatabaseRelease.postgres.path("pgbench"),
            ["-n", "-c", "6", "-T", "3600", "-R", "40"] + address(port: pgBouncer.port) + ["app"],
            in: TemporaryFolder())
        let holder = try postgres.session("BEGIN; LOCK TABLE locked; SELECT pg_sleep(3600)")
        try await eventually("the lock") {
            try postgres.sql("SELECT count(*) FROM pg_locks WHERE relation = 'locked'::regclass") == "1"
        }
        let waiter = try postgres.session("SELECT * FROM locked")
        return [transactions, holder, waiter, try prepared(pgBouncer), try refusals(pgBouncer)]
    }

    private static func prepared(_ pgBouncer: PgBouncer) throws -> ServerProcess {
        try ServerProcess(
            DatabaseRelease.postgres.path("pgbench"),
            ["-n", "-S", "-M", "prepared", "-T", "3600", "-R", "10"] + address(port: pgBouncer.port) + ["app"],
            in: TemporaryFolder())
    }

    /// A statement that fails, and a login to a database that is not there, some times a second.
    private static func refusals(_ pgBouncer: PgBouncer) throws -> ServerProcess {
        let psql = ([DatabaseRelease.postgres.path("psql"), "-X", "-q"] + address(port: pgBouncer.port))
            .joined(separator: " ")
        let script = """
            while sleep 0.3; do
                \(psql) -d app -c 'SELECT 1 / 0'
                \(psql) -d nowhere -c 'SELECT 1'
            done
            """
        return try ServerProcess("bash", ["-c", script], in: TemporaryFolder())
    }

    private static func address(port: Int) -> [String] {
        ["-h", "127.0.0.1", "-p", "\(port)", "-U", "postgres"]
    }
}

import TestKit
import Testing

/// `sidelong check` says when the role that it is given may do more than look.
@Suite struct MonitoringRoleTests {
    @Test func aRoleThatMayDoMoreThanLookIsAWarning() async throws {
        let redis = try await RedisServer()
        let postgres = try await PostgresServer.start()
        try postgres.sql(
            """
            CREATE ROLE looking LOGIN IN ROLE pg_monitor;
            CREATE ROLE running LOGIN IN ROLE pg_monitor, pg_execute_server_program
            """)
        for (role, isWarned) in [("postgres", true), ("running", true), ("looking", false)] {
            let address = "--postgres.dsn=host=127.0.0.1 port=\(postgres.port) user=\(role) dbname=postgres"
            let check = try await Sidelong.run(["check", "--redis.addr=\(redis.address)", address])
            #expect(check.status == 0, "\(check.output)")
            #expect(check.output.contains("WARNING  role \(role) may do far more than look") == isWarned)
        }
    }
}

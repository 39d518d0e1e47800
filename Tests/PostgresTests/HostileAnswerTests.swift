import Metrics
import Testing

@testable import Postgres

/// Answers that no Postgres gives and texts that nobody writes, found by fuzzing.
@Suite struct HostileAnswerTests {
    @Test(arguments: [
        ("100", "9223372036854775807", "1"), ("-9223372036854775808", "3", "3"), ("100", "-9223372036854775808", "-3"),
    ])
    func connectionLimitsBeyondAllNumbers(maximum: String, forSuperusers: String, forRoles: String) throws {
        let rows = rows(
            "version_number\tmaximum\treserved_for_superusers\treserved_for_roles\n"
                + "150000\t\(maximum)\t\(forSuperusers)\t\(forRoles)\n")
        let session = try PostgresSession(from: rows, options: nil)
        #expect(session.connections.usable >= 0)
    }

    @Test func aRefusalWithoutAMessageHasOne() {
        let failure = ConnectFailure(text: "connection to server failed: FATAL:  28P01: \n").failure
        #expect(failure.reason == .auth)
        #expect(failure.message == "no message")
    }

    /// A mark that joins what stands before or after it makes one character of both, which is no quotation mark and no
    /// @.
    @Test(arguments: ["postgres://user:s3cr3t@[::1\u{70F}", "postgres://user:x@s3cr3t@\u{301}host/db"])
    func marksThatJoinDoNotUncoverThePassword(text: String) {
        let error = #expect(throws: ConnectionStringError.self) { try ConnectionString(parsing: text) }
        #expect(error?.description.contains("s3cr3t") == false)
    }
}

// Which ports are read as Postgres'.

import Testing

@testable import Exporter
@testable import Traffic

@Suite struct WirePostgresOptionTests {
    private func wire(_ flags: String...) throws -> WireSettings {
        let source = Configuration.Origin(try Arguments(flags), environment: [:])
        return WireSettings(try source.read().settings)
    }

    private let server = "--postgres.dsn=host=db port=5433"
    private let pool = "--pgbouncer.dsn=postgres://pool:6433/pgbouncer"

    @Test func oneHopIsReadByDefault() throws {
        #expect(try wire().postgresPorts == [])
        #expect(try wire(server).postgresPorts == [5433])
        #expect(try wire(server, pool).postgresPorts == [6433])
        #expect(try wire(server, "--postgres.dsn=postgres://other/x").postgresPorts == [5433, 5432])
        #expect(try wire("--postgres.dsn=host=/run/postgresql user=a").postgresPorts == [], "a socket has no port")
    }

    @Test func theOptionSaysOtherwise() throws {
        #expect(try wire(server, pool, "--wire.postgres-ports=off").postgresPorts == [])
        #expect(try wire(server, pool, "--wire.postgres-ports=6433,5433,6433").postgresPorts == [6433, 5433])
        #expect(try wire("--wire.postgres-ports=5432").traffic.ports[5432] == .postgres)
        #expect(throws: ConfigurationError.self) { try wire("--wire.postgres-ports=0") }
        #expect(throws: ConfigurationError.self) { try wire("--wire.postgres-ports=5432,") }
        #expect(throws: ConfigurationError.self) { try wire("--wire.postgres-ports=6379") }
        #expect(try wire("--postgres.dsn=postgres://db:6379/x").postgresPorts == [], "Redis has it")
    }

    @Test func theBoundsReachTheEngine() throws {
        let traffic = try wire("--sql.max-tables=3", "--sql.max-histograms=4").traffic
        #expect(traffic.postgres.maxTables == 3)
        #expect(traffic.postgres.maxHistograms == 4)
    }
}

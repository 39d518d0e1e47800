import Foundation
import Metrics
import TestKit
import Testing

@testable import Postgres

@Suite struct HostListTests {
    private func hosts(_ text: String) throws -> HostList {
        HostList(try ConnectionString(parsing: text).place)
    }

    @Test func eachHostHasItsPort() throws {
        let list = try hosts("host=one,two port=1,2")
        #expect(list.hosts.map(\.name) == ["one", "two"] && list.hosts.map(\.port) == ["1", "2"])
        #expect(try hosts("host=one,two port=7").hosts.map(\.port) == ["7", "7"])
        #expect(try hosts("postgres://one:1,two/app").hosts.map(\.port) == ["1", ""])
        #expect(try hosts("host=one,two hostaddr=10.0.0.1,10.0.0.2").hosts.map(\.address) == ["10.0.0.1", "10.0.0.2"])
        #expect(try hosts("host=one,two,three port=1,2").hosts.count == 1, "libpq says what is wrong with it")
    }

    @Test func everyAddressOfANameIsAnAttempt() throws {
        let list = try hosts("host=one,/run/socket,two port=5")
        let attempts = list.attempts { $0 == "one" ? ["10.0.0.1", "::1"] : [] }
        #expect(attempts.map { $0.parameters["host"] } == ["one", "one", "/run/socket", "two"])
        #expect(attempts.map { $0.parameters["hostaddr"] } == ["10.0.0.1", "::1", "", ""])
    }

    @Test func aStandbyIsPreferredInTwoRounds() throws {
        #expect(try hosts("host=one,two target_session_attrs=prefer-standby").rounds == ["standby", "any"])
        #expect(try hosts("host=one target_session_attrs=prefer-standby").rounds == ["prefer-standby"])
        #expect(try hosts("host=one,two target_session_attrs=primary").rounds == ["primary"])
    }

    @Test func theResolverGivesNumbers() {
        #expect(HostAddresses.all(of: "localhost").contains { ["127.0.0.1", "::1"].contains($0) })
        #expect(HostAddresses.all(of: "127.0.0.1") == ["127.0.0.1"])
        #expect(HostAddresses.all(of: "nowhere.invalid") == [])
    }
}

/// Which of several servers is watched.
@Suite(OnPostgres()) struct HostTests {
    /// The port of the server that a target reaches; nil where it reaches none.
    private func port(_ address: String, within limit: Duration = .seconds(90)) async throws -> Double? {
        let query = try customQuery("SELECT inet_server_port() AS value")
        let access = PostgresAccess(try ConnectionString(parsing: address))
        let target = PostgresTarget(PostgresOptions(access, timeout: .seconds(10), queries: [query]))
        return try? await target.poll(within: limit).samples.value("test_value")
    }

    private func portOfPsql(_ address: String) throws -> Double? {
        let answer = try ServerProcess.run(
            DatabaseRelease.postgres.path("psql"), ["-X", "-A", "-t", "-c", "SELECT inet_server_port()", address])
        return answer.status == 0 ? Double(answer.output.split(separator: "\n").last ?? "") : nil
    }

    @Test func theServerIsTheOneThatPsqlChooses() async throws {
        let primary = try OnPostgres.server
        let standby = try await primary.standby()
        var answers: Set<Double?> = []
        for ports in [[primary.port], [standby.port], [primary.port, standby.port], [standby.port, primary.port]] {
            let hosts = ports.map { _ in "127.0.0.1" }.joined(separator: ",")
            let list = ports.map(String.init).joined(separator: ",")
            for wanted in ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"] {
                let address =
                    "host=\(hosts) port=\(list) user=postgres dbname=postgres target_session_attrs=\(wanted)"
                let chosen = try portOfPsql(address)
                #expect(try await port(address) == chosen, "\(wanted) of \(ports)")
                answers.insert(chosen)
            }
        }
        #expect(answers == [nil, Double(primary.port), Double(standby.port)])
        standby.stop()
    }

    @Test func aSilentHostHidesNoGoodOne() async throws {
        let server = try OnPostgres.server
        let silent = try SwallowingPort()
        let mute = try FakeServer { client in
            client.receive()
            client.receive()
        }
        let nobody = try freePort()
        let rest = "user=postgres dbname=postgres"
        for port in [silent.port, mute.port, nobody] {
            let address = "host=127.0.0.1,127.0.0.1 port=\(port),\(server.port) \(rest)"
            #expect(try await self.port(address, within: .seconds(5)) == Double(server.port))
        }
        let three = "host=127.0.0.1,nowhere.invalid,127.0.0.1 port=\(mute.port),5432,\(server.port)"
        #expect(try await self.port("\(three) \(rest)", within: .seconds(5)) == Double(server.port))
        let preferring = "host=127.0.0.1,127.0.0.1 port=\(mute.port),\(server.port) target_session_attrs=prefer-standby"
        #expect(try await self.port("\(preferring) \(rest)", within: .seconds(5)) == Double(server.port))
    }

    @Test func aHostThatRefusesThePasswordEndsTheSearch() async throws {
        let server = try OnPostgres.server
        try server.sql("CREATE ROLE strict LOGIN PASSWORD 'right' IN ROLE needs_password")
        let nobody = try freePort()
        let address =
            "host=127.0.0.1,127.0.0.1 port=\(server.port),\(nobody) user=strict password=wrong dbname=postgres"
        let target = PostgresTarget(PostgresOptions(PostgresAccess(try ConnectionString(parsing: address))))
        let failure = await #expect(throws: CollectorFailure.self) { try await target.poll() }
        #expect(failure?.reason == .auth)
    }

    @Test func optionsOfTheUsersOwnAreNoPooler() async throws {
        let server = try OnPostgres.server
        for options in ["-c statement_timeout=3s", "-c search_path=nowhere -c lock_timeout=100", "--work-mem=8MB"] {
            let target = try server.target(
                queries: [customQuery("SELECT current_setting('statement_timeout') = '3s' AS value")],
                parameters: "options='\(options)'")
            let collected = try await target.poll()
            #expect(
                collected.partFailures == [] && collected.samples.value("sidelong_postgres_pooled") == 0, "\(options)")
            #expect(collected.samples.value("test_value") == (options.hasSuffix("3s") ? 1 : 0))
        }
    }
}

import Foundation
import Metrics
import Postgres
import TestKit
import Testing

@testable import Exporter

/// The variables in which people have their connection strings.
@Suite struct DataSourceTests {
    private func settings(_ environment: [String: String], _ arguments: [String] = []) throws -> Settings {
        try Settings(flags: try Arguments(arguments).flags, environment: environment)
    }

    private func targets(_ environment: [String: String], _ arguments: [String] = []) throws -> [String] {
        try settings(environment, arguments)[Options.postgresAddresses].targets
    }

    @Test func aListMayHaveCommasInside() throws {
        let cases = [
            "postgresql://u:p@one/app,postgresql://u:p@two/app": ["one:5432", "two:5432"],
            "postgresql://u:p,w@one:1,two:2/app, user=x host=three": ["one,two:1,2", "three:5432"],
            "user=x host=one,two password=a,b,host=three port=7": ["one,two:5432", "three:7"],
            "postgres://one/app,": ["one:5432"],
        ]
        for (text, expected) in cases { #expect(try targets(["DATA_SOURCE_NAME": text]) == expected, "\(text)") }
    }

    @Test func threeVariablesMakeOneAddress() throws {
        let environment = [
            "DATA_SOURCE_URI": "db.example:6543/app?sslmode=disable", "DATA_SOURCE_USER": "mon itor",
            "DATA_SOURCE_PASS": "p@ss/w:rd?&%",
        ]
        let address = try #require(try settings(environment)[Options.postgresAddresses].first)
        #expect(address.target == "db.example:6543" && address.database == "app")
        #expect(try targets(environment.merging(["DATABASE_URL": "postgres://other/x"]) { $1 }) == ["db.example:6543"])
        #expect(try targets(environment.merging(["DATA_SOURCE_NAME": "host=first"]) { $1 }) == ["first:5432"])
        #expect(try targets(environment, ["--postgres.dsn=host=flag"]) == ["flag:5432"])
        #expect(try targets(["DATA_SOURCE_URI": "postgres://db/app"]) == ["db:5432"], "with a scheme as well")
        #expect(try targets(["DATA_SOURCE_USER": "u", "DATA_SOURCE_PASS": "p"]) == [])
    }

    @Test func eachOfThemMayBeAFile() async throws {
        let server = try await PostgresServer.start()
        try server.sql("CREATE ROLE \"file user\" LOGIN PASSWORD 'first' IN ROLE needs_password, pg_monitor")
        let folder = try TemporaryFolder()
        let environment = [
            "DATA_SOURCE_URI_FILE": try folder.write("127.0.0.1:\(server.port)/postgres\n", to: "uri"),
            "DATA_SOURCE_USER_FILE": try folder.write(" file user\n", to: "user"), "DATA_SOURCE_USER": "other",
            "DATA_SOURCE_PASS_FILE": try folder.write("first \n\n", to: "pass"), "DATA_SOURCE_PASS": "other",
        ]
        let address = try #require(try settings(environment)[Options.postgresAddresses].first)
        let target = PostgresTarget(PostgresOptions(PostgresAccess(address, connectTimeout: .seconds(10))))
        #expect(try await target.collect(before: .after(.seconds(60))).partFailures == [])
        try server.sql("ALTER ROLE \"file user\" PASSWORD 'second'")
        try folder.write("second\n", to: "pass")
        let later = PostgresTarget(PostgresOptions(PostgresAccess(address, connectTimeout: .seconds(10))))
        #expect(
            try await later.collect(before: .after(.seconds(60))).partFailures == [], "read again for each connection")

        let error = #expect(throws: ConfigurationError.self) {
            try settings(environment.merging(["DATA_SOURCE_URI_FILE": "/no/such/file"]) { $1 })
        }
        #expect(error?.description == "DATA_SOURCE_URI_FILE: /no/such/file: No such file or directory")
    }

    @Test(arguments: [
        "mysql://u:geheim@db/app", "sqlite:///geheim.db", "file:./geheim.db", "mongodb+srv://u:geheim@db",
    ])
    func anotherDatabasesAddressIsPassedOverInTheEnvironmentOnly(url: String) throws {
        let settings = try settings(["DATABASE_URL": url])
        #expect(settings[Options.postgresAddresses].isEmpty && settings.remarks.count == 1)
        #expect(settings.remarks[0].hasPrefix("DATABASE_URL is a URL of ") && !settings.remarks[0].contains("geheim"))
        let error = #expect(throws: ConfigurationError.self) { try self.settings([:], ["--postgres.dsn=\(url)"]) }
        #expect(error?.description.contains("not Postgres") == true && error?.description.contains("geheim") == false)
        #expect(try self.settings(["DATABASE_URL": url, "DATA_SOURCE_NAME": "host=db"]).remarks == [], "not asked")
    }

    @Test func whatIsLeftOutIsNamed() throws {
        let url = "postgresql+asyncpg://u:p@db/app?schema=geheim&brand_new=geheim"
        let remarks = try settings(["DATABASE_URL": url, "PGBOUNCER_DSN": "\(url)&pool=1"]).remarks
        #expect(remarks.count == 5 && remarks.allSatisfy { !$0.contains("geheim") })
        #expect(remarks[0] == "the address of Postgres has schema, which is no parameter of libpq's and is ignored")
        #expect(throws: ConfigurationError.self) { try settings([:], ["--postgres.dsn=\(url)"]) }
    }

    @Test func twoDatabasesOfOneServerAreTwoTargets() throws {
        let two = [
            "--postgres.dsn=postgres://u@db/one", "--postgres.dsn=postgres://u@db/two", "--postgres.dsn=host=else",
        ]
        #expect(try targets([:], two) == ["db:5432/one", "db:5432/two", "else:5432"])
        func read(_ arguments: [String]) throws -> Configuration {
            try Configuration.Origin(try Arguments(arguments), environment: [:]).read()
        }
        #expect(try read(two).targets == 4)
        let error = #expect(throws: ConfigurationError.self) { try read(two + [two[0]]) }
        #expect(error?.description.contains("\"db:5432/one\" stands twice") == true)
    }

    /// In a program of its own, because libpq reads the environment of its process.
    @Test func servicesAndVariablesOfLibpqNameTheTarget() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("[watched]\nhost=served.invalid\nport=6543\ndbname=app\n", to: "services")
        let cases: [(dsn: String, environment: [String: String], target: String)] = [
            ("service=watched", ["PGSERVICEFILE": file], "served.invalid:6543"),
            ("user=x", ["PGSERVICEFILE": file, "PGSERVICE": "watched"], "served.invalid:6543"),
            ("user=x", ["PGHOST": "variable.invalid", "PGPORT": "7"], "variable.invalid:7"),
            ("host=own.invalid", ["PGHOST": "variable.invalid", "PGPORT": "7"], "own.invalid:7"),
        ]
        for (dsn, environment, target) in cases {
            let check = try await Sidelong.run(
                ["check", "--redis.addr=127.0.0.1:1", "--postgres.dsn=\(dsn)"], environment: environment)
            #expect(check.output.contains("postgres \(target)"), "\(check.output)")
        }
        let unknown = try await Sidelong.run(
            ["check", "--postgres.dsn=service=nowhere"], environment: ["PGSERVICEFILE": file])
        #expect(unknown.status == 2 && unknown.output.split(separator: "\n").count == 1, "\(unknown.output)")
    }
}

import Testing

@testable import Postgres

/// URLs as applications have them, read for libpq.
@Suite struct ConnectionURLTests {
    @Test(arguments: [
        "postgresql+asyncpg://u:p@db:6543/app", "postgres+psycopg2://u:p@db:6543/app", "POSTGRESQL://u:p@db:6543/app",
        "postgis://u:p@db:6543/app", "pgsql://u:p@db:6543/app", "jdbc:postgresql://db:6543/app?user=u&password=p",
    ])
    func schemesOfDriversArePostgres(text: String) throws {
        let address = try ConnectionString(parsing: text)
        #expect(address.target == "db:6543" && address.database == "app")
        #expect(address.parameters["user"] == "u" && address.parameters["password"] == "p")
    }

    @Test(arguments: ["host=u:geheim@db", "host=a,u:geheim@db user=x", "hostaddr=geheim@127.0.0.1"])
    func credentialsInAHostAreRefusedAndNotRepeated(text: String) {
        let error = #expect(throws: ConnectionStringError.self) { try ConnectionString(parsing: text) }
        #expect(error?.description.contains("geheim") == false)
        #expect(throws: Never.self) { try ConnectionString(parsing: "host=/run/a@b,@abstract") }
    }

    @Test(arguments: [
        "mysql://u:geheim@db/app", "mysql2://u:geheim@db/app", "sqlite:///geheim.db", "sqlite:geheim.db",
        "file:./geheim.db", "mongodb+srv://u:geheim@db/app", "prisma+postgres://db/?api_key=geheim",
        "jdbc:mysql://db/geheim",
    ])
    func otherDatabasesAreNamedAndNothingElse(text: String) throws {
        let scheme = try #require(ConnectionString.otherScheme(of: text))
        let error = #expect(throws: ConnectionStringError.self) { try ConnectionString(parsing: text) }
        #expect(error?.otherScheme == scheme && error?.description.contains(scheme) == true)
        #expect(error?.description.contains("geheim") == false)
        #expect(text.contains(scheme))
    }

    @Test(arguments: [
        ("?schema=app", ["schema"]),
        ("?pgbouncer=true&connection_limit=5&sslmode=require", ["pgbouncer", "connection_limit"]),
        ("?pool=5&pool_timeout=0", ["pool", "pool_timeout"]), ("?application_name=x", []), ("?", []),
        ("?currentSchema=app&connect_timeout=3", ["currentSchema"]),
    ])
    func parametersOfFrameworksAreLeftOut(query: String, ignored: [String]) throws {
        let address = try ConnectionString(parsing: "postgres://u:p@db/app\(query)")
        #expect(address.ignoredParameters == ignored && address.database == "app")
        if query.contains("sslmode") { #expect(address.parameters["sslmode"] == "require") }
        if query.contains("connect_timeout") { #expect(address.place["connect_timeout"] == "3") }
    }

    @Test func anUnknownParameterIsAnErrorUnlessItWasMadeForOthers() throws {
        let text = "postgres://u:p@db/app?shiny_new=1&application_name=x"
        let error = #expect(throws: ConnectionStringError.self) { try ConnectionString(parsing: text) }
        #expect(error?.description.contains("shiny_new") == true)
        let address = try ConnectionString(parsing: text, isLenient: true)
        #expect(address.ignoredParameters == ["shiny_new"] && address.parameters["application_name"] == "x")
    }

    @Test(arguments: [
        "sslmod=verify-full", "ssl_mode=require", "require_authentication=scram", "ssl=maybe", "sslmode=maybe",
    ])
    func whatCouldMakeItSaferIsNeverLeftOut(parameter: String) {
        #expect(throws: ConnectionStringError.self) {
            try ConnectionString(parsing: "postgres://u:p@db/app?\(parameter)", isLenient: true)
        }
    }

    @Test(arguments: [
        ("ssl=true", "require"), ("ssl=1", "require"), ("ssl=require", "require"), ("ssl=verify-full", "verify-full"),
        ("sslmode=no-verify", "require"), ("ssl=false", "disable"), ("sslmode=verify-ca", "verify-ca"),
    ])
    func wordsForEncryptionAreLibpqs(parameter: String, mode: String) throws {
        let address = try ConnectionString(parsing: "postgres://u:p@db/app?\(parameter)")
        #expect(address.parameters["sslmode"] == mode)
    }

    @Test func aPasswordInPiecesIsNeverNamed() throws {
        for text in [
            "postgres://u@db/app?password=geh&eim=x", "postgres://u@db/app?password=geh&eim",
            "postgres://u:geh?eim=x@db/app", "postgres://u@db/app?geh%20eim=x", "postgres://u@db/app?geh+eim",
        ] {
            do {
                let address = try ConnectionString(parsing: text, isLenient: true)
                #expect(address.ignoredParameters.allSatisfy { !$0.contains("eim") }, "\(address.ignoredParameters)")
            } catch {
                #expect(!"\(error)".contains("eim"), "\(error)")
            }
        }
    }
}

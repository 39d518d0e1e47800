import Foundation
import Metrics
import TestKit
import Testing

@testable import Postgres

@Suite struct RowsTests {
    @Test func cellsAreReadByNameAndTheUnknownIsNil() {
        let table = rows("name\tvalue\tflag\tvalue\nfirst\t1.5\tt\t9\nsecond\t\\N\tf\t9\nthird\tNaN\t\\N\t9\n")
        let read = Array(table)
        #expect(read.count == 3)
        #expect(read[0]["name"] == "first" && read[0].number("value") == 1.5, "of two columns the first counts")
        #expect(read[0].flag("flag") == true && read[1].flag("flag") == false && read[2].flag("flag") == nil)
        #expect(read[0].number("flag") == 1 && read[1].number("flag") == 0)
        #expect(read[1].number("value") == nil && read[2].number("value") == nil)
        #expect(read[0]["other"] == nil && read[0].label("other") == "" && read[0].number("name") == nil)
    }

    @Test(arguments: [
        ("0", 0), ("007", 7), ("123456789012345", 123_456_789_012_345), ("9007199254740993", 9_007_199_254_740_992),
        ("-5", -5), ("+5", 5), ("1e3", 1000), (".5", 0.5), ("Infinity", .infinity), ("t", 1), ("f", 0), ("", nil),
        ("1 ", nil), ("1:2", nil), ("/1", nil), ("tt", nil), ("\u{661}", nil),
    ])
    func aNumberIsWhatTheServerWrites(text: String, number: Double?) {
        #expect(rows("value\n\(text)\n").first?.number("value") == number)
    }

    @Test func noRowsAndNoColumnsAreNothing() {
        #expect(rows("name\tvalue\n").first == nil)
        #expect(Array(Rows(columns: [])).isEmpty)
    }
}

@Suite struct ConnectionStringTests {
    @Test(arguments: [
        ("postgres://monitor:geheim@db.example:6543/app?sslmode=require", "db.example:6543"),
        ("postgresql://monitor@[::1]/app", "[::1]:5432"),
        ("host=/run/postgresql user=monitor", "/run/postgresql:5432"),
        ("user=monitor", "localhost:5432"),
        ("host=@abstract password=geheim", "@abstract:5432"),
        ("postgres://a:geheim@one:1,two:2/app", "one,two:1,2"),
    ])
    func bothFormsAreRead(text: String, target: String) throws {
        let address = try ConnectionString(parsing: text)
        #expect(address.target == target)
        #expect(!"\(address)".contains("geheim") && !String(reflecting: address).contains("geheim"))
        var dumped = ""
        dump(address, to: &dumped)
        #expect(!dumped.contains("geheim"))
    }

    @Test(arguments: [
        "postgres://monitor:geh@eim@db/app", "postgres://monitor:geh/eim@db/app",
        "postgres://monitor:geheim@db:eim/app",
        "host=db password=geheim eim", "host=db geheim", "postgres://monitor:geheim@db/app?nonsense=geheim",
        "postgres://monitor:ge%zzheim@db/app", "postgres://monitor:geheim@[::1", "host=db password='geheim",
    ])
    func errorsQuoteNothing(text: String) throws {
        let error = #expect(throws: ConnectionStringError.self) { try ConnectionString(parsing: text) }
        let message = try #require(error?.description)
        #expect(!message.contains("geh") && !message.contains("eim"), "\(message)")
        #expect(message.contains("postgres://user@host"))
    }
}

@Suite struct PostgresAccessTests {
    @Test func theAddressWinsOverOurDefaultsAndTheFileOverTheAddress() throws {
        let plain = PostgresAccess(try ConnectionString(parsing: "host=db password=old"))
        let limits = StartupOptions(timeout: .seconds(5))
        let parameters = plain.parameters("new", limits, "pgbouncer")
        #expect(parameters["fallback_application_name"] == "sidelong" && parameters["gssencmode"] == "disable")
        #expect(parameters["password"] == "new" && parameters["dbname"] == "pgbouncer")
        #expect(parameters["client_encoding"] == "UTF8")
        #expect(parameters["options"] == limits.text)
        let chosen = PostgresAccess(
            try ConnectionString(parsing: "dbname=app gssencmode=prefer options='-c statement_timeout=9'"))
        #expect(chosen.parameters(nil, limits, "pgbouncer")["dbname"] == "app")
        #expect(chosen.parameters(nil, limits, nil)["gssencmode"] == "prefer")
        #expect(chosen.parameters(nil, limits, nil)["options"] == "-c statement_timeout=9 \(limits.text)", "ours win")
        #expect(chosen.parameters(nil, nil, nil)["options"] == "-c statement_timeout=9", "nothing of ours for a pooler")
    }

    @Test func anOwnTimeoutLivesInTheStatementsTransaction() {
        #expect(Statement("SELECT 1").commands == ["SELECT /* sidelong */ 1"])
        #expect(
            Statement("SELECT 1", timeout: .milliseconds(250)).commands
                == [
                    "SELECT /* sidelong */ pg_catalog.set_config('statement_timeout', '250', true)",
                    "SELECT /* sidelong */ 1",
                ])
    }
}

@Suite struct StartupOptionTests {
    @Test func whatIsAskedForIsWrittenAsTheServerShowsIt() {
        var options = StartupOptions(timeout: .seconds(5))
        #expect(!options.text.contains("timeout"), "it would hide the server's own")
        options.startsLimited = true
        #expect(options.text.hasPrefix("-c search_path=pg_catalog,\\ pg_temp -c statement_timeout=4s "))
        for setting in [
            "lock_timeout=500ms", "default_transaction_isolation=read\\ committed",
            "local_preload_libraries=",
        ] {
            #expect(options.text.contains("-c \(setting)"), "\(setting)")
        }
        #expect(!options.text.contains("read_only"), "target_session_attrs would choose another server for it")
    }

    @Test(arguments: [
        ("-c statement_timeout=9 -c search_path=app,\\ public", 9, "app, public"),
        ("--statement-timeout=2s --search_path=app", 2000, "app"), ("-cstatement_timeout=1min", 4000, nil),
        ("-c statement_timeout=0", 4000, nil), ("-c geqo=off -B 64", 4000, nil), ("", 4000, nil),
        ("-c search_path=a -c SEARCH_PATH=b", 4000, "b"), ("-c statement_timeout", 4000, nil),
    ])
    func theUsersOwnOptionsAreRead(text: String, milliseconds: Int, path: String?) {
        let options = StartupOptions(timeout: .seconds(5), wishes: OptionsText(text))
        #expect(options.statementTimeout == .milliseconds(milliseconds) && options.usersPath == path)
    }

    @Test func aTransactionSetsItselfWhatTheSessionDoesNotHave() {
        var options = StartupOptions(timeout: .seconds(5))
        options.startsLimited = true
        let settings = options.asked + StartupOptions.needed
        func opening(_ change: (String, String)?, transactionTimeout: String? = nil) -> TransactionOpening {
            var rows = Rows(columns: settings.map(\.name) + ["transaction_timeout"])
            rows.append(settings.map { $0.name == change?.0 ? change?.1 : $0.value } + [transactionTimeout])
            return TransactionOpening(options, from: rows)
        }
        let own = Statement("SELECT 1")
        let short =
            "SELECT /* sidelong */ pg_catalog.set_config('transaction_read_only', 'on', true), "
            + "pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)"
        #expect(opening(nil).commands(before: own) == [short])
        #expect(opening(nil, transactionTimeout: "0").commands(before: own) == [short])
        #expect(opening(("DateStyle", "ISO, DMY")).commands(before: own) == [short], "as good")
        let limited = opening(nil, transactionTimeout: "1s").commands(before: own)
        #expect(limited.last?.contains("'transaction_timeout', '0'") == true)
        for setting in options.asked {
            let opening = opening((setting.name, "other"))
            let commands = opening.commands(before: own)
            #expect(!opening.isInForce && commands.count == 3 && commands[0].contains(" transaction_isolation "))
            for each in options.limits + StartupOptions.needed {
                #expect(commands[2].contains("'\(each.name)', '\(each.value)'"))
            }
        }
        for setting in StartupOptions.needed {
            let opening = opening((setting.name, "other"))
            #expect(opening.isInForce && opening.commands(before: own).count == 1, "no pooler")
            #expect(opening.commands(before: own)[0].contains("'\(setting.name)', '\(setting.value)'"))
        }
        let users = Statement("SELECT 1", opening: .users("\"a'b\", c\\d"))
        #expect(opening(nil).commands(before: users)[0].contains("'search_path', E'\"a''b\", c\\\\d'"))
        let pooled = TransactionOpening(options).commands(before: Statement("SELECT 1", opening: .users(nil)))
        #expect(pooled.last?.contains("read_only") == true && pooled.last?.contains("search_path") == false)
        #expect(opening(nil).commands(before: StartupOptions.query) == [], "it wants to see the session as it is")
        #expect(TransactionOpening(options).commands(before: StartupOptions.query).allSatisfy { $0.hasPrefix("SET ") })
        options.startsLimited = false
        let unlimited = opening(nil).commands(before: own)
        #expect(options.limits.allSatisfy { unlimited[0].contains("'\($0.name)', '\($0.value)'") })
    }

    @Test(arguments: [("1ms", true), ("99ms", true), ("100ms", false), ("4s", false), ("1d", false), ("0", false)])
    func aLimitOfTheServersThatIsTooShortIsKnown(shown: String, isTooShort: Bool) {
        var rows = Rows(columns: ["statement_timeout"])
        rows.append([shown])
        #expect(StartupOptions(timeout: .seconds(5)).leavesNoTime(in: rows) == isTooShort)
    }
}

@Suite struct ServerErrorTests {
    /// Texts of libpq 15 with `PQERRORS_VERBOSE`.
    @Test(arguments: [
        (
            "connection to server at \"127.0.0.1\", port 5432 failed: FATAL:  28P01: password authentication failed for "
                + "user \"monitor\"\nLOCATION:  auth_failed, auth.c:335\n", CollectorFailure.Reason.auth
        ),
        ("connection to server at \"h\", port 1 failed: FATAL:  57P03: the database system is starting up\n", .loading),
        ("connection to server at \"h\", port 1 failed: FATAL:  53300: sorry, too many clients already\n", .refused),
        ("connection to server at \"h\", port 1 failed: FATAL:  3D000: database \"x\" does not exist\n", .refused),
        ("connection to server at \"h\", port 1 failed: Connection refused\n\tIs the server running\n", .connect),
        ("connection to server on socket \"/x/.s\" failed: No such file or directory\n", .connect),
        ("could not translate host name \"nowhere.invalid\" to address: Name or service not known\n", .resolve),
        ("connection to server at \"h\", port 1 failed: fe_sendauth: no password supplied\n", .auth),
        ("connection to server at \"h\", port 1 failed: server does not support SSL, but SSL was required\n", .tls),
        ("connection to server at \"h\", port 1 failed: SSL error: certificate verify failed\n", .tls),
        ("connection to server at \"h\", port 1 failed: server closed the connection unexpectedly\n", .closed),
        ("connection to server at \"h\", port 1 failed: FATAL:  08P01: \"trust\" authentication failed\n", .auth),
        ("connection to server at \"h\", port 1 failed: FATAL:  08P01: not allowed\n", .denied),
        ("", .connect),
    ])
    func refusalsHaveAReason(text: String, reason: CollectorFailure.Reason) {
        let failure = ConnectFailure(text: text)
        #expect(failure.failure.reason == reason)
        #expect(!failure.failure.message.contains("\n") && !failure.failure.message.isEmpty)
        #expect(!failure.refusesOptions)
    }

    @Test func aPasswordMayBeAWordOfLibpqs() {
        let failure = ConnectFailure(text: "connection to server failed: fe_sendauth: no password supplied\n")
        #expect(failure.hiding("password").failure.reason == .auth)
        #expect(
            failure.hiding("password").failure.message == "connection to server failed: fe_sendauth: no *** supplied")
    }

    @Test func theLastAddressDecidesAndTheCodeIsNotShown() {
        let failure = ConnectFailure(
            text: "connection to server at \"::1\", port 1 failed: Connection refused\n"
                + "connection to server at \"127.0.0.1\", port 1 failed: FATAL:  28000: role \"x\" is not permitted\n")
        #expect(failure.failure == CollectorFailure(.auth, "role \"x\" is not permitted"))
    }

    @Test(arguments: [
        "08P01: unsupported startup parameter: options",
        "08P01: unsupported startup parameter in options: lock_timeout",
        "0A000: Feature not supported: RDS Proxy currently doesn\u{2019}t support command-line options.",
    ])
    func aPoolerIsKnownByWhatItRefuses(message: String) {
        #expect(ConnectFailure(text: "connection failed: FATAL:  \(message)\n").refusesOptions)
    }

    @Test(arguments: [
        ("failed: Connection refused", true), ("failed: session is read-only", true), ("failed: timeout expired", true),
        ("failed: FATAL:  57P03: the database system is starting up", true),
        ("failed: FATAL:  28P01: password authentication failed", false),
        ("failed: FATAL:  3D000: database \"x\" does not exist", false),
        ("failed: SSL error: certificate verify failed", false),
    ])
    func aHostThatSaidNoEndsTheSearch(text: String, leadsOn: Bool) {
        #expect(ConnectFailure(text: "connection to server at \"h\", port 1 \(text)\n").leadsToNextHost == leadsOn)
    }

    @Test(arguments: [
        ("42501", CollectorFailure.Reason.denied), ("57014", .timeout), ("55P03", .timeout), ("57P01", .closed),
        ("42P01", .unsupported), ("42601", .refused), ("53300", .refused), ("25006", .refused),
    ])
    func codesHaveAReason(code: String, reason: CollectorFailure.Reason) {
        #expect(ServerError(sqlState: code, message: "x").failure.reason == reason)
    }
}

import Foundation
import TestKit
import Testing

/// Nothing of what statements say comes out anywhere: not on the page, in the log, in health, check or replay. Needs
/// CAP_NET_RAW.
@Suite struct SQLPrivacyTests {
    /// In every text, value, name and message of the scripts below.
    private static let planted = "planted"
    private static let plantedNumber = "8675309042"

    /// What simple queries can hold. Some of it fails, and says so in the server's words.
    private static let texts = """
        SELECT 'planted literal' AS planted_column, 8675309042 AS b, $q$planted dollars$q$;
        SELECT E'planted\\'escape', U&'planted', B'1', 1 AS "planted quoted";
        SELECT note /* planted comment */ FROM public.accounts -- planted line
            WHERE note = 'planted' AND id = 8675309042;
        PREPARE planted_statement (text) AS SELECT note FROM accounts WHERE note = $1;
        EXECUTE planted_statement('planted argument');
        BEGIN;
        SAVEPOINT planted_savepoint;
        DECLARE planted_cursor CURSOR FOR SELECT note FROM accounts;
        FETCH 1 FROM planted_cursor;
        COMMIT;
        LISTEN planted_channel;
        NOTIFY planted_channel, 'planted payload';
        DO $$BEGIN RAISE NOTICE 'planted notice'; END$$;
        DO $$BEGIN RAISE EXCEPTION 'planted message'
            USING DETAIL = 'planted detail', HINT = 'planted hint', ERRCODE = 'PLANT'; END$$;
        INSERT INTO accounts (id, note) VALUES (1, 'planted');
        SELECT planted_function(1);
        SELECT planted_column FROM accounts;
        SELECT 'planted' FROM accounts WHERE;
        CREATE ROLE somebody LOGIN PASSWORD 'planted-password';
        SET application_name = 'planted application';
        WITH planted_list AS (SELECT 'planted') INSERT INTO accounts (note) SELECT * FROM planted_list;
        COPY accounts (note) FROM STDIN;
        planted row
        \\.
        COPY accounts (note) TO STDOUT;

        """

    /// Parameters of the extended protocol.
    private static let parameters = """
        \\set number \(plantedNumber)
        SELECT note FROM accounts WHERE id = :number;
        UPDATE accounts SET note = 'planted' || :number WHERE id = 1;

        """

    private func holdsNone(_ text: String, _ place: String) {
        #expect(!text.isEmpty, "\(place)")
        for secret in [Self.planted, Self.plantedNumber] { #expect(!text.contains(secret), "\(secret) in \(place)") }
    }

    @Test func nothingOfAStatementComesOut() async throws {
        let postgres = try await PostgresServer.start()
        try postgres.sql("CREATE EXTENSION pg_stat_statements; CREATE TABLE accounts (id int8 UNIQUE, note text)")
        try postgres.sql("INSERT INTO accounts VALUES (1)")
        try postgres.sql("CREATE ROLE watcher LOGIN PASSWORD 'x' IN ROLE needs_password")
        let dsn = "--postgres.dsn=postgres://postgres@127.0.0.1:\(postgres.port)/postgres"
        let sidelong = try await Sidelong([
            "--redis.addr=127.0.0.1:1", "--wire.interfaces=lo", "--wire.buffer=16MiB", dsn, "--log.level=debug",
            "--postgres.interval=200ms",
        ])
        try await sidelong.captures()
        let folder = try TemporaryFolder()
        let recording = folder.path("talk.pcap")
        let tcpdump = try ServerProcess(
            // Threads of tests block the signal that ends it.
            "env",
            [
                "--default-signal", "tcpdump", "-i", "lo", "-U", "-Z", "root", "--immediate-mode", "-w", recording,
                "tcp port \(postgres.port)",
            ],
            in: folder)
        try await eventually("tcpdump listens") { tcpdump.output.contains("listening on") }
        let script = try folder.write(Self.texts, to: "texts.sql")
        let parameters = try folder.write(Self.parameters, to: "parameters.sql")
        let address = ["-h", "127.0.0.1", "-p", "\(postgres.port)", "-U", "postgres"]
        _ = try ServerProcess.run(
            DatabaseRelease.postgres.path("psql"), ["-Xqo", "/dev/null"] + address + ["-f", script, "postgres"])
        for mode in ["extended", "prepared"] {
            let run = try ServerProcess.run(
                DatabaseRelease.postgres.path("pgbench"),
                ["-n", "-t", "10", "-M", mode, "-f", parameters] + address + ["postgres"])
            #expect(run.status == 0, "\(run.output)")
        }
        let refused = try ServerProcess.run(
            "env",
            [
                "PGPASSWORD=planted-password", DatabaseRelease.postgres.path("psql"), "-h", "127.0.0.1", "-p",
                "\(postgres.port)", "-U", "watcher", "-c", "SELECT 1", "postgres",
            ])
        #expect(refused.status != 0)
        try await sidelong.waits(for: #"database_login_failures_total{sqlstate="28P01"}"#, toBe: 1)
        // All of it was read: errors by code, the table by name.
        try await sidelong.waits(
            for: #"database_table_query_duration_seconds_count{table="accounts",type="update"}"#, toBe: 20)
        #expect(try sidelong.value(#"database_query_errors_total{type="other",sqlstate="other"}"#) == 1)
        #expect(try sidelong.value(#"database_query_errors_total{type="insert",sqlstate="23505"}"#) == 1)

        holdsNone(try sidelong.page(), "the page")
        holdsNone(
            try sidelong.get("/metrics", headers: ["Accept": "application/openmetrics-text; version=1.0.0"]).text,
            "OpenMetrics")
        for path in ["/health", "/health/database", "/health/capture"] { holdsNone(try sidelong.get(path).text, path) }
        let check = try await Sidelong.run(["check", "--redis.addr=127.0.0.1:1", dsn, "--log.level=debug"])
        holdsNone(check.output, "check")
        holdsNone(sidelong.process.output, "the log")
        tcpdump.send(SIGTERM)
        _ = try await tcpdump.exitStatus()
        for format in ["prometheus", "table"] {
            let replay = try await Sidelong.run([
                "replay", "--format=\(format)", "--wire.postgres-ports=\(postgres.port)", "--log.level=debug",
                recording,
            ])
            #expect(replay.status == 0 && replay.output.contains("accounts"), "\(replay.output)")
            holdsNone(replay.output, "replay, \(format)")
        }
    }
}

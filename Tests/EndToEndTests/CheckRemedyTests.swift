import Glibc
import TestKit
import Testing

/// `sidelong check` names everything that is missing in one round, each with what to do about it.
@Suite struct CheckRemedyTests {
    private func check(_ arguments: [String], environment: [String: String] = [:]) async throws -> [String] {
        let result = try await Sidelong.run(["check"] + arguments, environment: environment)
        #expect(result.status == 1, "\(result.output)")
        return result.output.split(separator: "\n").filter { $0.hasPrefix("To mend ") }.map(String.init)
    }

    private func expect(_ remedies: [String], _ wanted: (subject: String, words: String)...) {
        for (subject, words) in wanted {
            let found = remedies.contains { $0.hasPrefix("To mend \(subject)") && $0.contains(words) }
            #expect(found, "\(subject): \(words) in \(remedies)")
        }
    }

    /// Nobody there, no such host, another server, a wrong password, no TLS: all of them in one run.
    @Test func targetsThatCannotBePolled() async throws {
        let redis = try await RedisServer("redis-server", ["requirepass secret"])
        let postgres = try await PostgresServer.start()
        try postgres.sql("CREATE ROLE needing LOGIN PASSWORD 'right' IN ROLE needs_password")
        let http = try FakeServer { client in
            _ = client.receive()
            _ = client.send("HTTP/1.1 400 Bad Request\r\n\r\n")
        }
        let remedies = try await check([
            "--redis.addr=127.0.0.1:1", "--redis.addr=no-such-host.invalid:6379", "--redis.addr=127.0.0.1:\(http.port)",
            "--redis.addr=\(redis.address)", "--redis.addr=rediss://localhost:\(redis.port)", "--wire.interfaces=off",
            "--postgres.dsn=host=127.0.0.1 port=1 user=a", "--postgres.dsn=host=no-such-host.invalid user=a",
            "--postgres.dsn=host=127.0.0.1 port=\(http.port) user=a",
            "--postgres.dsn=host=127.0.0.1 port=\(postgres.port) user=needing password=hunter2 dbname=postgres",
            "--pgbouncer.dsn=host=127.0.0.1 port=1 user=a",
        ])
        expect(
            remedies, ("redis 127.0.0.1:1:", "start Redis, or give --redis.addr"),
            ("redis no-such-host.invalid:6379:", "no host has this name"),
            ("redis 127.0.0.1:\(http.port):", "something else than Redis answers there"),
            ("redis \(redis.address):", "REDIS_PASSWORD"),
            ("redis localhost:\(redis.port):", "redis:// where it does not"),
            ("postgres 127.0.0.1:1:", "start Postgres"), ("postgres no-such-host.invalid", "no host has this name"),
            ("postgres 127.0.0.1:\(http.port):", "something else than Postgres answers there"),
            ("postgres 127.0.0.1:\(postgres.port):", "CREATE ROLE \"needing\" LOGIN"),
            ("pgbouncer 127.0.0.1:1:", "start PgBouncer"))
        #expect(!remedies.joined().contains("hunter2"))
    }

    /// The role, and two tables of a query of the user's own, of which the server names the first only. What is pasted
    /// mends all of it.
    @Test func grantsOfPostgresAreOneBlock() async throws {
        let postgres = try await PostgresServer.start()
        try postgres.sql(
            "CREATE ROLE narrow LOGIN; CREATE TABLE orders (id int); CREATE SCHEMA shop; CREATE TABLE shop.items (id int)"
        )
        let folder = try TemporaryFolder()
        let queries = try folder.write(
            """
            shop:
              query: SELECT count(*) AS sold FROM orders, shop.items
              metrics:
                - sold: {usage: GAUGE, description: Sold.}
            absent:
              query: SELECT count(*) AS n FROM nowhere
              metrics:
                - n: {usage: GAUGE, description: None.}
            """, to: "queries.yaml")
        let arguments = [
            "--redis.addr=127.0.0.1:1", "--wire.interfaces=off", "--postgres.queries-file=\(queries)",
            "--postgres.dsn=host=127.0.0.1 port=\(postgres.port) user=narrow dbname=postgres",
        ]
        let remedies = try await check(arguments)
        let subject = "To mend postgres 127.0.0.1:\(postgres.port), run there: "
        let block = try #require(remedies.first { $0.hasPrefix(subject) }, "\(remedies)").dropFirst(subject.count)
        for grant in ["pg_monitor", "SELECT ON public.orders", "USAGE ON SCHEMA shop", "SELECT ON shop.items"] {
            #expect(block.contains("GRANT \(grant) TO \"narrow\";"), "\(block)")
        }
        expect(remedies, ("postgres_query_absent:", "does not have what absent in"))
        try postgres.sql(String(block))
        let mended = try await check(arguments)
        #expect(!mended.contains { $0.hasPrefix(subject) }, "\(mended)")
    }

    /// A capture on an interface that nobody's packets pass, Sidelong's own neither; and on the one that they do pass.
    @Test func noPackets() async throws {
        func check(on interface: String) throws -> (status: Int32, output: String) {
            let script = """
                ip link set lo up && ip link add sl0 type veth peer name sl1 && ip link set sl0 up && ip link set sl1 up
                redis-server --port 6379 --save '' >/dev/null &
                until redis-cli PING >/dev/null 2>&1; do sleep 0.05; done
                \(Sidelong.binary) check --wire.interfaces=\(interface)
                status=$?
                redis-cli SHUTDOWN NOSAVE
                exit $status
                """
            return try ServerProcess.run("unshare", ["--net", "sh", "-c", script])
        }
        let blind = try check(on: "sl0")
        #expect(blind.status == 1, "\(blind.output)")
        #expect(blind.output.contains("MISSING  no packet on port 6379, although Redis was polled there just now"))
        #expect(blind.output.contains("To mend wire: give --wire.interfaces the interface by which"), "\(blind.output)")
        let well = try check(on: "lo")
        #expect(well.status == 0, "\(well.output)")
    }
}

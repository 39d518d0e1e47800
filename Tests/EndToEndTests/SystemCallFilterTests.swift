import Foundation
import Glibc
import TestKit
import Testing

/// The program under its own system-call filter, with everything switched on that it can do.
@Suite struct SystemCallFilterTests {
    /// And it makes no call that the list has not, nor has the list what it does not call.
    ///
    /// TLS and a password to every server that has them, so that the libraries behind these are under the filter too.
    @Test func everythingWorksUnderTheFilter() async throws {
        let folder = try TemporaryFolder()
        let authority = try Certificates(in: folder)
        let server = try authority.sign("server", names: ["DNS:localhost"])
        let client = try authority.sign("client", names: ["DNS:client"])
        let tlsPort = try freePort()
        let redis = try await RedisServer(
            "redis-server",
            [
                "tls-port \(tlsPort)", "tls-cert-file \(server.certificate)", "tls-key-file \(server.key)",
                "tls-ca-cert-file \(authority.authority)", "tls-auth-clients yes",
            ])
        let postgres = try await PostgresServer.start(encryptedWith: server)
        let pgBouncer = try await PgBouncer.start(before: postgres)
        try postgres.sql("CREATE ROLE watcher LOGIN PASSWORD 'geheim' IN ROLE needs_password, pg_monitor")
        let password = try folder.write("geheim\n", to: "password")
        let web = "tls_server_config: {cert_file: server.crt, key_file: server.key}\n"
        let config = try folder.write(web, to: "web.yml")
        let queries = Project.root.appending(path: "deploy/gateway-queries.yaml").path
        try postgres.sql(try Project.text("deploy/gateway-schema.sql"))
        // A name to look up, unix sockets to listen on and a capture; the two differ in the filter only.
        let trace = folder.path("trace")
        let tracer = ["strace", "--daemonize", "--follow-forks", "--quiet=all", "--output=\(trace)"]
        func start(_ filter: Bool) async throws -> Sidelong {
            let arguments = [
                "--redis.addr=rediss://localhost:\(tlsPort)", "--redis.tls-ca-file=\(authority.authority)",
                "--redis.tls-cert-file=\(client.certificate)", "--redis.tls-key-file=\(client.key)",
                "--wire.redis-ports=\(redis.port)",
                "--postgres.dsn=postgres://watcher@localhost:\(postgres.port)/postgres"
                    + "?sslmode=verify-full&sslrootcert=\(authority.authority)",
                "--postgres.password-file=\(password)",
                "--pgbouncer.dsn=host=127.0.0.1 port=\(pgBouncer.port) user=stats",
                "--postgres.queries-file=\(queries)",
                "--redis.interval=200ms", "--postgres.interval=200ms", "--pgbouncer.interval=200ms",
                "--wire.interfaces=lo",
                "--web.config.file=\(config)", "--web.listen-address=unix://\(folder.path(filter ? "a" : "b"))",
                "--process.system-call-filter=\(filter)", "--keys.hot=3", "--keys.probe=user:1",
            ]
            return try await Sidelong(arguments, through: filter ? (tracer, Sidelong.binary) : nil)
        }
        let filtered = try await start(true)
        let free = try await start(false)
        try await eventually("the same page, but for values") {
            // Either may begin to capture after the other.
            try redis.cli("SET", "user:1", "x")
            let (one, other) = (try families(filtered), try families(free))
            return one == other
                && one.isSuperset(of: ["redis_up", "pg_up", "pgbouncer_up", "sidelong_wire_packets_total"])
        }
        #expect(try page(filtered).contains("\nsidelong_system_call_filter_active 1\n"))
        #expect(try page(free).contains("\nsidelong_system_call_filter_active 0\n"))
        #expect(filtered.process.output.contains("system-call filter in force"))
        // A new configuration, a new certificate, threads that come later.
        filtered.process.send(SIGHUP)
        try await eventually("read again") { filtered.process.output.contains("msg=\"configuration read again\"") }
        try folder.write(web + "http_server_config: {headers: {X-Frame-Options: deny}}\n", to: "web.yml")
        try await eventually("the file is taken") { filtered.process.output.contains("web configuration read again") }
        try await eventually("everything is up again") {
            let page = try page(filtered)
            return ["redis_up", "pg_up", "pgbouncer_up"].allSatisfy { page.contains("\n\($0) 1\n") }
        }
        try everyThreadIsFiltered(filtered)
        let socket = try ServerProcess.run("curl", ["-s", "--unix-socket", folder.path("a"), "http://x/health/live"])
        #expect(socket.output.contains("\"live\""))
        filtered.process.send(SIGTERM)
        #expect(try await filtered.process.exitStatus() == 0)
        #expect(!FileManager.default.fileExists(atPath: folder.path("a")), "the socket's file is gone")
        try await eventually("the end of the trace") {
            try String(contentsOfFile: trace, encoding: .utf8).contains("exit_group(0")
        }
        try theListIsWhatIsUsed(Calls(inTrace: String(contentsOfFile: trace, encoding: .utf8)))
    }

    /// Calls under the filter, by name.
    private struct Calls {
        var allowed: Set<String> = []
        /// Those that the filter says there are none of.
        var refused: Set<String> = []

        init(inTrace trace: String) throws {
            let start = try #require(trace.firstRange(of: " seccomp(SECCOMP_SET_MODE_FILTER"))
            for line in trace[start.upperBound...].split(separator: "\n").dropFirst() {
                guard let call = line.firstMatch(of: /^\d+ +(?:<\.\.\. )?(\w+)(?:\(| resumed)/)?.1 else { continue }
                if line.contains(" ENOSYS ") { refused.insert(String(call)) } else { allowed.insert(String(call)) }
            }
        }
    }

    /// A call that nothing makes any more is not to be on the list.
    private func theListIsWhatIsUsed(_ calls: Calls) throws {
        let source = try Project.text("Sources/Exporter/Process/SystemCallFilter.swift")
        func names(_ list: String) throws -> Set<String> {
            let start = try #require(source.firstRange(of: "static let \(list) "))
            let end = try #require(source[start.upperBound...].firstRange(of: "\n    ]"))
            let list = source[start.upperBound..<end.lowerBound]
            return Set(list.matches(of: /"([a-z][a-z0-9_]+)"/).map { String($0.1) })
        }
        let (used, otherwise, seldom) = (try names("used"), try names("otherwise"), try names("seldom"))
        #expect(used.count > 30 && otherwise.count + seldom.count < 30)
        // Threads are made with an older call where the newer one cannot be looked into.
        #expect(calls.refused.subtracting(["clone3"]) == [])
        #if arch(x86_64)
        #expect(used.subtracting(calls.allowed).sorted() == [], "nobody calls them")
        #endif
    }

    private func page(_ sidelong: Sidelong) throws -> String {
        try ServerProcess.run("curl", ["-sk", "--compressed", "https://localhost:\(sidelong.port)/metrics"]).output
    }

    private func families(_ sidelong: Sidelong) throws -> Set<String> {
        Set(
            try page(sidelong).split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map {
                String($0.dropFirst("# TYPE ".count).prefix { $0 != " " })
            })
    }

    private func everyThreadIsFiltered(_ sidelong: Sidelong) throws {
        let tasks = "/proc/\(sidelong.process.identifier)/task"
        var count = 0
        for thread in try FileManager.default.contentsOfDirectory(atPath: tasks) {
            // One may have ended meanwhile.
            guard let status = try? String(contentsOfFile: "\(tasks)/\(thread)/status", encoding: .utf8) else {
                continue
            }
            #expect(status.contains("\nSeccomp:\t2\n"), "thread \(thread)")
            count += 1
        }
        #expect(count > 2)
    }
}

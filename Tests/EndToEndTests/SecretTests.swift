import Foundation
import Glibc
import TestKit
import Testing

/// Every secret that the program is given is looked for wherever it could come out.
@Suite struct SecretTests {
    private struct Planted {
        let redis = "planted-redis-password"
        let postgres = "planted-postgres-password"
        let pgBouncer = "planted-pgbouncer-password"
        let second = "planted-second-redis-password"
        let token = "planted-api-token"
        let password = "planted-user-password"

        var all: [String] {
            [redis, postgres, pgBouncer, second, token, password, Self.encoded("prometheus", password)]
        }

        static func encoded(_ user: String, _ password: String) -> String {
            Data("\(user):\(password)".utf8).base64EncodedString()
        }
    }

    private let planted = Planted()
    private let folder: TemporaryFolder
    private let redis: RedisServer
    /// Knows the user, by another password.
    private let postgres: PostgresServer
    private let sidelong: Sidelong
    /// Lines of the TLS key, the hash of the user's password and the digest of the token.
    private let derived: [String]

    init() async throws {
        folder = try TemporaryFolder()
        _ = try Certificates(in: folder).sign("server", names: ["DNS:localhost"])
        let key = try String(contentsOfFile: folder.path("server.key"), encoding: .utf8)
        let digest = try ServerProcess.run("bash", ["-c", "printf %s \(planted.token) | sha256sum"]).output.prefix(64)
        let hash = try ServerProcess.run("htpasswd", ["-nbB", "-C", "5", "prometheus", planted.password]).output
            .split(separator: "\n")[0].dropFirst("prometheus:".count)
        derived =
            key.split(separator: "\n").filter { !$0.hasPrefix("-") && $0.count > 10 }.map(String.init)
            + [String(hash), String(digest)]
        let config = try folder.write(
            """
            tls_server_config: {cert_file: server.crt, key_file: server.key}
            basic_auth_users: {prometheus: '\(hash)'}
            api_keys: [{name: grafana, sha256: \(digest)}]
            """, to: "web.yml")
        redis = try await RedisServer()
        try redis.cli("CONFIG", "SET", "requirepass", planted.redis)
        postgres = try await PostgresServer.start()
        try postgres.sql("CREATE ROLE watcher LOGIN PASSWORD 'another' IN ROLE needs_password")
        sidelong = try await Sidelong(
            [
                "--redis.addr=\(redis.address),redis://someone:\(planted.second)@127.0.0.1:1", "--log.level=debug",
                "--pgbouncer.dsn", "host=127.0.0.1 port=1 user=stats password=\(planted.pgBouncer)",
                "--web.config.file=\(config)", "--redis.interval=200ms", "--retry.delay=100ms",
            ],
            environment: [
                "REDIS_PASSWORD": planted.redis, "PGPASSWORD": planted.postgres,
                "DATABASE_URL": Self.address(of: postgres, planted),
            ],
            through: (["bash", "-c", "ulimit -c unlimited && exec \"$0\" \"$@\""], Sidelong.binary))
    }

    private static func address(of postgres: PostgresServer, _ planted: Planted) -> String {
        "postgres://watcher:\(planted.postgres)@127.0.0.1:\(postgres.port)/postgres"
    }

    /// What curl is answered; everything of it, header fields included.
    private func ask(_ path: String, _ arguments: String...) throws -> String {
        try ServerProcess.run(
            "curl", ["-sk", "-i", "--max-time", "30"] + arguments + ["https://localhost:\(sidelong.port)\(path)"]
        ).output
    }

    private func holdsNone(_ text: String, _ place: String) {
        for secret in planted.all + derived { #expect(!text.contains(secret), "\(secret) in \(place)") }
    }

    @Test func noSecretComesOut() async throws {
        let bearer = "Authorization: Bearer \(planted.token)"
        try await eventually("redis is up with its password") {
            try ask("/metrics", "-H", bearer).contains("\nredis_up{target=\"\(redis.address)\"} 1\n")
        }
        // Everything that could make it talk: wrong credentials, right ones, a failed login, refused configurations.
        _ = try ask("/metrics", "-H", bearer + "x")
        _ = try ask("/metrics", "-u", "prometheus:\(planted.password)x")
        _ = try ask("/\(planted.token)?key=\(planted.token)")
        try redis.cli("-a", planted.redis, "CONFIG", "SET", "requirepass", "another")
        sidelong.process.send(SIGHUP)
        try folder.write("basic_auth_users: {prometheus: \(planted.password)}\n", to: "web.yml")
        try await eventually("refused") { sidelong.process.output.contains("web configuration refused") }
        for path in ["/metrics", "/health", "/health/redis", "/health/database", "/health/pgbouncer", "/health/live"] {
            let answer = try ask(path, "-u", "prometheus:\(planted.password)")
            #expect(answer.hasPrefix("HTTP/1.1 "), "\(path)")
            #expect(!answer.hasPrefix("HTTP/1.1 401"))
            holdsNone(answer, path)
        }
        let process = "/proc/\(sidelong.process.identifier)"
        let arguments = try Data(contentsOf: URL(filePath: "\(process)/cmdline"))
        let environment = try Data(contentsOf: URL(filePath: "\(process)/environ"))
        let line = String(decoding: arguments, as: UTF8.self)
        #expect(line.contains("--log.level=debug"))
        #expect(line.contains("redis://someone:*"))
        holdsNone(line, "cmdline")
        #expect(environment.allSatisfy { $0 == 0 })
        holdsNone(try await Sidelong.run(["--help"], environment: ["REDIS_PASSWORD": planted.redis]).output, "--help")
        let check = try await Sidelong.run(
            ["check", "--redis.addr=\(redis.address)", "--log.level=debug"],
            environment: ["REDIS_PASSWORD": planted.redis, "DATABASE_URL": Self.address(of: postgres, planted)])
        #expect(check.status == 1 && check.output.contains("auth"), "\(check.output)")
        holdsNone(check.output, "check")
        #expect(sidelong.process.output.contains("collector=postgres reason=auth"), "\(sidelong.process.output)")
        holdsNone(sidelong.process.output, "the log")
    }

    @Test func aCrashLeavesNoCore() async throws {
        let limits = try String(
            contentsOfFile: "/proc/\(sidelong.process.identifier)/limits", encoding: .utf8)
        let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
        #expect(line.split(separator: " ").suffix(3).prefix(2) == ["0", "0"])
        // Swift's runtime catches the first one.
        try await eventually("the crash") {
            sidelong.process.send(SIGSEGV)
            return !sidelong.process.isRunning
        }
        #expect(try await sidelong.process.exitStatus() == -SIGSEGV)
        let left = try FileManager.default.contentsOfDirectory(atPath: sidelong.folder.url.path)
        #expect(!left.contains { $0.hasPrefix("core") })
    }

    @Test func othersOfTheSameUserSeeNothing() async throws {
        let folder = try TemporaryFolder()
        let binary = folder.path("sidelong")
        try FileManager.default.copyItem(atPath: Sidelong.binary, toPath: binary)
        for path in [binary, folder.url.path] {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
        let asNobody = [
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all",
        ]
        let sidelong = try await Sidelong(["--redis.addr=127.0.0.1:1"], through: (asNobody, binary))
        try await sidelong.isReady()
        let process = "/proc/\(sidelong.process.identifier)"
        for file in ["environ", "maps", "mem", "fd"] {
            let look = try ServerProcess.run(
                asNobody[0], Array(asNobody.dropFirst()) + ["head", "-c", "1", "\(process)/\(file)"])
            #expect(look.status != 0, "\(file)")
        }
        // What the program shows of itself it still can see.
        let page = try sidelong.page()
        for family in [
            "process_open_fds", "process_max_fds", "process_resident_memory_bytes", "process_cpu_seconds_total",
            "process_start_time_seconds", "process_threads", "process_network_receive_bytes_total",
        ] {
            #expect(page.contains("\n\(family) "), "\(family)")
        }
    }
}

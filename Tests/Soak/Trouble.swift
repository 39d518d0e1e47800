import Glibc
import TestKit

/// Something that goes wrong for a while.
struct Trouble: Sendable {
    let name: String
    private let begin: @Sendable (Scene) async throws -> Void
    private let end: @Sendable (Scene) async throws -> Void

    private init(
        _ name: String, begin: @escaping @Sendable (Scene) async throws -> Void,
        end: @escaping @Sendable (Scene) async throws -> Void = { _ in }
    ) {
        self.name = name
        self.begin = begin
        self.end = end
    }

    /// Lets it happen for a while, and waits until all is well again.
    func happen(in scene: Scene, for duration: Duration) async throws {
        try await begin(scene)
        try await Task.sleep(for: duration)
        try await end(scene)
        try await scene.isWell()
    }

    /// All of them, those first that a short run should not miss.
    static let all =
        [
            Trouble("servers restart") { scene in
                scene.redis.kill()
                scene.postgres.stop()
            } end: { scene in
                try await scene.redis.start()
                try await scene.postgres.start()
            },
            spoiled(.silence),
            Trouble("configuration read again", begin: { $0.sidelong.process.send(SIGHUP) }),
            spoiled(.reset),
            stopped("Redis stopped") { $0.redis.send($1) },
            Trouble("connections killed") { scene in
                try scene.redis.cli("CLIENT", "KILL", "TYPE", "normal")
                try scene.postgres.sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
            },
            stopped("Postgres stopped") { $0.postgres.signal($1) },
            stopped("PgBouncer stopped") { $0.pgBouncer.send($1) },
            crowd(),
        ]
        + [
            .latency(.milliseconds(300)), .halfReply, .drip(pause: .milliseconds(50)), .garbage,
            .slowClose(.seconds(1)),
        ]
        .map(spoiled)

    /// All replies of all servers.
    private static func spoiled(_ fault: Fault) -> Trouble {
        Trouble("\(fault)") { scene in
            scene.proxies.forEach { $0.fault = fault }
        } end: { scene in
            scene.proxies.forEach { $0.fault = nil }
        }
    }

    private static func stopped(_ name: String, _ send: @escaping @Sendable (Scene, Int32) -> Void) -> Trouble {
        Trouble(name, begin: { send($0, SIGSTOP) }, end: { send($0, SIGCONT) })
    }

    /// Clients that connect and then say nothing, half a request, or do not read what they asked for.
    private static func crowd() -> Trouble {
        Trouble("bad clients") { scene in
            var clients: [RawSocket] = []
            for words in ["", "GET /metr", "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"] {
                for _ in 0..<30 {
                    let client = try RawSocket(port: scene.sidelong.port)
                    try client.send(words)
                    clients.append(client)
                }
            }
        }
    }
}

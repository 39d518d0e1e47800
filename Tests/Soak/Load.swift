import Foundation
import TestKit

/// Clients of Redis and of PgBouncer that never stop, whatever becomes of the servers.
struct Load {
    private let clients: [Task<Void, any Error>]

    init(on scene: Scene) throws {
        let folder = try TemporaryFolder()
        let redis = ["redis-benchmark", "-p", "\(scene.redis.port)", "-c", "10", "-r", "100000", "-n", "20000", "-q"]
        let pgbench = [DatabaseRelease.postgres.path("pgbench"), "-h", "127.0.0.1", "-U", "postgres", "-n", "-T", "5"]
        try folder.write("SELECT count(*) FROM pg_class;\n", to: "select.sql")
        let commands = [
            redis + ["-t", "set,get,incr,lpush,hset"], redis + ["-t", "get", "-P", "16"],
            pgbench + ["-p", "\(scene.pgBouncer.port)", "-c", "3", "-f", folder.path("select.sql"), "-R", "50", "app"],
        ]
        clients = commands.map { command in
            Task {
                while !Task.isCancelled { try await Self.run(command, in: folder) }
            }
        }
    }

    /// Returns when the last client is gone.
    func stop() async {
        clients.forEach { $0.cancel() }
        for client in clients { _ = await client.result }
    }

    /// Runs a client until it ends, for some seconds at the most: when their server goes, one kind of them gives up and
    /// the other one never does.
    private static func run(_ command: [String], in folder: TemporaryFolder) async throws {
        let client = try ServerProcess("nice", ["-n", "10"] + command, in: folder)
        defer { client.kill() }
        for _ in 0..<60 where client.isRunning { try await Task.sleep(for: .milliseconds(100)) }
    }
}

import Foundation
import Synchronization
import TestKit

/// Clients of Redis and of PgBouncer that never stop, whatever becomes of the servers.
final class Load: Sendable {
    private let isOver = Atomic(false)

    init(on scene: Scene) throws {
        let folder = try TemporaryFolder()
        let redis = ["redis-benchmark", "-p", "\(scene.redis.port)", "-c", "10", "-r", "100000", "-n", "20000", "-q"]
        let pgbench = [DatabaseRelease.postgres.path("pgbench"), "-h", "127.0.0.1", "-U", "postgres", "-n", "-T", "5"]
        try folder.write("SELECT count(*) FROM pg_class;\n", to: "select.sql")
        let commands = [
            redis + ["-t", "set,get,incr,lpush,hset"], redis + ["-t", "get", "-P", "16"],
            pgbench + ["-p", "\(scene.pgBouncer.port)", "-c", "3", "-f", folder.path("select.sql"), "-R", "50", "app"],
        ]
        for command in commands {
            Thread.detachNewThread { [self] in
                while !isOver.load(ordering: .relaxed) {
                    // Both give up when their server goes; then they begin again.
                    _ = try? ServerProcess.run("nice", ["-n", "10", "timeout", "10"] + command, in: folder)
                    usleep(200_000)
                }
            }
        }
    }

    func stop() {
        isOver.store(true, ordering: .relaxed)
    }
}

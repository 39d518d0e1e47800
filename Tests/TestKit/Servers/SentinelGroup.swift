/// A primary with one replica, watched by three Sentinels that call it `mymaster`.
public final class SentinelGroup: Sendable {
    public let primary: RedisServer
    public let replica: RedisServer
    public let sentinels: [RedisServer]

    /// - Parameters:
    ///   - server: further lines of the primary's and the replica's configuration.
    ///   - sentinel: further lines of the Sentinels', after those that name the primary.
    public init(server: [String] = [], sentinel: [String] = []) async throws {
        let primary = try await RedisServer("redis-server", ["repl-diskless-sync-delay 0"] + server)
        let replica = try await RedisServer("redis-server", server + ["replicaof 127.0.0.1 \(primary.port)"])
        try await eventually("the link") { replica.output.contains("Finished with success") }
        let lines = [
            "sentinel monitor mymaster 127.0.0.1 \(primary.port) 2", "sentinel down-after-milliseconds mymaster 1000",
            "sentinel failover-timeout mymaster 3000",
        ]
        var sentinels: [RedisServer] = []
        for _ in 0..<3 {
            sentinels.append(
                try await RedisServer(
                    "redis-server", lines + sentinel, arguments: ["--sentinel"], until: "Sentinel ID is"))
        }
        (self.primary, self.replica, self.sentinels) = (primary, replica, sentinels)
    }

    /// Waits until every Sentinel knows the others and the replica.
    ///
    /// - Parameter options: redis-cli's, such as those for a password.
    public func settles(_ options: [String] = []) async throws {
        for sentinel in sentinels {
            try await eventually("Sentinels that know each other") {
                let info = try ServerProcess.run(
                    "redis-cli", ["-p", "\(sentinel.port)"] + options + ["info", "sentinel"]
                ).output
                return info.contains("status=ok") && info.contains("slaves=1,sentinels=3")
            }
        }
    }

    /// `host:port` of the Sentinels, as a comma list.
    public var addresses: String { sentinels.map(\.address).joined(separator: ",") }
}

import TestKit
import Testing

/// Servers that others name: the primary of some Sentinels, and the nodes of a cluster.
@Suite struct RedisGroupTests {
    /// Values of a series by its `target`.
    private static func values(of family: String, on sidelong: Sidelong) throws -> [String: Double] {
        let pairs = try sidelong.page().split(separator: "\n").compactMap { line -> (String, Double)? in
            guard let match = line.firstMatch(of: /^(\w+)\{target="([^"]*)"\} (\S+)$/), match.output.1 == family
            else { return nil }
            return Double(match.output.3).map { (String(match.output.2), $0) }
        }
        return Dictionary(pairs) { first, _ in first }
    }

    @Test func aPrimaryIsFollowedWithinOneInterval() async throws {
        let group = try await SentinelGroup()
        try await group.settles()
        let other = try await RedisServer()
        let sidelong = try await Sidelong([
            "--redis.addr=sentinel://\(group.addresses)/mymaster", "--redis.addr=\(other.address)",
            "--redis.interval=500ms", "--wire.interfaces=off",
        ])
        try await sidelong.waits(for: "redis_up{target=\"mymaster\"}", toBe: 1)
        func shows(_ server: RedisServer) throws -> Bool {
            try sidelong.page().contains("tcp_port=\"\(server.port)\"")
                && sidelong.value(
                    "redis_up{target=\"mymaster\"}") == 1
        }
        #expect(try shows(group.primary))
        group.primary.kill()
        try await sidelong.waits(for: "redis_up{target=\"mymaster\"}", toBe: 0)
        try await eventually("the new primary") { try shows(group.replica) }
        #expect(try sidelong.page().contains("sidelong_breaker_state{target=\"mymaster\",state=\"closed\"} 1"))
    }

    @Test func aHealthySentinelIsHealthy() async throws {
        let group = try await SentinelGroup()
        try await group.settles()
        let sidelong = try await Sidelong([
            "--redis.addr=\(group.sentinels[0].address)", "--redis.interval=200ms", "--wire.interfaces=off",
        ])
        try await sidelong.isReady()
        try await eventually("polls") { try sidelong.value("redis_exporter_scrapes_total") ?? 0 >= 3 }
        let health = try sidelong.get("/health")
        #expect(health.status == 200)
        #expect(health.text.hasPrefix("{\"status\":\"healthy\""), "\(health.text)")
        for component in ["redis_memory", "redis_persistence", "redis_replication"] {
            #expect(try sidelong.get("/health/\(component)").status == 404)
        }
    }

    @Test func nodesOfAClusterComeAndGo() async throws {
        let servers = try await ClusterServers()
        let sidelong = try await Sidelong([
            "--redis.addr=redis-cluster://\(servers.nodes[0].address)", "--redis.interval=500ms",
            "--wire.interfaces=off",
        ])
        try await sidelong.isReady()
        func nodes() throws -> [String] { try Self.values(of: "redis_up", on: sidelong).keys.sorted() }
        try await eventually("all nodes") { try nodes() == servers.addresses }
        #expect(try Self.values(of: "redis_cluster_known_nodes", on: sidelong).values.allSatisfy { $0 == 3 })
        let group = "redis-cluster://\(servers.nodes[0].address)"
        #expect(sidelong.process.output.contains(group))

        let joined = try await servers.join()
        try await eventually("a node more", within: .seconds(60)) { try nodes() == servers.addresses }
        #expect(try sidelong.get("/health/ready").status == 200)
        // What stays is not polled anew after a reload.
        let before = try Self.values(of: "redis_exporter_scrapes_total", on: sidelong)
        sidelong.process.send(1)
        try await eventually("read again") { sidelong.process.output.contains("configuration read again") }
        #expect(try nodes() == servers.addresses)
        let after = try Self.values(of: "redis_exporter_scrapes_total", on: sidelong)
        for (node, count) in before { #expect(after[node] ?? 0 >= count, "\(node)") }

        try await servers.leave(joined)
        try await eventually("a node less", within: .seconds(60)) { try nodes() == servers.addresses }
        servers.nodes[2].kill()
        try await sidelong.waits(for: "redis_up{target=\"\(servers.nodes[2].address)\"}", toBe: 0)
        let health = try sidelong.get("/health/redis")
        #expect(health.status == 503)
        #expect(health.text.contains(servers.nodes[2].address))
    }

    @Test func checkTriesEveryNode() async throws {
        let servers = try await ClusterServers()
        let arguments = ["--redis.addr=redis-cluster://\(servers.nodes[1].address)", "--wire.interfaces=off"]
        let (_, output) = try await Sidelong.run(["check"] + arguments)
        for node in servers.nodes { #expect(output.contains("redis \(node.address)"), "\(output)") }
        #expect(output.contains("redis_nodes \(servers.nodes[1].address)"))
        servers.nodes[1].kill()
        let (status, failed) = try await Sidelong.run(["check"] + arguments)
        #expect(status == 1)
        #expect(failed.contains("MISSING"))
    }
}

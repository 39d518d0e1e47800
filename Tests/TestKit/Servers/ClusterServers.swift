import Synchronization

/// A Redis Cluster of one test's own: three primaries that share the slots, and nodes that join and leave.
public final class ClusterServers: Sendable {
    private let state = Mutex<[RedisServer]>([])

    /// The nodes that are in the cluster now, in the order in which they joined.
    public var nodes: [RedisServer] { state.withLock { $0 } }

    /// - Parameter lines: further lines of each node's configuration.
    public init(_ lines: [String] = []) async throws {
        for _ in 0..<3 { _ = try await join(lines) }
        for (node, range) in zip(nodes, [("0", "5000"), ("5001", "10000"), ("10001", "16383")]) {
            try node.cli("cluster", "addslotsrange", range.0, range.1)
        }
        for node in nodes {
            try await eventually("a cluster that is well") {
                try node.cli("cluster", "info").contains("cluster_state:ok")
            }
        }
    }

    /// Starts a node, and waits until all others know it.
    public func join(_ lines: [String] = []) async throws -> RedisServer {
        // Not the usual 10000 above the port, which another test may have been given.
        let bus = try freePort()
        let node = try await RedisServer(
            "redis-server", ["cluster-enabled yes", "cluster-port \(bus)", "cluster-node-timeout 2000"] + lines)
        if let first = nodes.first { try first.cli("cluster", "meet", "127.0.0.1", "\(node.port)", "\(bus)") }
        state.withLock { $0.append(node) }
        try await knowEachOther()
        return node
    }

    /// Puts a node out of the cluster. It goes on running, in a cluster of its own.
    public func leave(_ node: RedisServer) async throws {
        let name = try node.cli("cluster", "myid")
        state.withLock { nodes in nodes.removeAll { $0 === node } }
        for other in nodes { try other.cli("cluster", "forget", name) }
        try node.cli("cluster", "reset", "hard")
        try await knowEachOther()
    }

    private func knowEachOther() async throws {
        let expected = "cluster_known_nodes:\(nodes.count)\r\n"
        for node in nodes {
            try await eventually("nodes that know each other") { try node.cli("cluster", "info").contains(expected) }
        }
    }

    /// The addresses of all nodes, sorted.
    public var addresses: [String] { nodes.map(\.address).sorted() }
}

// What one node of a cluster says of the others. CLUSTER SHARDS, since Redis 7, also has nodes that have failed and
// those without slots; older servers have CLUSTER SLOTS.

import Metrics

/// The nodes of a cluster as one of them sees it.
struct ClusterView: Equatable {
    struct Node: Equatable {
        let endpoint: RedisAddress.Endpoint
        let isPrimary: Bool
    }

    /// Primaries first, each kind in the order of its labels, every endpoint once.
    let nodes: [Node]

    static let shards = ["CLUSTER", "SHARDS"]
    static let slots = ["CLUSTER", "SLOTS"]

    init(_ nodes: [Node]) {
        var seen: Set<RedisAddress.Endpoint> = []
        self.nodes = nodes.filter { seen.insert($0.endpoint).inserted }.sorted { left, right in
            left.isPrimary == right.isPrimary ? Self.label(left) < Self.label(right) : left.isPrimary
        }
    }

    /// Decodes the reply to `CLUSTER SHARDS`.
    ///
    /// - Parameter asked: the node that said so; it may not know its own address.
    init(shards reply: RedisReply, from asked: RedisAddress) throws(CollectorFailure) {
        guard let shards = reply.elements else { throw Self.malformed("SHARDS") }
        let replies = shards.flatMap { shard in Self.fields(shard)["nodes"]?.elements ?? [] }
        self.init(
            replies.compactMap { reply in
                let fields = Self.fields(reply)
                let port = asked.usesTLS ? fields["tls-port"] ?? fields["port"] : fields["port"] ?? fields["tls-port"]
                let endpoint = Self.endpoint([fields["endpoint"], fields["ip"]], port, asked)
                return endpoint.map { Node(endpoint: $0, isPrimary: fields["role"]?.text == "master") }
            })
    }

    /// Decodes the reply to `CLUSTER SLOTS`: ranges, each with its primary and then its replicas.
    init(slots reply: RedisReply, from asked: RedisAddress) throws(CollectorFailure) {
        guard let ranges = reply.elements else { throw Self.malformed("SLOTS") }
        self.init(
            ranges.flatMap { range in
                (range.elements ?? []).dropFirst(2).enumerated().compactMap { position, reply in
                    guard let parts = reply.elements, parts.count >= 2 else { return nil }
                    let endpoint = Self.endpoint([parts[0]], parts[1], asked)
                    return endpoint.map { Node(endpoint: $0, isPrimary: position == 0) }
                }
            })
    }

    /// A node that does not know its name or address says nothing, or a question mark; it is where it was asked.
    private static func endpoint(
        _ hosts: [RedisReply?], _ port: RedisReply?, _ asked: RedisAddress
    ) -> RedisAddress.Endpoint? {
        guard let port = port?.integer.flatMap(UInt16.init(exactly:)), port > 0 else { return nil }
        let known = hosts.lazy.compactMap { $0?.text }.first { !$0.isEmpty && $0 != "?" }
        if let known { return .tcp(host: known, port: port) }
        guard case .tcp(let host, _) = asked.endpoint else { return nil }
        return .tcp(host: host, port: port)
    }

    private static func fields(_ reply: RedisReply) -> [String: RedisReply] {
        let pairs = (reply.pairs ?? []).compactMap { key, value in key.text.map { ($0, value) } }
        return Dictionary(pairs) { first, _ in first }
    }

    private static func label(_ node: Node) -> String { RedisAddress(node.endpoint).label }

    private static func malformed(_ command: String) -> CollectorFailure {
        CollectorFailure(.malformed, "CLUSTER \(command) answered with something else than nodes")
    }
}

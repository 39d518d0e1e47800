// A capture is opened before anything else runs, and has to know its ports by then. Of servers that are found by others
// it takes the ports that those name at this moment.

public import Metrics

extension RedisPlace {
    /// The ports of the servers behind the address, as far as they can be told now; none for a unix socket.
    ///
    /// Asks Sentinels or nodes where there are some, and waits for their answer. Where none answers, the ports are
    /// those of the address itself, or Redis' own for a primary.
    public func ports(_ settings: RedisSettings, before deadline: Deadline) -> [UInt16] {
        switch self {
        case .server(let address): Self.ports([address.endpoint])
        case .primary(let group):
            Self.ports(SentinelResolver(group, settings).servers(before: deadline))
                .ifEmpty([RedisAddress.defaultPort])
        case .cluster(let cluster):
            Self.ports(Self.nodes(of: cluster, settings, before: deadline))
                .ifEmpty(Self.ports(cluster.seeds.map(\.endpoint)))
        }
    }

    private static func nodes(
        of cluster: ClusterAddress, _ settings: RedisSettings, before deadline: Deadline
    ) -> [RedisAddress.Endpoint] {
        for seed in cluster.seeds {
            let limit = deadline.orAfter(deadline.remaining / 2)
            guard let source = try? ClusterInformant(seed, settings, before: limit) else { continue }
            if let view = try? source.view(before: limit) { return view.nodes.map(\.endpoint) }
        }
        return []
    }

    private static func ports(_ endpoints: [RedisAddress.Endpoint]) -> [UInt16] {
        endpoints.compactMap { endpoint in
            if case .tcp(_, let port) = endpoint { port } else { nil }
        }
    }
}

extension [UInt16] {
    fileprivate func ifEmpty(_ other: [UInt16]) -> [UInt16] { isEmpty ? other : self }
}

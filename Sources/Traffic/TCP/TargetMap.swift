// Several servers may be watched by one capture. Which one a connection belongs to is told by the server's end of it.
// That is an address and port that is a target's, or a port that only one target has; clients may reach that by any
// address.

/// A server whose traffic is counted apart from that of others.
public struct TrafficTarget: Sendable, Equatable {
    /// The value of its `target` label.
    public let name: String
    /// Nil where it is reached by a Unix socket only.
    public let port: UInt16?
    /// The ends that are known from the start; see ``TrafficEngine/learnServers(_:of:)`` for those found out later.
    public let endpoints: [Endpoint]

    public init(name: String, port: UInt16?, endpoints: [Endpoint] = []) {
        self.name = name
        self.port = port
        self.endpoints = endpoints
    }
}

/// From a server's end to the number of its target.
struct TargetMap: Sendable {
    /// What follows the targets' numbers: ports of ours at addresses that are no target's.
    let other: Int
    private var byEndpoint: [Endpoint: Int] = [:]
    /// Ports that one target has alone, and those that several share, which are no target's.
    private var byPort: [UInt16: Int] = [:]

    /// - Parameter targets: several; a single one has all traffic.
    init(_ targets: [TrafficTarget]) {
        other = targets.count > 1 ? targets.count : 0
        guard targets.count > 1 else { return }
        for (number, target) in targets.enumerated() {
            for endpoint in target.endpoints { byEndpoint[endpoint] = number }
            guard let port = target.port else { continue }
            byPort[port] = byPort[port] == nil ? number : other
        }
    }

    /// Takes note of ends that are a target's; one that was another's before is so no longer.
    mutating func learn(_ endpoints: [Endpoint], of target: Int) {
        guard other > 0 else { return }
        for endpoint in endpoints { byEndpoint[endpoint] = target }
    }

    func find(_ server: Endpoint) -> Int {
        other == 0 ? 0 : byEndpoint[server] ?? byPort[server.port] ?? other
    }
}

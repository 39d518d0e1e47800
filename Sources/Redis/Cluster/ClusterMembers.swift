// Which nodes of a cluster are watched. Nodes come and go, there may be more than are wanted, and a node that was put
// out of the cluster goes on telling of a cluster of its own.

/// The nodes that are watched at the moment; told of each new view. Pure.
struct ClusterMembers {
    /// How many nodes are watched at the most.
    private let limit: Int
    /// The nodes that are watched, in the order in which they came.
    private(set) var endpoints: [RedisAddress.Endpoint]
    /// Nodes of the newest view beyond the limit.
    private(set) var leftOut = 0

    /// - Parameter known: nodes that are watched to begin with.
    init(_ known: [RedisAddress.Endpoint] = [], limit: Int) {
        endpoints = Array(known.prefix(limit))
        self.limit = limit
    }

    /// Whether the view lacks nodes that are watched: another node should be asked as well then.
    func isShrunk(_ view: ClusterView) -> Bool {
        !Set(endpoints).isSubset(of: view.nodes.map(\.endpoint))
    }

    /// Of several views of the same moment the one that counts. A node that was put out of a cluster sees fewer
    /// nodes than those that are still in it.
    static func widest(_ views: [ClusterView]) -> ClusterView? {
        views.reduce(nil) { widest, next in widest.map { $0.nodes.count >= next.nodes.count ? $0 : next } ?? next }
    }

    /// Lets go of nodes that are not in the view, and takes in those that are new, primaries first, up to the limit.
    mutating func take(_ view: ClusterView) {
        let found = view.nodes.map(\.endpoint)
        endpoints.removeAll { !found.contains($0) }
        let new = found.filter { !endpoints.contains($0) }
        endpoints += new.prefix(max(0, limit - endpoints.count))
        leftOut = found.count - endpoints.count
    }
}

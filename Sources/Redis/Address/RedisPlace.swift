// What `--redis.addr` can name: one server, the primary that some Sentinels watch, or all nodes of a cluster. Behind
// the latter two are servers that change while the program runs.

import Metrics

/// One target, or a group of them, as an operator names it.
public enum RedisPlace: Sendable, Equatable {
    case server(RedisAddress)
    case primary(SentinelAddress)
    case cluster(ClusterAddress)

    /// Reads what ``RedisAddress`` reads, `sentinel://` and `redis-cluster://`; with an `s` at the end, as in
    /// `sentinels://` and `redis-clusters://`, under TLS.
    public init(_ text: String) throws(RedisAddress.Malformed) {
        for usesTLS in [false, true] {
            if let rest = RedisURL.rest(of: text, after: usesTLS ? "sentinels://" : "sentinel://") {
                self = .primary(try SentinelAddress(RedisURL(rest), usesTLS: usesTLS))
                return
            }
            if let rest = RedisURL.rest(of: text, after: usesTLS ? "redis-clusters://" : "redis-cluster://") {
                self = .cluster(try ClusterAddress(RedisURL(rest), usesTLS: usesTLS))
                return
            }
        }
        self = .server(try RedisAddress(text))
    }

    static let schemes = "redis://, rediss://, unix://, sentinel:// or redis-cluster://"

    /// Puts the items of a comma list together that belong to one address. They are hosts without a scheme that follow
    /// those of Sentinels, up to the name of the primary, or those of a cluster.
    public static func joined(_ items: [String]) -> [String] {
        var joined: [String] = []
        for item in items {
            if let last = joined.last, takesMore(last), !item.mentions("://") {
                joined[joined.count - 1] = "\(last),\(item)"
            } else {
                joined.append(item)
            }
        }
        return joined
    }

    private static func takesMore(_ text: String) -> Bool {
        if text.hasPrefix("redis-cluster") { return true }
        guard let rest = ["sentinel://", "sentinels://"].lazy.compactMap({ RedisURL.rest(of: text, after: $0) }).first
        else { return false }
        return !rest.mentions("/")
    }
}

extension RedisPlace: CustomStringConvertible {
    /// The address without credentials, fit for logs.
    public var description: String {
        switch self {
        case .server(let address): "\(address)"
        case .primary(let group): "sentinel://\(Self.list(group.sentinels))/\(group.name)"
        case .cluster(let cluster): "redis-cluster://\(Self.list(cluster.seeds))"
        }
    }

    /// The value of the `target` label: of a server its own, of a primary the name that the Sentinels have for it. Of a
    /// cluster it is the first node, where its nodes do not have their own.
    public var label: String {
        switch self {
        case .server(let address): address.label
        case .primary(let group): group.name
        case .cluster(let cluster): cluster.seeds[0].label
        }
    }

    private static func list(_ addresses: [RedisAddress]) -> String {
        addresses.map(\.label).joined(separator: ",")
    }
}

/// `sentinel://[user[:password]@]host[:26379][,host…]/name`. The credentials are the server's.
public struct SentinelAddress: Sendable, Equatable {
    /// Where the Sentinels are; without credentials.
    public let sentinels: [RedisAddress]
    /// What they call the primary.
    public let name: String
    /// Credentials and protection of the primary, wherever it is.
    let primary: RedisAddress

    static let defaultPort: UInt16 = 26379

    init(_ url: RedisURL, usesTLS: Bool) throws(RedisAddress.Malformed) {
        guard let path = url.path, !path.isEmpty, path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !path.contains("/")
        else {
            throw RedisAddress.Malformed(
                description: "behind the Sentinels stands the name of the primary, as in sentinel://host:26379/mymaster"
            )
        }
        name = String(path)
        sentinels = try url.hosts(port: Self.defaultPort).map {
            RedisAddress(.tcp(host: $0.name, port: $0.port), usesTLS: usesTLS)
        }
        primary = sentinels[0].with(user: url.user, password: url.password)
    }
}

/// `redis-cluster://[user[:password]@]host[:port][,host…]`: a few of the nodes, of which one has to answer.
public struct ClusterAddress: Sendable, Equatable {
    /// With the credentials that all nodes have.
    public let seeds: [RedisAddress]

    init(_ url: RedisURL, usesTLS: Bool) throws(RedisAddress.Malformed) {
        guard url.path?.isEmpty ?? true || url.path == "0" else {
            throw RedisAddress.Malformed(description: "a cluster has one database; after its nodes nothing may stand")
        }
        seeds = try url.hosts(port: RedisAddress.defaultPort).map {
            RedisAddress(
                .tcp(host: $0.name, port: $0.port), usesTLS: usesTLS, user: url.user, password: url.password)
        }
    }

    /// The node of a label, with the credentials of all nodes; nil where it is none.
    public func node(_ label: String) -> RedisAddress? {
        (try? RedisAddress(label)).map { seeds[0].moved(to: $0.endpoint) }
    }
}

extension RedisAddress {
    fileprivate func with(user: String?, password: String?) -> RedisAddress {
        RedisAddress(endpoint, usesTLS: usesTLS, user: user, password: password)
    }
}

// What the options say about the measurement of traffic. It is fixed when the program starts, because opening a capture
// takes a capability that is given up right afterwards.

import Capture
import Metrics
import Postgres
import Redis
import Traffic

/// The options that take effect with a start only.
struct WireSettings: Sendable, Equatable {
    let interfaces: WireInterfaces
    /// The ports of Redis.
    let redisPorts: [UInt16]
    /// Those of Postgres and PgBouncer.
    let postgresPorts: [UInt16]
    /// Those of the gateway.
    let httpPorts: [UInt16]
    /// The servers, in the order of `--redis.addr`.
    let targets: [TrafficTarget]
    let ring: Int
    let keyGroups: [String]
    let maxGroups: Int
    let maxHistograms: Int
    let hotKeys: Int
    let http: HTTPWireSettings
    let buckets: Buckets
    let maxTables: Int
    let maxTableHistograms: Int

    /// - Parameter found: the ports of all servers of Redis; where they are not known, those of the addresses.
    init(_ settings: Settings, found: [UInt16]? = nil) {
        interfaces = settings[Options.wireInterfaces]
        let given = settings[Options.wireRedisPorts]
        let redisPorts =
            given.isEmpty ? Self.ports(found ?? Self.ports(of: settings[Options.redisAddresses])) : given
        self.redisPorts = redisPorts
        postgresPorts = Self.postgresPorts(settings).filter { !redisPorts.contains($0) }
        targets = Self.targets(of: settings[Options.redisAddresses])
        httpPorts = settings[Options.wireHTTPPorts]
        ring = settings[Options.wireBuffer]
        keyGroups = settings[Options.keysGroup]
        maxGroups = settings[Options.keysMaxGroups]
        maxHistograms = settings[Options.keysMaxHistograms]
        hotKeys = settings[Options.keysHot]
        http = HTTPWireSettings(settings)
        buckets = settings[Options.latencyBuckets]
        maxTables = settings[Options.sqlMaxTables]
        maxTableHistograms = settings[Options.sqlMaxHistograms]
    }

    /// Whether the same servers are measured, on the same ports.
    func hasServers(of other: WireSettings) -> Bool { redisPorts == other.redisPorts && targets == other.targets }

    /// All ports with what is spoken on them.
    ///
    /// - Throws: where two protocols want the same port.
    func portTable() throws(ConfigurationError) -> PortTable {
        var table = PortTable(redisPorts, of: .redis)
        try? table.add(postgresPorts, of: .postgres)  // those that Redis has are left out already
        do {
            try table.add(httpPorts, of: .http)
        } catch {
            throw ConfigurationError("--\(Options.wireHTTPPorts.name): \(error)")
        }
        return table
    }

    /// Settings of an engine. The options have checked the patterns, and the start has checked the ports.
    var traffic: TrafficSettings {
        var traffic = TrafficSettings()
        traffic.ports = (try? portTable()) ?? PortTable(redisPorts, of: .redis)
        traffic.postgres.maxTables = maxTables
        traffic.postgres.maxHistograms = maxTableHistograms
        traffic.http = http.traffic(buckets)
        traffic.redis.targets = targets
        traffic.redis.patterns = keyGroups.compactMap { try? KeyPattern($0) }
        traffic.redis.maxGroups = maxGroups
        traffic.redis.maxHistograms = maxHistograms
        traffic.redis.hotKeys = hotKeys
        traffic.buckets = buckets
        return traffic
    }

    /// With the ports of the servers that Sentinels and clusters name at this moment, where a capture wants to know
    /// them. Waits for the answer, for as long as connecting to all of them may take.
    static func asking(_ settings: Settings) -> WireSettings {
        let places = settings[Options.redisAddresses]
        let isWanted = settings[Options.wireInterfaces] != .off && settings[Options.wireRedisPorts].isEmpty
        guard isWanted, places.contains(where: \.isGroup) else { return WireSettings(settings) }
        let deadline = Deadline.after(settings[Options.redisConnectTimeout])
        let redis = RedisSettings(settings)
        return WireSettings(settings, found: places.flatMap { $0.ports(redis, before: deadline) })
    }

    /// The servers that can be told apart by their addresses: of a cluster those that the address names, of Sentinels
    /// the primary, wherever it is. Each once.
    private static func targets(of places: [RedisPlace]) -> [TrafficTarget] {
        let all = places.flatMap { place in
            switch place {
            case .server(let address): [TrafficTarget(address)]
            case .primary(let group): [TrafficTarget(name: group.name, port: nil)]
            case .cluster(let cluster): cluster.seeds.map { TrafficTarget($0) }
            }
        }
        var targets: [TrafficTarget] = []
        for target in all where !targets.contains(where: { $0.name == target.name }) { targets.append(target) }
        return targets
    }

    /// The ports that the addresses themselves name.
    private static func ports(of places: [RedisPlace]) -> [UInt16] {
        places.flatMap { place in
            switch place {
            case .server(let address): [address.endpoint.port]
            case .primary: [RedisAddress.defaultPort]
            case .cluster(let cluster): cluster.seeds.map(\.endpoint.port)
            }
        }.compactMap(\.self)
    }

    /// One hop, so that nothing is counted twice: PgBouncer's ports where there is one, else those of Postgres.
    private static func postgresPorts(_ settings: Settings) -> [UInt16] {
        let pools = settings[Options.pgBouncerAddresses]
        let found =
            switch settings[Options.wirePostgresPorts] {
            case .off: [UInt16]()
            case .ports(let ports): ports
            case .automatic: (pools.isEmpty ? settings[Options.postgresAddresses] : pools).flatMap(\.ports)
            }
        return found.reduce(into: []) { ports, port in if !ports.contains(port) { ports.append(port) } }
    }

    /// Each once; Redis' own where there are only Unix sockets.
    private static func ports(_ ports: [UInt16]) -> [UInt16] {
        var once: [UInt16] = []
        for port in ports where !once.contains(port) { once.append(port) }
        return once.isEmpty ? [RedisAddress.defaultPort] : once
    }
}

extension RedisPlace {
    /// Whether others name the servers behind the address.
    fileprivate var isGroup: Bool {
        if case .server = self { false } else { true }
    }
}

extension RedisAddress.Endpoint {
    /// Nil for a socket in the file system.
    fileprivate var port: UInt16? {
        if case .tcp(_, let port) = self { port } else { nil }
    }
}

// What the options say about the measurement of traffic. It is fixed when the program starts, because opening a capture
// takes a capability that is given up right afterwards.

import Capture
import Metrics
import Redis
import Traffic

/// `--wire.interfaces`.
enum WireInterfaces: Sendable, Equatable {
    case off
    case captured(LiveCapture.Interfaces)
}

/// The options that take effect with a start only.
struct WireSettings: Sendable, Equatable {
    let interfaces: WireInterfaces
    let ports: [UInt16]
    /// The servers, in the order of `--redis.addr`.
    let targets: [TrafficTarget]
    let ring: Int
    let snapLength: Int
    let keyGroups: [String]
    let maxGroups: Int
    let maxHistograms: Int
    let hotKeys: Int
    let buckets: Buckets

    init(_ settings: Settings) {
        interfaces = settings[Options.wireInterfaces]
        let ports = settings[Options.wireRedisPorts]
        self.ports = ports.isEmpty ? Self.ports(of: settings[Options.redisAddresses]) : ports
        var targets: [TrafficTarget] = []
        for address in settings[Options.redisAddresses] where !targets.contains(where: { $0.name == address.label }) {
            targets.append(TrafficTarget(address))
        }
        self.targets = targets
        ring = settings[Options.wireBuffer]
        snapLength = settings[Options.wireSnapLength]
        keyGroups = settings[Options.keysGroup]
        maxGroups = settings[Options.keysMaxGroups]
        maxHistograms = settings[Options.keysMaxHistograms]
        hotKeys = settings[Options.keysHot]
        buckets = settings[Options.latencyBuckets]
    }

    /// Settings of an engine. The option has checked the patterns.
    var traffic: TrafficSettings {
        var traffic = TrafficSettings()
        traffic.serverPorts = ports
        traffic.targets = targets
        traffic.patterns = keyGroups.compactMap { try? KeyPattern($0) }
        traffic.maxGroups = maxGroups
        traffic.maxHistograms = maxHistograms
        traffic.hotKeys = hotKeys
        traffic.buckets = buckets
        return traffic
    }

    /// The ports of all addresses, each once; Redis' own where there are only Unix sockets.
    private static func ports(of addresses: [RedisAddress]) -> [UInt16] {
        var ports: [UInt16] = []
        for case .tcp(_, let port) in addresses.map(\.endpoint) where !ports.contains(port) { ports.append(port) }
        return ports.isEmpty ? [RedisAddress.defaultPort] : ports
    }
}

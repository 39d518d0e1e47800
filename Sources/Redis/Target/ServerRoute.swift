// The way from a target to the server behind it: an address, whose name may come to lead elsewhere, or Sentinels, which
// name the primary of the moment.

import Metrics

/// How the server of one target is found, poll by poll. Belongs to the target, and is used during its polls only.
final class ServerRoute {
    private enum Way {
        case server(RedisAddress, NameWatch?)
        case primary(SentinelResolver)
    }

    private let way: Way

    static func server(at address: RedisAddress, _ settings: RedisSettings) -> ServerRoute {
        let watch = NameWatch(address.endpoint, every: settings.nameInterval, lookUp: settings.lookUp)
        return ServerRoute(.server(address, watch))
    }

    static func primary(of group: SentinelAddress, _ settings: RedisSettings) -> ServerRoute {
        ServerRoute(.primary(SentinelResolver(group, settings)))
    }

    private init(_ way: Way) {
        self.way = way
    }

    /// Where to connect now. Costs a round trip to each Sentinel where there are some.
    func destination(before deadline: Deadline) throws(CollectorFailure) -> RedisAddress {
        switch way {
        case .server(let address, _): address
        case .primary(let resolver): try resolver.primary(before: deadline)
        }
    }

    /// Told of each new connection.
    func connected() {
        if case .server(_, let watch) = way { watch?.connected() }
    }

    /// Whether a connection to the right address still reaches the right server, as far as that is known.
    func leads(to peer: ResolvedAddress) -> Bool {
        if case .server(_, let watch?) = way { watch.leads(to: peer) } else { true }
    }

    /// - Throws: when the server cannot be the one that was meant.
    func check(_ role: RedisRole) throws(CollectorFailure) {
        guard case .primary(let resolver) = way, role != .primary else { return }
        throw CollectorFailure(
            .refused, "the server that the Sentinels name as \(resolver.name) is no primary; a failover is under way")
    }

    /// The part of the collector that fails while no Sentinel answers.
    var parts: [String] {
        if case .primary = way { [SentinelResolver.name] } else { [] }
    }

    /// Adds how the route was found.
    func report(to collected: inout Collected) {
        guard case .primary(let resolver) = way else { return }
        collected.skipped.removeAll { $0 == SentinelResolver.name }
        if let failure = resolver.failure {
            collected.partFailures.append(Collected.PartFailure(part: SentinelResolver.name, failure: failure))
        }
    }
}

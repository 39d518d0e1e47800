// Several Redis servers behind one capture: whose traffic is whose is told by the server's address. The targets' names
// resolve to addresses, and one on this machine is reached by every address that the machine has.

import Capture
import Redis
import System
import Traffic

extension TrafficTarget {
    /// The target as it is known before any name is resolved.
    init(_ target: RedisAddress) {
        guard case .tcp(let host, let port) = target.endpoint else {
            self.init(name: target.label, port: nil)
            return
        }
        let literals: [Substring] = host == "localhost" ? ["127.0.0.1", "::1"] : [host[...]]
        let endpoints = literals.compactMap { Address($0) }.map { Endpoint(address: $0, port: port) }
        self.init(name: target.label, port: port, endpoints: endpoints)
    }
}

extension Endpoint {
    /// All ends by which a target is reached. Blocks for as long as the system's resolver takes.
    fileprivate static func all(of target: RedisAddress) -> [Endpoint] {
        let found = target.resolved().compactMap { end in
            Address(bytes: end.address).map { Endpoint(address: $0, port: end.port) }
        }
        guard let own = found.first(where: { $0.address.isLoopback }) else { return found }
        let local = LocalAddresses.all().compactMap { Address(bytes: $0) }.filter { !$0.isLoopback }
        return found + local.map { Endpoint(address: $0, port: own.port) }
    }
}

extension Wire {
    /// The number of a target; past the last one for a target that a new configuration has brought.
    ///
    /// - Parameter label: the value of its `target` label.
    func number(of label: String) -> Int {
        let targets = settings.targets
        return targets.count > 1 ? targets.firstIndex { $0.name == label } ?? targets.count : 0
    }

    /// The captured port by which a target is reached; all captured ones where that is none of them.
    func ports(of number: Int) -> [UInt16] {
        guard settings.targets.indices.contains(number), let port = settings.targets[number].port,
            settings.redisPorts.contains(port)
        else { return settings.redisPorts }
        return [port]
    }

    /// Finds out where a target is, which may have changed since the last time.
    func locate(_ label: String, at address: RedisAddress) {
        let number = number(of: label)
        guard settings.targets.count > 1, number < settings.targets.count else { return }
        engine.learnServers(Endpoint.all(of: address), of: number, .redis)
    }
}

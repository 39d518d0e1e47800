// Some traffic cannot be read by any capture: what is encrypted, and what passes no interface. That is said
// before anybody wonders about empty histograms, with what can be had instead.

import Metrics
import Redis
import Synchronization

/// What the capture can read of each Redis that is watched.
final class Readability: Sendable {
    private enum Finding {
        case unreadable(String)
        /// The port of the target is none of those that are captured, which may have its reasons.
        case otherPort(String)
    }

    private static let instead =
        "latencies per key group come from slowlog-log-slower-than and --keys.probe (--wire.interfaces=off does without "
        + "the capture)"

    /// The ports that are captured.
    private let ports: [UInt16]
    private let findings = Mutex<[String: Finding]>([:])

    init(capturing ports: [UInt16]) {
        self.ports = ports
    }

    /// Begins with these targets, of which nothing is known but the addresses.
    func begin(_ addresses: [RedisAddress]) {
        findings.withLock { $0 = [:] }
        // What a server says of its ports comes with the first poll.
        for address in addresses where address.usesTLS { learn(address, listeningOn: nil) }
    }

    /// Takes what a target says.
    ///
    /// - Parameter port: INFO tcp_port, 0 for none; nil when it is not said.
    func learn(_ address: RedisAddress, listeningOn port: UInt16?) {
        let finding = finding(address, port)
        findings.withLock { $0[address.label] = finding }
    }

    /// What is to be said of all targets; nil when everything can be read.
    ///
    /// - Parameter seesPackets: whether anybody's packets pass the captured ports.
    func remark(seesPackets: Bool) -> Collected.Remark? {
        let messages = findings.withLock { findings in
            findings.sorted { $0.key < $1.key }.compactMap { _, finding -> String? in
                switch finding {
                case .unreadable(let message): message
                case .otherPort(let message): seesPackets ? nil : message
                }
            }
        }
        if messages.isEmpty { return nil }
        return Collected.Remark("traffic", messages.joined(separator: "; "), isTrouble: true)
    }

    private func finding(_ address: RedisAddress, _ listening: UInt16?) -> Finding? {
        let label = address.label
        switch address.endpoint {
        case .tcp(_, let port) where address.usesTLS && ports.contains(port):
            return .unreadable(
                "\(label) is reached over TLS: what clients send to port \(port) is encrypted and cannot be measured; "
                    + "\(Self.instead), or capture a port without TLS: --wire.redis-ports")
        case .unix where listening == 0:
            return .unreadable(
                "\(label) has no TCP port: what passes a Unix socket passes no interface and cannot be measured; "
                    + Self.instead)
        case .tcp(_, let port):
            let own = [port] + (listening.map { [$0] } ?? [])
            return own.contains(where: ports.contains) ? nil : .otherPort(elsewhere(label, port))
        case .unix:
            guard let listening, !ports.contains(listening) else { return nil }
            return .otherPort(elsewhere(label, listening))
        }
    }

    private func elsewhere(_ label: String, _ port: UInt16) -> String {
        let captured = ports.map { "\($0)" }.joined(separator: ", ")
        return "\(label) listens on port \(port), and only \(captured) is captured: --wire.redis-ports=\(port)"
    }
}

// A gateway's port that shows nothing has its reason: nobody asks, or what passes is not HTTP/1. Both are said before
// anybody wonders about empty figures.

import Metrics
import Synchronization
import Traffic

/// What is to be said of the gateway's ports, by how their figures have moved in the last minute.
final class GatewayWatch: Sendable {
    private static let minute = Duration.seconds(60)

    /// The figures that matter here, at one moment.
    struct Figures: Sendable {
        let packets: UInt64
        let requests: UInt64
        let encrypted: UInt64
        let http2: UInt64
        /// Times that something else than a request came.
        let malformed: UInt64
    }

    private struct State {
        /// The figures when packets, and when requests, were last seen to move; or at the first look.
        var packets: (moment: ContinuousClock.Instant, figures: Figures)?
        var requests: (moment: ContinuousClock.Instant, figures: Figures)?
    }

    private let ports: String
    private let state = Mutex(State())

    /// - Parameter ports: those on which HTTP is read.
    init(_ ports: [UInt16]) {
        let list = ports.map { "\($0)" }.joined(separator: ", ")
        self.ports = ports.count == 1 ? "port \(list)" : "ports \(list)"
    }

    /// Takes the newest figures.
    ///
    /// - Returns: what is to be said; nil while requests pass, and in the first minute.
    func remark(_ figures: Figures, at now: ContinuousClock.Instant = .now) -> Collected.Remark? {
        state.withLock { state in
            if state.packets.map({ $0.figures.packets != figures.packets }) ?? true { state.packets = (now, figures) }
            if state.requests.map({ $0.figures.requests != figures.requests }) ?? true {
                state.requests = (now, figures)
            }
            guard let packets = state.packets, let requests = state.requests else { return nil }
            if packets.moment.duration(to: now) >= Self.minute {
                return Collected.Remark(
                    "gateway", "no packet on the gateway's \(ports) in 60 s; is it the right --wire.http-ports?",
                    isTrouble: false)
            }
            guard let reason = reason(figures, since: requests.figures) else { return nil }
            return Collected.Remark("gateway", reason, isTrouble: true)
        }
    }

    /// Why there are no requests although packets pass.
    private func reason(_ figures: Figures, since before: Figures) -> String? {
        let instead = "run Sidelong where the traffic is plain, behind the terminator, or use the gateway's own metrics"
        if figures.encrypted > before.encrypted {
            return "TLS on the gateway's \(ports) cannot be read off the wire; \(instead)"
        }
        if figures.http2 > before.http2 {
            return "HTTP/2 on the gateway's \(ports) is not read; \(instead)"
        }
        if figures.malformed > before.malformed {
            return "nobody speaks HTTP on the gateway's \(ports); correct --wire.http-ports"
        }
        return nil
    }
}

extension GatewayWatch.Figures {
    init(_ snapshot: HTTPSnapshot) {
        self.init(
            packets: snapshot.packets, requests: snapshot.requests, encrypted: snapshot.encryptedConnections,
            http2: snapshot.laterVersions, malformed: snapshot.malformedRequests)
    }
}

// A gateway's port that shows nothing has its reason: nobody asks, or what passes is not HTTP/1. Both are said before
// anybody wonders about empty figures.

import Metrics
import Synchronization
import Traffic

/// What is to be said of one port of the gateway, by how its figures have moved in the last minute.
final class GatewayWatch: Sendable {
    private static let minute = Duration.seconds(60)
    private static let instead =
        "run Sidelong where the traffic is plain, behind the terminator, or use the gateway's own metrics"

    private struct State {
        /// The figures when packets, and when requests, were last seen to move; or at the first look.
        var packets: (moment: ContinuousClock.Instant, figures: HTTPPortFigures)?
        var requests: (moment: ContinuousClock.Instant, figures: HTTPPortFigures)?
    }

    private let state = Mutex(State())

    /// Takes the newest figures of the port.
    ///
    /// - Returns: what is to be said; nil while requests pass, and in the first minute.
    func remark(_ figures: HTTPPortFigures, at now: ContinuousClock.Instant = .now) -> Collected.Remark? {
        state.withLock { state in
            if state.packets.map({ $0.figures.packets != figures.packets }) ?? true { state.packets = (now, figures) }
            if state.requests.map({ $0.figures.requests != figures.requests }) ?? true {
                state.requests = (now, figures)
            }
            guard let packets = state.packets, let requests = state.requests else { return nil }
            let topic = "gateway port \(figures.port)"
            if packets.moment.duration(to: now) >= Self.minute {
                let message = "no packet on the gateway's port \(figures.port) in 60 s"
                return Collected.Remark(topic, "\(message); is it the right --wire.http-ports?", isTrouble: false)
            }
            let isLong = requests.moment.duration(to: now) >= Self.minute
            guard let reason = Self.reason(figures, since: requests.figures, isLong: isLong) else { return nil }
            return Collected.Remark(topic, reason, isTrouble: true)
        }
    }

    /// Why there are no requests although packets pass.
    ///
    /// - Parameter isLong: whether there were none for a minute. Only then is it certain of connections that were there
    ///   before: a client's packets may be the middle of a long body.
    private static func reason(
        _ figures: HTTPPortFigures, since before: HTTPPortFigures, isLong: Bool
    ) -> String? {
        let port = "the gateway's port \(figures.port)"
        if figures.encrypted > before.encrypted { return "TLS on \(port) cannot be read off the wire; \(instead)" }
        if figures.laterVersions > before.laterVersions { return "HTTP/2 on \(port) is not read; \(instead)" }
        if figures.malformed > before.malformed || isLong && figures.unread > before.unread {
            return "nobody speaks HTTP on \(port); correct --wire.http-ports"
        }
        return nil
    }
}

/// All ports of the gateway.
struct GatewayWatches: Sendable {
    private let watches: [UInt16: GatewayWatch]

    /// - Parameter ports: those on which HTTP is read.
    init(_ ports: [UInt16]) {
        watches = Dictionary(ports.map { ($0, GatewayWatch()) }) { first, _ in first }
    }

    /// What is to be said of the ports, in their order.
    func remarks(_ ports: [HTTPPortFigures], at now: ContinuousClock.Instant = .now) -> [Collected.Remark] {
        ports.compactMap { watches[$0.port]?.remark($0, at: now) }
    }
}

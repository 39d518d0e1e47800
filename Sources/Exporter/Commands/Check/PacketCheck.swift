// Whether the capture sees the traffic at all. Sidelong's own polls have just passed the network, so that a capture
// that has not seen even these sees nobody's.

import Capture
import Metrics
import Redis
import Traffic

enum PacketCheck {
    /// How long packets may take from the ring to the engine: several turns of the capture's thread.
    private static let patience = 20
    private static let pause = Duration.milliseconds(50)

    /// A row of what is missing; nil where packets have come. Without a capture, and without a Redis that was polled
    /// over TCP and in the clear, none can be expected.
    static func row(_ wire: Wire, _ settings: Settings, polled: Set<String>) async -> Check.Row? {
        guard case .running = wire.state else { return nil }
        let expected = settings[Options.redisAddresses].compactMap { place -> UInt16? in
            guard case .server(let address) = place, polled.contains(address.label), !address.usesTLS,
                case .tcp(_, let port) = address.endpoint, wire.settings.redisPorts.contains(port)
            else { return nil }
            return port
        }
        guard !expected.isEmpty else { return nil }
        for _ in 0..<patience {
            let totals = wire.engine.redisTotals
            if totals.packets + totals.ownPackets > 0 { return nil }
            try? await TaskClock().sleep(until: .now.advanced(by: pause))
        }
        let ports = Set(expected).sorted().map { "\($0)" }.joined(separator: ", ")
        return Check.Row(
            subject: "  wire: packets", isWell: false,
            finding: "no packet on port \(ports), although Redis was polled there just now")
    }

    static let remedy = Remedy(
        subject: "wire",
        text: "give --wire.interfaces the interface by which clients reach Redis (auto takes all that are up), and run "
            + "Sidelong in Redis' network namespace, such as in its pod")
}

// Why the capture measures little of what Redis does, said so that an operator knows what to do next.

import Metrics
import Traffic

/// Judges what was measured in a minute.
enum Blindness {
    /// The share of the commands below which the latencies do not stand for all of them.
    private static let least = 0.9

    /// What is to be said of a minute's figures; nil when enough was measured, when there was too little to measure,
    /// and before the first minute is over.
    ///
    /// - Parameters:
    ///   - target: whose figures these are, where there are several.
    ///   - ports: those that are captured.
    static func remark(
        _ figures: CoverageFigures?, of target: String? = nil, on ports: [UInt16]
    ) -> Collected.Remark? {
        guard let figures, figures.isWhole, let measured = figures.measured, measured < least else { return nil }
        let message = figures.wire.packets == 0 ? nothing(figures, ports) : tooLittle(figures, measured)
        guard let target else { return Collected.Remark("coverage", message, isTrouble: true) }
        return Collected.Remark("coverage of \(target)", "\(target): \(message)", isTrouble: true)
    }

    private static func nothing(_ figures: CoverageFigures, _ ports: [UInt16]) -> String {
        let seconds = figures.nanoseconds / 1_000_000_000
        let word = ports.count == 1 ? "port" : "ports"
        let list = ports.map { "\($0)" }.joined(separator: ", ")
        let what = "no packet on \(word) \(list) in \(seconds) s while Redis counted \(count(figures.clients)) commands"
        let hint =
            figures.wire.ownPackets == 0
            ? "set --wire.redis-ports to the port that clients use, or --wire.interfaces to what they come by"
            : "only Sidelong's own connection passes there: clients come by TLS, a Unix socket, another port or an "
                + "interface that is not captured"
        return "\(what); \(hint)"
    }

    private static func tooLittle(_ figures: CoverageFigures, _ measured: Double) -> String {
        let seen = figures.seen ?? 0
        var findings = [
            "\(percent(measured)) of the \(count(figures.clients)) commands that Redis counted in the last minute "
                + "measured, \(percent(seen)) seen"
        ]
        if let (reason, commands) = figures.wire.mostFrequentReason {
            findings.append("most frequent reason: \(reason), \(commands) commands")
        }
        if seen < least {
            findings.append("the rest came by TLS, a Unix socket, an interface that is not captured, or from scripts")
        }
        return findings.joined(separator: "; ")
    }

    private static func percent(_ share: Double) -> String { "\(Figure.short(share * 100)) %" }
    private static func count(_ commands: Double) -> String { Figure.short(commands) }
}

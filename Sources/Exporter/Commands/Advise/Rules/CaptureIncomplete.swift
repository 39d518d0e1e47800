// Latencies that were read off the wire speak for those commands only that were measured.

extension AdviceRule {
    /// With less than 95 of 100 measured, a P95 may be that of the quick ones: what is lost first is what comes in
    /// bursts.
    static let captureIncomplete = AdviceRule(
        name: "capture_incomplete", counters: ["sidelong_wire_packets_dropped_total", "sidelong_wire_packets_total"],
        gauges: ["sidelong_wire_coverage_ratio"]
    ) { evidence in
        let least = 0.95
        return evidence.levels["sidelong_wire_coverage_ratio"].filter { $0.value < least }.map { ratio in
            let lost = evidence.growth.sum("sidelong_wire_packets_dropped_total") ?? 0
            return Finding(
                gravity: .risk, share: 1 - ratio.value,
                subject: "capture of Redis \(ratio.labels["target"] ?? "")".trimmedEnd,
                figure: "\(Cell.percent(ratio.value)) of its commands were measured in the last minute; "
                    + "\(Cell.count(lost)) packets were lost \(evidence.period)",
                meaning: "The latencies on the page may be those of the quick commands.",
                remedy: lost > 0
                    ? "Raise --wire.buffer."
                    : "See /health/capture for the most frequent reason; traffic over TLS cannot be measured.")
        }
    }
}

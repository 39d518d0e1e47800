// INFO commandstats and INFO latencystats: what each command has cost so far. The two belong together, because the
// percentiles of the second come without the count and the sum that a summary needs.

import Metrics

/// What the server counts per command.
struct CommandStatistics: Sendable {
    static let calls = Descriptor(
        .counter, "redis_commands_total", labels: ["cmd", "command"],
        help: "Calls of each command (INFO cmdstat_* calls).")
    static let duration = Descriptor(
        .counter, "redis_commands_duration_seconds_total", labels: ["cmd", "command"],
        help: "Time that each command took on the server (INFO cmdstat_* usec).")
    static let rejectedCalls = Descriptor(
        .counter, "redis_commands_rejected_calls_total", labels: ["cmd", "command"],
        help: "Calls of each command refused before they ran (INFO cmdstat_* rejected_calls).")
    static let failedCalls = Descriptor(
        .counter, "redis_commands_failed_calls_total", labels: ["cmd", "command"],
        help: "Calls of each command that ended in an error (INFO cmdstat_* failed_calls).")
    static let errors = Descriptor(
        .counter, "redis_command_errors_total", labels: ["command"],
        help: "Calls of each command that failed or were refused (INFO cmdstat_* failed_calls and rejected_calls).")
    static let percentiles = Descriptor(
        .summary, "redis_latency_percentiles_usec", labels: ["cmd"],
        help: "Latency of each command in microseconds at the server's percentiles, in percent (INFO latencystats).")

    static let descriptors = [calls, duration, rejectedCalls, failedCalls, errors, percentiles]

    /// Count and time of one command.
    struct Usage: Sendable, Equatable {
        var calls: Double
        var microseconds: Double
    }

    /// Usage by command, for the families whose source lacks it.
    private(set) var usage: [String: Usage] = [:]
    private var latencies: [(command: String, quantiles: [(label: String, value: Double)])] = []

    private static let commandPrefix = Array("cmdstat_".utf8)
    private static let latencyPrefix = Array("latency_percentiles_usec_".utf8)
    private static let callsName = Array("calls".utf8)
    private static let timeName = Array("usec".utf8)
    private static let rejectedName = Array("rejected_calls".utf8)
    private static let failedName = Array("failed_calls".utf8)

    /// Takes a line of either section; nil when it is none, false when it is one and makes no sense.
    mutating func take(_ line: InfoValue, into samples: inout Samples) -> Bool? {
        if let command = line.rest(after: Self.commandPrefix) {
            return takeUsage(of: line.text(command), line, into: &samples)
        }
        if let command = line.rest(after: Self.latencyPrefix) {
            return takeLatency(of: line.text(command), line)
        }
        return nil
    }

    /// `cmdstat_get:calls=1,usec=2,usec_per_call=2.00,rejected_calls=0,failed_calls=0`; the last two since 6.2.
    private mutating func takeUsage(of command: String, _ line: InfoValue, into samples: inout Samples) -> Bool {
        var calls: Double?
        var time: Double?
        var rejected: Double?
        var failed: Double?
        var pairs = line.pairs
        while let (name, value) = pairs.next() {
            if line.isEqual(name, Self.callsName) {
                calls = InfoNumber.parse(line.bytes, value)
            } else if line.isEqual(name, Self.timeName) {
                time = InfoNumber.parse(line.bytes, value)
            } else if line.isEqual(name, Self.rejectedName) {
                rejected = InfoNumber.parse(line.bytes, value)
            } else if line.isEqual(name, Self.failedName) {
                failed = InfoNumber.parse(line.bytes, value)
            }
        }
        guard let calls, let time else { return false }
        usage[command] = Usage(calls: calls, microseconds: time)
        samples.add(Self.calls, calls, command, command)
        samples.add(Self.duration, time / 1_000_000, command, command)
        samples.add(Self.rejectedCalls, ifKnown: rejected, command, command)
        samples.add(Self.failedCalls, ifKnown: failed, command, command)
        if let rejected, let failed { samples.add(Self.errors, rejected + failed, command) }
        return true
    }

    /// `latency_percentiles_usec_get:p50=1.003,p99=2.007,p99.9=2.007`.
    private mutating func takeLatency(of command: String, _ line: InfoValue) -> Bool {
        var quantiles: [(label: String, value: Double)] = []
        var pairs = line.pairs
        while let (name, value) = pairs.next() {
            guard line.bytes[name].first == UInt8(ascii: "p"), let number = InfoNumber.parse(line.bytes, value),
                InfoNumber.parse(line.bytes, name.dropFirst()) != nil
            else { return false }
            quantiles.append((line.text(name.dropFirst()), number))
        }
        latencies.append((command, quantiles))
        return !quantiles.isEmpty
    }

    /// Adds what needs both sections.
    func finish(into samples: inout Samples) {
        for (command, quantiles) in latencies where !quantiles.isEmpty {
            guard let usage = usage[command] else { continue }
            let summary = SummaryValue(quantiles: quantiles, sum: usage.microseconds, count: usage.calls)
            samples.add(Self.percentiles, Sample(labels: [command], value: .summary(summary)))
        }
    }
}

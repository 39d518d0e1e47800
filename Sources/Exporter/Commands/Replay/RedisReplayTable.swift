// `sidelong replay --format=table`: what a person wants to know of a capture, most time-consuming first.

import Metrics
import Traffic

/// The figures of a Redis as text.
struct RedisReplayTable {
    private let snapshot: RedisSnapshot
    private let buckets: Buckets
    private let samples: Samples

    /// - Parameter samples: all that belong to its target.
    init(_ snapshot: RedisSnapshot, _ samples: Samples, _ buckets: Buckets) {
        self.snapshot = snapshot
        self.samples = samples
        self.buckets = buckets
    }

    var text: String {
        let sections = [
            summary, groups, commands, blocking, counts("Ran within MULTI", RedisTrafficFamilies.keyQueuedCommands),
            users,
            counts("Errors", RedisTrafficFamilies.userCommandErrors),
            counts("Not measured", snapshot.unmeasuredCommands, explained: Self.reasons),
            counts("Out of sync", snapshot.resyncs),
            counts("Packets left out", WireFamilies.ignoredPackets),
        ]
        return sections.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var summary: String {
        let packets = samples.sum(of: WireFamilies.packets).map { "\(Int($0)) packets, " } ?? ""
        return "\(packets)\(snapshot.connections) connections open at the end, "
            + "\(snapshot.pairedCommands) commands paired with their reply.\n"
    }

    private var groups: String {
        var table = TextTable(
            ["Key group", "count", "total", "p50", "p95", "p99", "max", "hits", "fast to slow"], numbers: 1...7)
        for group in snapshot.groupSummaries() {
            let name = group.project.isEmpty ? group.name : "\(group.name) [\(group.project)]"
            let reads = group.hits + group.misses
            let rate = reads == 0 ? "" : "\(group.hits * 100 / reads) %"
            table.add(cells(name, group.latency) + [rate, Cell.bar(group.latency.histogram)])
        }
        return table.text
    }

    private var commands: String { latencies("Command", snapshot.commandSummaries()) }
    private var blocking: String { latencies("Blocking command", snapshot.blockingSummaries()) }

    private func latencies(_ title: String, _ rows: [(command: String, latency: LatencySummary)]) -> String {
        var table = TextTable([title, "count", "total", "p50", "p95", "p99", "max", "fast to slow"], numbers: 1...6)
        for row in rows { table.add(cells(row.command, row.latency) + [Cell.bar(row.latency.histogram)]) }
        return table.text
    }

    private var users: String {
        var table = TextTable(["User", "count", "total", "fast to slow"], numbers: 1...2)
        for sample in samples[RedisTrafficFamilies.userCommandDuration] {
            guard case .histogram(let value) = sample.value else { continue }
            table.add([sample.labels[0], "\(value.count)", Cell.time(value.sum), Cell.bar(value.counts)])
        }
        return table.text
    }

    /// Counters other than 0, by their labels.
    private func counts(_ title: String, _ family: Descriptor) -> String {
        let counts = samples[family].compactMap { sample -> (reason: String, count: UInt64)? in
            guard case .number(let count) = sample.value else { return nil }
            return (sample.labels.joined(separator: " "), UInt64(count))
        }
        return self.counts(title, counts)
    }

    private func counts(
        _ title: String, _ counts: [(reason: String, count: UInt64)], explained: [String: String] = [:]
    ) -> String {
        var table = TextTable([title, "count", ""], numbers: 1...1)
        for (name, count) in counts where count > 0 { table.add([name, "\(count)", explained[name] ?? ""]) }
        return table.text
    }

    private func cells(_ name: String, _ latency: LatencySummary) -> [String] {
        // A group whose commands were all queued by MULTI has no latency of its own.
        if latency.count == 0 { return [name, "0", "", "", "", "", ""] }
        return [
            name, "\(latency.count)", Cell.time(latency.total), Cell.time(latency.p50), Cell.time(latency.p95),
            Cell.time(latency.p99), Cell.time(latency.maximum),
        ]
    }

    /// Why commands could not be measured, for those who do not have the metric reference at hand.
    private static let reasons = [
        "joined_midstream": "the capture began within the connection",
        "gap": "packets of the connection are missing",
        "snap_length": "the snap length cut off what was needed",
        "resync": "the connection made no sense",
        "no_reply": "the command gets no reply",
        "blocking": "it was sent behind a blocking command, so its time is that wait",
        "closed": "the connection ended before the reply",
        "evicted": "the connection was forgotten before the reply",
        "queue_full": "too many commands were in flight",
        "replication": "the connection became a replica's",
    ]
}

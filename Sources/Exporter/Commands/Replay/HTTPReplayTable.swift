// `sidelong replay --format=table` for the gateway: where its time went, and what it answered.

import Metrics
import Traffic

/// The figures of HTTP as text.
struct HTTPReplayTable {
    private let snapshot: HTTPSnapshot
    private let buckets: Buckets
    private let samples: Samples

    init(_ snapshot: HTTPSnapshot, _ buckets: Buckets) {
        self.snapshot = snapshot
        self.buckets = buckets
        samples = snapshot.samples
    }

    var text: String {
        let sections = [
            latencies("Request", HTTPTrafficFamilies.duration), counts("Answered", HTTPTrafficFamilies.requests),
            latencies("API key", HTTPTrafficFamilies.keyDuration),
            counts("Refused", HTTPTrafficFamilies.keyFailures), counts("Streams", HTTPTrafficFamilies.streams),
            unmeasured,
        ]
        return sections.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// Histograms by their labels, most time-consuming first.
    private func latencies(_ title: String, _ family: Descriptor) -> String {
        var rows: [(name: String, value: HistogramValue)] = []
        for sample in samples[family] {
            guard case .histogram(let value) = sample.value, value.count > 0 else { continue }
            rows.append((sample.labels.joined(separator: " "), value))
        }
        rows.sort { $0.value.sum > $1.value.sum }
        var table = TextTable([title, "count", "total", "average", "fast to slow"], numbers: 1...3)
        for (name, value) in rows {
            let average = value.sum / Double(value.count)
            table.add([
                name, "\(value.count)", Cell.time(value.sum), Cell.time(average),
                Cell.bar(value.counts),
            ])
        }
        return table.text
    }

    /// Counters other than 0 by their labels, the largest first.
    private func counts(_ title: String, _ family: Descriptor) -> String {
        var rows: [(name: String, count: Double)] = []
        for sample in samples[family] {
            guard case .number(let count) = sample.value, count > 0 else { continue }
            rows.append((sample.labels.joined(separator: " "), count))
        }
        rows.sort { ($1.count, $0.name) < ($0.count, $1.name) }
        var table = TextTable([title, "count"], numbers: 1...1)
        for row in rows { table.add([row.name, "\(Int(row.count))"]) }
        return table.text
    }

    private var unmeasured: String {
        var table = TextTable(["Not measured", "count"], numbers: 1...1)
        for (reason, count) in snapshot.unmeasured where count > 0 { table.add([reason, "\(count)"]) }
        return table.text
    }
}

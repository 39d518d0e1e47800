// Latencies per key group that come from elsewhere than the network: from the slow log, and from probes. They need no
// capability, and they work over TLS.

import Metrics
import Synchronization
import Traffic

/// Histograms per key group and command, of one Redis.
final class KeyLatencies: Sendable {
    enum Origin: String, Sendable {
        case slowlog, probe
    }

    private struct Series: Hashable {
        let origin: Origin
        let group: String
        let command: String
        let project: String
    }

    private let buckets: Buckets
    private let limit: Int
    private let histograms = Mutex<[Series: Histogram]>([:])

    /// - Parameter limit: series per origin, beside `other`.
    init(_ settings: WireSettings) {
        buckets = settings.buckets
        limit = settings.maxHistograms
    }

    /// Counts one command; one without a key is left out.
    func record(_ name: CommandName, _ origin: Origin, nanoseconds: UInt64) {
        guard let group = name.keyGroup else { return }
        let series = Series(origin: origin, group: group, command: name.command, project: name.project)
        let rest = Series(origin: origin, group: "other", command: "other", project: "")
        histograms.withLock { histograms in
            let fits = histograms[series] != nil || histograms.keys.count { $0.origin == origin } < limit
            histograms[fits ? series : rest, default: Histogram(buckets)].record(nanoseconds)
        }
    }

    var samples: Samples {
        var samples = Samples()
        for (series, histogram) in histograms.withLock({ $0 }) {
            samples.add(
                RedisTrafficFamilies.keyCommandDuration,
                Sample(
                    labels: [series.group, series.command, series.origin.rawValue, series.project],
                    value: .histogram(histogram.value)))
        }
        return samples
    }
}

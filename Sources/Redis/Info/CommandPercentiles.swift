// Percentiles of each command's latency since the server started, as the server computes them (since Redis 7). They are
// a section of INFO, which some servers answer with everything else and all answer by itself.

import Metrics

/// The percentiles of one reply, by command.
struct CommandPercentiles: Sendable {
    static let percentiles = Descriptor(
        .summary, "redis_latency_percentiles_usec", labels: ["cmd"],
        help: "Latency of each command in microseconds at the server's percentiles, in percent (INFO latencystats).")

    private(set) var quantiles: [(command: String, values: [(label: String, value: Double)])] = []

    private static let prefix = Array("latency_percentiles_usec_".utf8)

    init() {}

    /// Decodes a reply to `INFO latencystats`.
    init(_ reply: RedisReply) throws(CollectorFailure) {
        guard case .bulk(let bytes) = reply else {
            throw CollectorFailure(.malformed, "INFO latencystats answered with something else than a text")
        }
        var lines = InfoLines(bytes)
        while let line = lines.next() {
            guard case .field(let name, let value) = line else { continue }
            _ = take(InfoValue(bytes: bytes, name: name, value: value))
        }
    }

    /// Takes `latency_percentiles_usec_get:p50=1.003,p99=2.007,p99.9=2.007`; nil when the line is another, false when
    /// it makes no sense, as with a percentile that stands twice.
    mutating func take(_ line: InfoValue) -> Bool? {
        guard let command = line.rest(after: Self.prefix) else { return nil }
        var values: [(label: String, value: Double)] = []
        var seen: Set<Double> = []
        var isSound = true
        var pairs = line.pairs
        while let (name, value) = pairs.next() {
            let label = line.text(name.dropFirst())
            guard line.bytes[name].first == UInt8(ascii: "p"), let number = InfoNumber.parse(line.bytes, value),
                let percentile = Double(label), number >= 0, 0...100 ~= percentile, seen.insert(percentile).inserted
            else {
                isSound = false
                continue
            }
            values.append((label, number))
        }
        guard !values.isEmpty else { return false }
        quantiles.append((line.text(command), values))
        return isSound
    }

    /// The family, with sums and counts from INFO commandstats, because the server gives none with the percentiles.
    func samples(usage: [String: CommandStatistics.Usage]) -> Samples {
        var samples = Samples()
        for (command, values) in quantiles {
            guard let usage = usage[command] else { continue }
            let summary = SummaryValue(quantiles: values, sum: usage.microseconds, count: usage.calls)
            samples.add(Self.percentiles, Sample(labels: [command], value: .summary(summary)))
        }
        return samples
    }
}

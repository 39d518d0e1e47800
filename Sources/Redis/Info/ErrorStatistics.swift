// INFO errorstats: how often the server has answered with each kind of error.

import Metrics

enum ErrorStatistics {
    static let errors = Descriptor(
        .counter, "redis_errors_total", labels: ["err"],
        help: "Error replies by their first word (INFO errorstat_* count).")

    private static let prefix = Array("errorstat_".utf8)
    private static let countName = Array("count".utf8)

    /// Takes `errorstat_ERR:count=2`; nil when the line is another, false when it makes no sense.
    static func take(_ line: InfoValue, into samples: inout Samples) -> Bool? {
        guard let kind = line.rest(after: prefix) else { return nil }
        var pairs = line.pairs
        while let (name, value) = pairs.next() {
            guard line.isEqual(name, countName) else { continue }
            guard let count = InfoNumber.parse(line.bytes, value) else { return false }
            samples.add(errors, count, line.text(kind))
            return true
        }
        return false
    }
}

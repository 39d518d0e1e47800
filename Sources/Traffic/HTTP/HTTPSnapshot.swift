// The figures of HTTP at one moment, to be scraped or printed.

public import Metrics

/// What had been counted of HTTP when the snapshot was taken.
public struct HTTPSnapshot: ProtocolSnapshot {
    let wire: WireSnapshot
    let counts: HTTPCounts
    let labels: [GroupLabel?]
    /// Requests that were sent and not answered yet.
    public let inFlight: Int
    /// What has passed each port.
    public let ports: [HTTPPortFigures]
    private let hasKeys: Bool

    init(_ books: borrowing HTTPBooks, target: String?) {
        wire = books.wireSnapshot(target: target)
        counts = books.counts
        labels = books.pathLabels
        inFlight = books.inFlight
        ports = books.ports.figures
        hasKeys = books.credentials.areWanted
    }

    /// A path as it is shown. A slot without a path is `other`.
    func path(_ slot: Int) -> String {
        guard slot < labels.count, let label = labels[slot] else { return "other" }
        return String(printable: label.name)
    }

    /// Requests that were answered.
    public var requests: UInt64 { wire.requests }
    /// Requests that were not measured, by reason.
    public var unmeasured: [(reason: String, count: UInt64)] { wire.unmeasured }

    /// Requests that were answered or given up, those that the server is to blame for, and the latencies of all.
    public var totals: HTTPTotals {
        var totals = HTTPTotals()
        for row in counts.rows.rows {
            totals.requests &+= row.requests
            if row.status.isError { totals.errors &+= row.requests }
        }
        totals.latencies = counts.durations.histograms.nativeCounts
        return totals
    }

    /// The samples of all families that only HTTP has.
    public var samples: Samples {
        var samples = Samples(bounded: false)
        addFamilies(to: &samples)
        return samples
    }

    func addFamilies(to samples: inout Samples) {
        addRequests(to: &samples)
        addDurations(to: &samples)
        samples.add(HTTPTrafficFamilies.inFlight, Double(inFlight))
        samples.add(HTTPTrafficFamilies.connections, Double(wire.connections))
        for kind in HTTPStreamKind.allCases {
            let place = Int(kind.rawValue)
            samples.add(HTTPTrafficFamilies.streams, Double(counts.streams.total[place]), kind.label)
            samples.add(HTTPTrafficFamilies.openStreams, Double(counts.streams.opened[place]), kind.label)
        }
        if hasKeys { addKeys(to: &samples) }
    }

    /// Bytes of one method on one path.
    private struct Exchanged {
        let method: HTTPMethod
        let path: String
        var request: UInt64 = 0
        var answer: UInt64 = 0
    }

    private func addRequests(to samples: inout Samples) {
        var exchanged: [Int: Exchanged] = [:]
        for row in counts.rows.rows where row.requests > 0 || row.requestBytes > 0 || row.answerBytes > 0 {
            let path = path(row.slot)
            let pair = row.slot * HTTPMethod.allCases.count + Int(row.method.rawValue)
            exchanged[pair, default: Exchanged(method: row.method, path: path)].request &+= row.requestBytes
            exchanged[pair, default: Exchanged(method: row.method, path: path)].answer &+= row.answerBytes
            guard row.requests > 0 else { continue }
            let (method, status) = (row.method.label, row.status.label)
            samples.add(HTTPTrafficFamilies.requests, Double(row.requests), method, path, status)
            if row.status.isError {
                samples.add(HTTPTrafficFamilies.errors, Double(row.requests), method, path, status)
            }
        }
        for (_, pair) in exchanged {
            samples.add(HTTPTrafficFamilies.requestBytes, Double(pair.request), pair.method.label, pair.path)
            samples.add(HTTPTrafficFamilies.responseBytes, Double(pair.answer), pair.method.label, pair.path)
        }
    }

    private func addDurations(to samples: inout Samples) {
        for (row, pair) in counts.durations.pairs.enumerated() {
            guard let pair, let method = HTTPMethod(rawValue: UInt8(pair.item)) else { continue }
            addDuration(
                row, method.label, path(pair.group), counts.exemplars.exemplars(row, pair), to: &samples)
        }
        let rest = counts.durations.rest
        if counts.durations.histograms.count(rest) > 0 { addDuration(rest, "other", "other", [], to: &samples) }
    }

    private func addDuration(
        _ row: Int, _ method: String, _ path: String, _ exemplars: [Exemplar?], to samples: inout Samples
    ) {
        let value = counts.durations.histograms.value(row, counts.scale.buckets, exemplars: exemplars)
        samples.add(HTTPTrafficFamilies.duration, Sample(labels: [method, path], value: .histogram(value)))
    }

    private func addKeys(to samples: inout Samples) {
        let keys = counts.keys
        for (place, name) in keys.names.enumerated() where keys.isShown[place] {
            let row = keys.rows[place]
            samples.add(HTTPTrafficFamilies.keyRequests, Double(row.requests), name)
            samples.add(HTTPTrafficFamilies.keyFailures, Double(row.unauthorized), name, "unauthorized")
            samples.add(HTTPTrafficFamilies.keyFailures, Double(row.forbidden), name, "forbidden")
            samples.add(HTTPTrafficFamilies.keyLimited, Double(row.limited), name)
            let value = keys.histograms.value(place, counts.scale.buckets)
            samples.add(HTTPTrafficFamilies.keyDuration, Sample(labels: [name], value: .histogram(value)))
        }
    }
}

// From a bucket to one request that fell into it. Where a client says which trace its request belongs to, the newest
// one of each bucket is kept, by its number alone.

import Metrics

/// The newest sampled trace of each bucket of each histogram. Takes memory with the first one.
struct ExemplarRows: Sendable {
    private struct Cell: Sendable {
        var pair = BoundedHistograms.Pair(group: -1, item: 0)
        var trace = TraceID.none
        var latency: UInt64 = 0
        var stamp: UInt64 = 0
    }

    private let rows: Int
    private let buckets: Int
    private var cells: [Cell] = []

    init(rows: Int, buckets: Int) {
        self.rows = rows
        self.buckets = buckets
    }

    /// Keeps a trace.
    ///
    /// - Parameters:
    ///   - pair: whose row it is at this moment.
    ///   - stamp: when the answer ended, in nanoseconds since 1970.
    mutating func record(
        _ row: Int, _ pair: BoundedHistograms.Pair, bucket: Int, _ trace: TraceID, _ latency: UInt64, at stamp: UInt64
    ) {
        if cells.isEmpty { cells = Array(repeating: Cell(), count: rows * buckets) }
        cells[row * buckets + bucket] = Cell(pair: pair, trace: trace, latency: latency, stamp: stamp)
    }

    /// The exemplars of a row; none of those that the row had under another name.
    func exemplars(_ row: Int, _ pair: BoundedHistograms.Pair) -> [Exemplar?] {
        if cells.isEmpty { return [] }
        return (0..<buckets).map { bucket in
            let cell = cells[row * buckets + bucket]
            guard cell.pair == pair, cell.trace.isKnown else { return nil }
            return Exemplar(
                label: "trace_id", value: cell.trace.text, observation: Double(cell.latency) / 1e9,
                at: Moment(nanoseconds: cell.stamp))
        }
    }
}

// Many histograms with the same buckets in one flat array: a copy for a scrape is one allocation.

import Metrics

/// Histograms by row. Each row holds its buckets' counts, the sum and the maximum of its observations, and their native
/// buckets unless they are no latencies.
struct HistogramRows: Sendable {
    private let width: Int
    private var cells: [UInt64]
    private var native: NativeRows
    private let isNative: Bool
    private(set) var rows = 0

    /// - Parameters:
    ///   - buckets: how many buckets each row has, +Inf included.
    ///   - isNative: whether observations are latencies that go to the page; rows of one bucket are plain counts.
    init(buckets: Int, rows: Int = 0, isNative: Bool = true) {
        width = buckets + 2
        cells = []
        native = NativeRows()
        self.isNative = isNative && buckets > 1
        while self.rows < rows { addRow() }
    }

    @discardableResult
    mutating func addRow() -> Int {
        cells.append(contentsOf: repeatElement(0, count: width))
        if isNative { native.addRow() }
        rows += 1
        return rows - 1
    }

    /// - Parameter bucket: where ``LatencyScale`` files the observation, or a bucket alone where rows are not native.
    @inline(__always)
    mutating func record(_ row: Int, bucket: Int, _ observation: UInt64) {
        let base = row &* width
        let maximum = base &+ width &- 1
        var cells = cells.mutableSpan
        cells[base &+ BucketPair.classic(bucket)] &+= 1
        cells[maximum &- 1] &+= observation
        if observation > cells[maximum] { cells[maximum] = observation }
        if isNative { native.record(row, place: BucketPair.native(bucket)) }
    }

    func counts(_ row: Int) -> ArraySlice<UInt64> { cells[row * width..<(row + 1) * width - 2] }
    func count(_ row: Int) -> UInt64 { counts(row).reduce(0, &+) }
    func sum(_ row: Int) -> UInt64 { cells[(row + 1) * width - 2] }
    /// The native counts of all rows together.
    var nativeCounts: [UInt64] { native.total }
    func maximum(_ row: Int) -> UInt64 { cells[(row + 1) * width - 1] }

    /// Adds one row to another and clears it.
    mutating func move(_ row: Int, to other: Int) {
        for offset in 0..<width - 1 {
            cells[other * width + offset] &+= cells[row * width + offset]
            cells[row * width + offset] = 0
        }
        cells[(other + 1) * width - 1] = Swift.max(maximum(other), maximum(row))
        cells[(row + 1) * width - 1] = 0
        if isNative { native.move(row, to: other) }
    }

    /// A row as it goes to the page, in seconds.
    func value(
        _ row: Int, _ buckets: Buckets, scale: Double = 1e-9, exemplars: [Exemplar?] = []
    ) -> HistogramValue {
        HistogramValue(
            buckets: buckets, counts: Array(counts(row)), sum: Double(sum(row)) * scale,
            native: isNative ? native.value(row) : nil, exemplars: exemplars)
    }
}

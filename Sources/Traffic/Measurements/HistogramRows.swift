// Many histograms with the same buckets in one flat array: a copy for a scrape is one allocation.

import Metrics

/// Histograms by row. Each row holds its buckets' counts, the sum and the maximum of its observations.
struct HistogramRows: Sendable {
    private let width: Int
    private var cells: [UInt64]
    private(set) var rows = 0

    /// - Parameter buckets: how many buckets each row has, +Inf included.
    init(buckets: Int, rows: Int = 0) {
        width = buckets + 2
        cells = []
        while self.rows < rows { addRow() }
    }

    @discardableResult
    mutating func addRow() -> Int {
        cells.append(contentsOf: repeatElement(0, count: width))
        rows += 1
        return rows - 1
    }

    @inline(__always)
    mutating func record(_ row: Int, bucket: Int, _ observation: UInt64) {
        let base = row &* width
        cells[base &+ bucket] &+= 1
        cells[base &+ width &- 2] &+= observation
        if observation > cells[base &+ width &- 1] { cells[base &+ width &- 1] = observation }
    }

    func counts(_ row: Int) -> ArraySlice<UInt64> { cells[row * width..<(row + 1) * width - 2] }
    func count(_ row: Int) -> UInt64 { counts(row).reduce(0, &+) }
    func sum(_ row: Int) -> UInt64 { cells[(row + 1) * width - 2] }
    func maximum(_ row: Int) -> UInt64 { cells[(row + 1) * width - 1] }

    /// Adds one row to another and clears it.
    mutating func move(_ row: Int, to other: Int) {
        for offset in 0..<width - 1 {
            cells[other * width + offset] &+= cells[row * width + offset]
            cells[row * width + offset] = 0
        }
        cells[(other + 1) * width - 1] = Swift.max(maximum(other), maximum(row))
        cells[(row + 1) * width - 1] = 0
    }

    /// A row as it goes to the page, in seconds.
    func value(_ row: Int, _ buckets: Buckets, scale: Double = 1e-9) -> HistogramValue {
        HistogramValue(buckets: buckets, counts: Array(counts(row)), sum: Double(sum(row)) * scale)
    }
}

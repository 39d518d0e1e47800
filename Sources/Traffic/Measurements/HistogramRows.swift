// Many histograms with the same buckets in one flat array: a copy for a scrape is one allocation, and an observation
// asks once whether the array is shared. Rows are sparse: the latencies of one command spread over a few powers of two
// out of the thirty that there are. Eight neighbouring places are a page; a row has pages where it has observations.

import Metrics

/// Histograms by row. Each row holds the sum and the maximum of its observations, and how many fell in each place.
///
/// For latencies 300 bytes a row and 64 a page. A row that has seen latencies from 20 µs to 2 ms has nine pages.
struct HistogramRows: Sendable {
    private static let pageBits = 3
    private static let pageSize = 1 << pageBits
    /// Where in a row the sum and the maximum stand, and where its pages begin.
    private static let sum = 0
    private static let maximum = 1
    private static let pages = 2

    private let places: RowPlaces
    /// Cells of a row without those of its pages.
    private let width: Int
    /// Rows and pages, in the order in which they came. A row knows where its pages are; 0 stands for none.
    private var cells: [UInt64] = []
    /// Where each row begins.
    private var starts: [UInt32] = []
    /// Pages of rows that were cleared.
    private var vacant: [UInt64] = []

    init(_ places: RowPlaces, rows: Int = 0) {
        self.places = places
        width = Self.pages + (places.count + Self.pageSize - 1) >> Self.pageBits
        cells.reserveCapacity(rows * width)
        for _ in 0..<rows { addRow() }
    }

    /// How many rows there are.
    var rows: Int { starts.count }

    @discardableResult
    mutating func addRow() -> Int {
        starts.append(UInt32(cells.count))
        cells.append(contentsOf: repeatElement(0, count: width))
        return starts.count - 1
    }

    /// - Parameter place: where the scale of these rows files the observation.
    @inline(__always)
    mutating func record(_ row: Int, place: Int, _ observation: UInt64) {
        let start = Int(starts[row])
        let page = start &+ Self.pages &+ place >> Self.pageBits
        if cells[page] == 0 { addPage(page) }
        var cells = cells.mutableSpan
        cells[start &+ Self.sum] &+= observation
        if observation > cells[start &+ Self.maximum] { cells[start &+ Self.maximum] = observation }
        cells[Int(truncatingIfNeeded: cells[page]) &+ place & (Self.pageSize &- 1)] &+= 1
    }

    @inline(never)
    private mutating func addPage(_ page: Int) {
        if let free = vacant.popLast() {
            cells[page] = free
        } else {
            cells[page] = UInt64(cells.count)
            cells.append(contentsOf: repeatElement(0, count: Self.pageSize))
        }
    }

    /// Adds one row to another and clears it.
    mutating func move(_ row: Int, to other: Int) {
        let (from, to) = (Int(starts[row]), Int(starts[other]))
        cells[to + Self.sum] &+= cells[from + Self.sum]
        cells[to + Self.maximum] = Swift.max(cells[to + Self.maximum], cells[from + Self.maximum])
        (cells[from + Self.sum], cells[from + Self.maximum]) = (0, 0)
        for page in Self.pages..<width {
            let source = cells[from + page]
            guard source != 0 else { continue }
            cells[from + page] = 0
            if cells[to + page] == 0 { cells[to + page] = source } else { merge(source, into: cells[to + page]) }
        }
    }

    /// Adds one page to another and clears it.
    private mutating func merge(_ page: UInt64, into other: UInt64) {
        for offset in 0..<Self.pageSize {
            cells[Int(other) + offset] &+= cells[Int(page) + offset]
            cells[Int(page) + offset] = 0
        }
        vacant.append(page)
    }
}

// What is read of the rows.
extension HistogramRows {
    /// The sum of a row's observations.
    func sum(_ row: Int) -> UInt64 { cells[Int(starts[row]) + Self.sum] }
    func maximum(_ row: Int) -> UInt64 { cells[Int(starts[row]) + Self.maximum] }

    /// How many observations a row has.
    func count(_ row: Int) -> UInt64 {
        var count: UInt64 = 0
        forEachCount(of: row) { count &+= $1 }
        return count
    }

    /// The counts of a row by bucket of the page.
    func counts(_ row: Int) -> [UInt64] {
        var counts = [UInt64](repeating: 0, count: places.buckets)
        forEachCount(of: row) { counts[Int(places.bucketOf[$0])] &+= $1 }
        return counts
    }

    /// The native counts of all rows together.
    var nativeCounts: [UInt64] {
        var total = [UInt64](repeating: 0, count: NativeScale.count)
        for row in 0..<rows { forEachCount(of: row) { total[Int(places.nativeOf[$0])] &+= $1 } }
        return total
    }

    /// A row as it goes to the page, in seconds.
    func value(_ row: Int, _ buckets: Buckets, exemplars: [Exemplar?] = []) -> HistogramValue {
        HistogramValue(
            buckets: buckets, counts: counts(row), sum: Double(sum(row)) * 1e-9,
            native: places.nativeOf.isEmpty ? nil : native(row), exemplars: exemplars)
    }

    /// From the first place with an observation to the last one.
    private func native(_ row: Int) -> NativeHistogram {
        var first = 0
        var counts: [UInt64] = []
        forEachCount(of: row) { place, count in
            let native = Int(places.nativeOf[place])
            if counts.isEmpty { first = native }
            while first + counts.count <= native { counts.append(0) }
            counts[native - first] &+= count
        }
        return NativeHistogram(from: first, counts)
    }

    /// Calls `body` with each place that has observations, in ascending order, and with their number.
    @inline(__always)
    private func forEachCount(of row: Int, _ body: (_ place: Int, _ count: UInt64) -> Void) {
        let pages = Int(starts[row]) + Self.pages
        for page in 0..<width - Self.pages where cells[pages + page] != 0 {
            let cell = Int(cells[pages + page])
            for offset in 0..<Self.pageSize where cells[cell + offset] != 0 {
                body(page << Self.pageBits + offset, cells[cell + offset])
            }
        }
    }
}

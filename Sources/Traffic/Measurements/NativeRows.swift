// Native histograms by row, kept sparse: the latencies of one command spread over a few powers of two out of the
// thirty that there are. Eight neighbouring buckets are a page, and a row has pages where it has observations.

import Metrics

/// The native buckets of ``HistogramRows``, in the places of ``NativeScale``.
///
/// 132 bytes a row and 64 a page, in two flat arrays. A row that has seen latencies from 20 µs to 2 ms has eight pages.
struct NativeRows: Sendable {
    private static let pageBits = 3
    /// How many pages a row can have.
    private static let width = (NativeScale.count - 1) >> pageBits + 1

    /// The page of each row and range of places, in counters; 0 where there is none.
    private var pages: [UInt32] = []
    /// Eight for each page. The first page is nobody's and stays empty.
    private var counters: [UInt64] = Array(repeating: 0, count: 1 << pageBits)
    /// Pages of rows that were cleared.
    private var vacant: [UInt32] = []

    mutating func addRow() {
        pages.append(contentsOf: repeatElement(0, count: Self.width))
    }

    @inline(__always)
    mutating func record(_ row: Int, place: Int) {
        let slot = row &* Self.width &+ place >> Self.pageBits
        var page = pages[slot]
        if page == 0 { page = addPage(slot) }
        counters[Int(page) &+ place & (1 << Self.pageBits &- 1)] &+= 1
    }

    @inline(never)
    private mutating func addPage(_ slot: Int) -> UInt32 {
        if let page = vacant.popLast() {
            pages[slot] = page
        } else {
            pages[slot] = UInt32(counters.count)
            counters.append(contentsOf: repeatElement(0, count: 1 << Self.pageBits))
        }
        return pages[slot]
    }

    /// Adds one row to another and clears it.
    mutating func move(_ row: Int, to other: Int) {
        for offset in 0..<Self.width {
            let page = pages[row * Self.width + offset]
            guard page != 0 else { continue }
            pages[row * Self.width + offset] = 0
            let target = pages[other * Self.width + offset]
            guard target != 0 else {
                pages[other * Self.width + offset] = page
                continue
            }
            for counter in 0..<1 << Self.pageBits {
                counters[Int(target) + counter] &+= counters[Int(page) + counter]
                counters[Int(page) + counter] = 0
            }
            vacant.append(page)
        }
    }

    /// The counts of all rows together, by place.
    var total: [UInt64] {
        var total = [UInt64](repeating: 0, count: NativeScale.count)
        for (slot, page) in pages.enumerated() where page != 0 {
            let first = (slot % Self.width) << Self.pageBits
            for offset in 0..<Swift.min(1 << Self.pageBits, total.count - first) {
                total[first + offset] &+= counters[Int(page) + offset]
            }
        }
        return total
    }

    /// A row as it goes to the page. Costs a copy of its pages.
    func value(_ row: Int) -> NativeHistogram {
        let range = row * Self.width..<(row + 1) * Self.width
        guard let first = range.first(where: { pages[$0] != 0 }), let last = range.last(where: { pages[$0] != 0 })
        else {
            return NativeHistogram(from: 0, [])
        }
        var counts: [UInt64] = []
        counts.reserveCapacity((last - first + 1) << Self.pageBits)
        for slot in first...last {
            // An empty page stands for one that is not there.
            let page = Int(pages[slot])
            counts.append(contentsOf: counters[page..<page + (1 << Self.pageBits)])
        }
        return NativeHistogram(from: (first - range.lowerBound) << Self.pageBits, counts)
    }
}

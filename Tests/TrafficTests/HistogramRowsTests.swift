import Testing

@testable import Metrics
@testable import Traffic

/// The histograms of the wire: classic buckets and native ones.
@Suite struct HistogramRowsTests {
    private let scale = LatencyScale(.latency)

    private func rows(_ observations: [[UInt64]]) -> HistogramRows {
        var rows = HistogramRows(scale.places, rows: observations.count)
        for (row, latencies) in observations.enumerated() {
            for latency in latencies { rows.record(row, place: scale.place(of: latency), latency) }
        }
        return rows
    }

    private func expected(_ latencies: [UInt64]) -> NativeHistogram {
        let counts = Dictionary(grouping: latencies, by: NativeScale.shared.place).mapValues { UInt64($0.count) }
        return NativeHistogram(counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    private static let observations: [[UInt64]] = [
        [], [0, 1, 953, 954], (0..<2000).map { UInt64($0 * $0 * 997) }, [.max, 1 << 40, 3_000_000], [80_000],
    ]

    @Test func everyObservationIsInItsBucketAndNoOtherRow() {
        let rows = rows(Self.observations)
        for (row, latencies) in Self.observations.enumerated() {
            let value = rows.value(row, .latency)
            #expect(value.native == expected(latencies), "row \(row)")
            #expect(value.count == UInt64(latencies.count))
            var classic = Histogram(.latency)
            for latency in latencies { classic.record(latency) }
            #expect(value.counts == classic.counts)
        }
    }

    @Test func aRowThatMovesTakesItsBucketsAlongAndLeavesNone() {
        var rows = rows(Self.observations)
        rows.move(2, to: 1)
        rows.move(3, to: 0)
        #expect(rows.value(1, .latency).native == expected(Self.observations[1] + Self.observations[2]))
        #expect(rows.value(0, .latency).native == expected(Self.observations[3]))
        #expect(rows.value(2, .latency).native == expected([]))
        // The room that was left is used again, and is empty.
        for latency in Self.observations[2] { rows.record(3, place: scale.place(of: latency), latency) }
        #expect(rows.value(3, .latency).native == expected(Self.observations[2]))
        #expect(rows.value(4, .latency).native == expected(Self.observations[4]))
    }

    @Test func whatIsNoLatencyHasNoNativeBuckets() {
        var rows = HistogramRows(RowPlaces(plain: 5), rows: 1)
        rows.record(0, place: 3, 7)
        let value = rows.value(0, Buckets([1, 2, 4, 8]))
        #expect(value.native == nil && value.counts == [0, 0, 0, 1, 0])
    }
}

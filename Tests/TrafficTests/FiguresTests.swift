import Metrics
import TestKit
import Testing

@testable import Traffic

@Suite struct FiguresTests {
    @Test func observationsFallIntoTheBucketsOfTheMetricsRoom() {
        let scale = LatencyScale(.latency)
        var dice = Dice(seed: 1)
        let limits: [UInt64] = Buckets.latency.bounds.map { UInt64(($0 * 1e9).rounded()) }
        let edges = limits.flatMap { [$0 - 1, $0, $0 + 1] } + [0, 1, .max]
        for observation in edges + (0..<1_000).map({ _ in UInt64.random(in: 0...5_000_000_000, using: &dice) }) {
            #expect(
                Int(scale.places.bucketOf[scale.place(of: observation)]) == Buckets.latency.index(of: observation),
                "\(observation)")
        }
    }

    @Test func percentilesAreCloseToTheTruth() throws {
        var rows = HistogramRows(RowPlaces(plain: FineScale.count), rows: 1)
        for observation in 1...10_000 as ClosedRange<UInt64> {
            rows.record(0, place: FineScale.bucket(of: observation * 1_000), observation * 1_000)
        }
        for share in [0.5, 0.95, 0.99, 1] {
            let value = try #require(FineScale.quantile(share, of: rows.counts(0), largest: rows.maximum(0)))
            #expect(abs(value / (share * 1e7) - 1) < 0.05, "p\(share)")
        }
        #expect(FineScale.quantile(0.5, of: [0, 0], largest: 0) == nil)
    }

    @Test func fineBucketsAreInOrder() {
        for bucket in 0..<FineScale.count - 1 {
            #expect(FineScale.bucket(of: FineScale.lowerBound(of: bucket)) == bucket)
            #expect(FineScale.lowerBound(of: bucket) < FineScale.lowerBound(of: bucket + 1))
        }
        #expect(FineScale.bucket(of: .max) == FineScale.count - 1)
    }

    @Test func depthsFallIntoPowersOfTwo() {
        for (depth, bucket) in [(1, 0), (2, 1), (3, 2), (4, 2), (5, 3), (1_024, 10), (1_025, 11), (.max, 11)] {
            #expect(PipelineDepths.bucket(of: depth) == bucket, "\(depth)")
        }
    }

    @Test func countersKnownInAdvanceStartAtZero() {
        let bench = Bench()
        let figures = bench.figures
        #expect(figures.numbers(WireFamilies.requests) == ["redis": 0])
        let reasons = figures.numbers(WireFamilies.unmeasuredRequests).keys.joined(separator: " ")
        #expect(figures.numbers(WireFamilies.unmeasuredRequests).count == 10, "\(reasons)")
        #expect(!reasons.contains("http2") && !reasons.contains("tail_cut"), "what Redis cannot have: \(reasons)")
        #expect(figures.numbers(WireFamilies.resyncs).count == ResyncReason.allCases.count)
        #expect(figures.numbers(WireFamilies.packets) == ["test0": 0])
        #expect(figures.numbers(WireFamilies.connections) == ["redis": 0])
        #expect(figures.groups.isEmpty)
    }

    @Test func everyFamilyIsListedOnceAndFilled() {
        var bench = Bench { $0.redis.hotKeys = 1 }
        bench.feed(SegmentationTests.traffic)
        var publisher = ScriptedConnection(clientPort: 50_001)
        publisher.open()
        publisher.exchange(request("PUBLISH", "orders", "shipped"), ":2\r\n")
        bench.feed(publisher)
        let shown = Set(bench.engine.snapshot().samples(of: nil).families.map(\.descriptor.name))
        #expect(shown == Set((RedisTrafficFamilies.all + WireFamilies.all).map(\.name)))
        #expect((RedisTrafficFamilies.all + WireFamilies.all).count == shown.count)
    }

    @Test func noSeriesStandsTwice() {
        var bench = Bench()
        bench.feed(SegmentationTests.traffic)
        #expect(Exposition([.init(bench.engine.snapshot().samples(of: nil))]).duplicates == 0)
    }

    @Test func aSnapshotDoesNotChange() {
        var bench = Bench()
        var wire = ScriptedConnection()
        wire.open()
        wire.exchange(request("GET", "a"), bulk("x"))
        bench.feed(wire)
        let before = bench.figures
        wire.packets = []
        wire.exchange(request("GET", "a"), bulk("x"))
        bench.feed(wire)
        #expect(before.snapshot.pairedCommands == 1)
        #expect(bench.figures.snapshot.pairedCommands == 2)
        #expect(before.commands == ["get": 1])
    }

    @Test func summariesAreSortedByTotalTime() throws {
        var bench = Bench { $0.keepsPercentiles = true }
        var wire = ScriptedConnection()
        wire.open()
        for number in 1...100 as ClosedRange<UInt64> {
            wire.exchange(request("GET", "a:1"), bulk("x"), after: number * 10)
            wire.exchange(request("SET", "b:1", "v"), "+OK\r\n", after: 2_000)
        }
        wire.exchange(request("BLPOP", "q", "0"), "*-1\r\n")
        bench.feed(wire)
        let groups = bench.figures.snapshot.groupSummaries()
        #expect(groups.map(\.name) == ["b:*", "a:*", "q"])
        #expect(groups[1].latency.count == 100)
        #expect(groups[1].latency.maximum == 0.001)
        #expect(groups[1].latency.histogram.reduce(0, +) == 100)
        let p95 = try #require(groups[1].latency.p95)
        #expect(abs(p95 / 0.00095 - 1) < 0.05)
        let commands = bench.figures.snapshot.commandSummaries()
        #expect(commands.map(\.command) == ["set", "get"])
        #expect(commands[0].latency.p50 != nil)
        #expect(bench.figures.snapshot.blockingSummaries().map(\.command) == ["blpop"])
    }
}

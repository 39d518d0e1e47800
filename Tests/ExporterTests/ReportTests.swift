import Metrics
import Testing

@testable import Exporter

/// What a report keeps when the configuration is read again.
@Suite struct ReportTests {
    private struct Silent: Collector {
        let name = "silent"
        let parts: [String]
        func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected { Collected() }
    }

    private static let value = Descriptor(.gauge, "silent_value", help: "A value.")

    private static func source(parts: [String], interval: Duration = .seconds(5)) -> Source {
        Source(
            collector: Silent(parts: parts), address: "h:1", interval: interval, timeout: .seconds(1), up: nil,
            retry: nil)
    }

    @Test func samplesAndCountsGoOnUnderTheNewConfiguration() throws {
        var old = Report(Self.source(parts: ["kept", "gone"]))
        old.record(.failure(CollectorFailure(.connect, "refused")), duration: .zero, at: .now, time: .now)
        var samples = Samples()
        samples.add(Self.value, 7)
        let partFailure = Collected.PartFailure(part: "kept", failure: CollectorFailure(.denied, "no"))
        old.record(
            .success(Collected(samples: samples, partFailures: [partFailure])), duration: .seconds(2), at: .now,
            time: Timestamp(seconds: 1000))

        let new = Report(Self.source(parts: ["kept", "new"], interval: .seconds(9)), after: old)
        #expect(new.polls == 2 && new.pollSeconds == 2 && new.isPolled)
        #expect(new.snapshot?.samples.first(Self.value) == 7)
        #expect(new.source.interval == .seconds(9))
        #expect(new.tallies.map(\.name) == ["silent", "kept", "new"])
        #expect(new.tallies[0].failures == [.connect: 1] && new.tallies[0].lastSuccess?.seconds == 1000)
        #expect(new.tallies[1].failures == [.denied: 1])
        #expect(new.tallies[2].outcome == nil && new.tallies[2].failures.isEmpty)
        #expect(new.breaker == .closed(failures: 0))
    }

    /// What is known of counters outlives failed polls and the reading of the configuration.
    @Test func startsOfCountersGoOn() {
        let counter = Descriptor(.counter, "silent_total", help: "A count.")
        func recorded(_ count: Double?, at seconds: Double, in former: Report) -> Report {
            var report = Report(former.source, after: former)
            let samples = count.map { count in
                var samples = Samples()
                samples.add(counter, count)
                return samples
            }
            report.record(
                samples.map { .success(Collected(samples: $0)) } ?? .failure(CollectorFailure(.timeout, "late")),
                duration: .zero, at: .now, time: Timestamp(seconds: seconds))
            return report
        }
        func start(_ report: Report) -> Double? {
            let family = Exposition(report.contributions).families.first { $0.descriptor === counter }
            return family?.starts.first.flatMap { $0 }.map { Double($0.nanoseconds) / 1e9 }
        }
        var source = Self.source(parts: [])
        source.origin = .firstSight
        let first = recorded(5, at: 1000, in: Report(source))
        #expect(start(first) == 1000)
        let failed = recorded(nil, at: 1005, in: recorded(6, at: 1003, in: first))
        #expect(start(failed) == nil)
        #expect(start(recorded(6, at: 1010, in: failed)) == 1000)
        #expect(start(recorded(2, at: 1010, in: failed)) == 1003)
    }

    @Test func aRemarkIsNewOncePerTopic() {
        func after(_ former: Report, _ remarks: Collected.Remark...) -> Report {
            var report = former
            report.record(.success(Collected(remarks: remarks)), duration: .zero, at: .now, time: .now)
            return report
        }
        let none = Report(Self.source(parts: []))
        let low = after(none, Collected.Remark("coverage", "80 %", isTrouble: true))
        #expect(low.newRemarks(since: none).begun.map(\.message) == ["80 %"])
        let lower = after(low, Collected.Remark("coverage", "70 %", isTrouble: true))
        #expect(lower.newRemarks(since: low).begun.isEmpty && lower.newRemarks(since: low).ended.isEmpty)
        let well = after(lower)
        #expect(well.newRemarks(since: lower).ended == ["coverage"])
        var failed = lower
        failed.record(.failure(CollectorFailure(.connect, "no")), duration: .zero, at: .now, time: .now)
        #expect(failed.newRemarks(since: lower).ended.isEmpty)
    }

    @Test func aNewSourceBeginsWithNothing() {
        let report = Report(Self.source(parts: []))
        #expect(!report.isPolled && report.snapshot == nil)
    }
}

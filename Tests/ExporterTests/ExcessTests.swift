import Metrics
import Testing

@testable import Exporter

private struct EmptyCollector: Collector {
    let name = "empty"
    let parts: [String] = []

    func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected { Collected() }
}

/// What is too much is said of families that somebody wants to see.
@Suite struct ExcessTests {
    private static let endless = Descriptor(.gauge, "endless", labels: ["n"], help: "Endless.")
    private static let other = Descriptor(.gauge, "other_endless", labels: ["n"], help: "Endless as well.")

    @Test(arguments: [([], 40_000.0), (["endless"], 20_000), (["*endless"], 0)] as [([String], Double)])
    func excludedFamiliesAreNoExcess(excluded: [String], excess: Double) {
        var samples = Samples()
        for number in 0..<20_000 {
            samples.add(Self.endless, 1, "\(number)")
            samples.add(Self.other, 1, "\(number)")
        }
        var source = Source(
            collector: EmptyCollector(), address: "", interval: .seconds(5), timeout: .seconds(1), up: nil, retry: nil)
        source.excluded = excluded.map(NamePattern.init)
        var report = Report(source)
        report.record(.success(Collected(samples: samples)), duration: .zero, at: .now, time: .now)
        let page = String(decoding: Exposition(report.contributions).page(in: .text), as: UTF8.self)
        #expect(page.contains("sidelong_collector_excess_series{collector=\"empty\"} \(Int(excess))\n"))
    }
}

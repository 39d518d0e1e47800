import Metrics
import Testing

@testable import Exporter

struct RegistryTests {
    private struct Nothing: Collector {
        let name = "nothing"
        let parts: [String] = []
        func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected { Collected() }
    }

    private static func report(_ address: String) -> Report {
        Report(
            Source(
                collector: Nothing(), address: address, interval: .seconds(1), timeout: .seconds(1), up: nil,
                retry: nil))
    }

    @Test func aReportOfASourceThatWasRemovedIsLetGo() {
        let registry = Registry()
        let places = ["a", "b", "c"].map { registry.add(Self.report($0)) }
        registry.remove(places[1])
        let generation = registry.contents.generation
        registry.publish(Self.report("b again"), at: places[1])
        #expect(registry.contents.generation == generation)
        registry.publish(Self.report("c again"), at: places[2])
        #expect(registry.contents.reports.map(\.source.address) == ["a", "c again"])
        #expect(!places.contains(registry.add(Self.report("d"))))
        #expect(registry.contents.reports.map(\.source.address) == ["a", "c again", "d"])
    }
}

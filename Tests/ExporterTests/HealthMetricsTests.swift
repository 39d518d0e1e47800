import HTTP
import Metrics
import Testing

@testable import Exporter

/// The health page as series.
@Suite struct HealthMetricsTests {
    private struct Named: Collector {
        let name: String
        let parts: [String] = []
        func collect(before deadline: Deadline) async throws(CollectorFailure) -> Collected {
            Collected(samples: Samples())
        }
    }

    private func report(_ collector: String, _ result: Result<Collected, CollectorFailure>?) -> Report {
        var report = Report(
            Source(
                collector: Named(name: collector), address: "h:1", interval: .seconds(5), timeout: .seconds(2), up: nil,
                retry: nil))
        if let result { report.record(result, duration: .milliseconds(1), at: .now, time: .now) }
        return report
    }

    @Test func eachComponentHasOneStatusAndTheWorstIsOverall() {
        let components = ["a", "b"].map { name in
            Health.Component(name: name, collector: name) { _ in ComponentHealth(.healthy, "well") }
        }
        let registry = Registry([
            report("a", .success(Collected(samples: Samples()))),
            report("b", .failure(CollectorFailure(.connect, "refused"))),
        ])
        let page = PageStore(registry, excluding: [], live: [HealthMetrics.live(components, registry)])
        func statuses() -> [String] {
            let text = String(decoding: page.page(in: .text, compressed: false).body.bytes, as: UTF8.self)
            return text.split(separator: "\n").filter { $0.hasPrefix("sidelong_health_status{") && $0.hasSuffix(" 1") }
                .map { String($0.dropFirst("sidelong_health_status".count).dropLast(2)) }
        }
        #expect(
            statuses() == [
                #"{component="a",status="healthy"}"#, #"{component="b",status="unhealthy"}"#,
                #"{component="overall",status="unhealthy"}"#,
            ])
        registry.publish(report("b", .success(Collected(samples: Samples()))), at: 1)
        #expect(statuses().allSatisfy { $0.contains(#"status="healthy""#) })
        #expect(statuses().count == 3)
    }
}

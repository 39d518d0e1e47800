import Foundation
import TestKit
import Testing

/// The OpenTelemetry collector's configuration. The collector itself is in no Debian release, so that what is checked
/// is the shape, and the scrape configuration by Prometheus' own tool.
@Suite struct CollectorTests {
    private func configuration() throws -> [String: Any] {
        let path = Project.root.appending(path: "deploy/otel-collector.yaml").path
        let documents = try JSONSerialization.jsonObject(with: Checker.documents(ofYAML: path)) as? [[String: Any]]
        return try #require(documents?.first)
    }

    @Test func thePipelineIsMadeOfWhatIsDeclared() throws {
        let all = try configuration()
        #expect(all.keys.sorted() == ["exporters", "processors", "receivers", "service"])
        let pipelines = try #require((all["service"] as? [String: [String: [String: [String]]]])?["pipelines"])
        #expect(pipelines.keys.sorted() == ["metrics"])
        for kind in ["receivers", "processors", "exporters"] {
            let declared = try #require(all[kind] as? [String: Any])
            #expect(pipelines["metrics"]?[kind]?.sorted() == declared.keys.sorted(), "\(kind)")
        }
    }

    @Test func theScrapeConfigurationIsPrometheusOwn() throws {
        let receivers = try #require(try configuration()["receivers"] as? [String: [String: Any]])
        let scrape = try #require(receivers["prometheus"]?["config"])
        let folder = try TemporaryFolder()
        // JSON is YAML.
        let file = try folder.write(Array(JSONSerialization.data(withJSONObject: scrape)), to: "prometheus.yml")
        let result = try ServerProcess.run("promtool", ["check", "config", file])
        #expect(result.status == 0, "\(result.output)")
    }
}

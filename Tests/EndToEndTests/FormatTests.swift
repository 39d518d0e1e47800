import Foundation
import TestKit
import Testing

/// The page, judged by other people's parsers.
@Suite struct FormatTests {
    /// What promtool finds stands in a list, name by name: names that dashboards of other exporters have.
    @Test func promtoolFindsNothingInOurOwnNames() async throws {
        let stack = try await Stack()
        let folder = try TemporaryFolder()
        try folder.write(try stack.sidelong.page(), to: "page.txt")
        let promtool = try ServerProcess("sh", ["-c", "promtool check metrics < page.txt"], in: folder)
        _ = try await promtool.exitStatus()
        let findings = promtool.output.split(separator: "\n").map(String.init)
        #expect(!findings.isEmpty, "promtool has looked at the page")
        let tolerated = try Project.text("Tests/Fixtures/exporter/promtool-findings.txt")
        let known = Set(tolerated.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init))
        #expect(findings.filter { !known.contains($0) } == [])
    }

    @Test func thePythonClientParsesTheOpenMetricsPage() async throws {
        let stack = try await Stack()
        let folder = try TemporaryFolder()
        let accept = ["Accept": "application/openmetrics-text; version=1.0.0"]
        try folder.write(try stack.sidelong.get("/metrics", headers: accept).text, to: "page.txt")
        try folder.write(
            """
            from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
            families = list(parse(open("page.txt").read()))
            series = [(s.name, tuple(sorted(s.labels.items()))) for f in families for s in f.samples]
            assert len(series) == len(set(series)), "a series stands twice"
            assert all(s.labels["le"] == "+Inf" or "." in s.labels["le"] or "e" in s.labels["le"]
                       for f in families if f.type == "histogram" for s in f.samples if s.name.endswith("_bucket"))
            print(len(families), "families")
            """, to: "parse.py")
        let python = try ServerProcess("/usr/bin/python3", ["parse.py"], in: folder)
        #expect(try await python.exitStatus() == 0, "\(python.output)")
        #expect(python.output.contains("families"))
    }
}

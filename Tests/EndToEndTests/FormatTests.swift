import Foundation
import TestKit
import Testing

/// The page, judged by other people's parsers.
@Suite struct FormatTests {
    /// Names that promtool dislikes, and that we keep because dashboards have them.
    private static let tolerated = [
        // redis_exporter's counters without _total, and gauges that grow.
        "counter metrics should have \"_total\" suffix", "non-counter metrics should not have \"_total\" suffix",
        // Redis' own units: microseconds, milliseconds, percent.
        "use base unit", "should not contain abbreviated units",
        // redis_exporter's summary without base unit, its names with "count" or "info" inside.
        "non-histogram and non-summary metrics should not have \"_count\" suffix",
    ]

    private func started() async throws -> (RedisServer, Sidelong) {
        let redis = try await RedisServer()
        try redis.cli("SET", "k", "v")
        let sidelong = try await Sidelong(["--redis.addr=\(redis.address)"])
        try await sidelong.isReady()
        return (redis, sidelong)
    }

    @Test func promtoolFindsNothingInOurOwnNames() async throws {
        let (_, sidelong) = try await started()
        let folder = try TemporaryFolder()
        try folder.write(try sidelong.page(), to: "page.txt")
        let promtool = try ServerProcess("sh", ["-c", "promtool check metrics < page.txt"], in: folder)
        _ = try await promtool.exitStatus()
        let findings = promtool.output.split(separator: "\n").map(String.init)
        let ours = findings.filter { !$0.hasPrefix("redis_") }
        #expect(ours == [])
        let unexplained = findings.filter { finding in !Self.tolerated.contains { finding.contains($0) } }
        #expect(unexplained == [])
    }

    @Test func thePythonClientParsesTheOpenMetricsPage() async throws {
        let (_, sidelong) = try await started()
        let folder = try TemporaryFolder()
        let accept = ["Accept": "application/openmetrics-text; version=1.0.0"]
        try folder.write(try sidelong.get("/metrics", headers: accept).text, to: "page.txt")
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

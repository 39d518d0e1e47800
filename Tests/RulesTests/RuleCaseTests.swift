import Foundation
import TestKit
import Testing

/// `prometheus/tests` has three cases for each alert, and promtool runs them.
@Suite struct RuleCaseTests {
    /// A case of a test file, as far as it matters here.
    private struct Case {
        let hasSeries: Bool
        let alert: String
        let fires: Bool
    }

    /// The cases of every file by name.
    private func cases() throws -> [String: Case] {
        var cases: [String: Case] = [:]
        for file in try files() {
            for text in try Project.text(file).components(separatedBy: "\n  - name: \"").dropFirst() {
                let name = String(text.prefix { $0 != "\"" })
                let alert = text.components(separatedBy: "alertname: ").dropFirst().first?.prefix { $0 != "\n" }
                #expect(cases[name] == nil, "two cases are called \(name)")
                cases[name] = Case(
                    hasSeries: text.contains("- series: "), alert: String(alert ?? ""),
                    fires: text.contains("- exp_labels: "))
            }
        }
        return cases
    }

    private func files() throws -> [String] {
        let folder = Project.root.appending(path: "prometheus/tests").path
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { "prometheus/tests/\($0)" }
    }

    @Test func everyAlertFiresStaysQuietAndSurvivesMissingSeries() throws {
        let cases = try cases()
        let alerts = try Rule.all(in: "prometheus/alerts.yml").map(\.name)
        for alert in alerts {
            for (kind, fires) in [("fires", true), ("quiet", false), ("missing series", false)] {
                let found = try #require(cases["\(alert): \(kind)"], "\(alert): \(kind)")
                #expect(found.alert == alert)
                // That all series are missing is what this one alert is about.
                let isAbsence = alert == "SidelongAbsent" && kind == "missing series"
                #expect(found.fires == (fires || isAbsence), "\(alert): \(kind)")
                #expect(found.hasSeries != isAbsence, "\(alert): \(kind)")
            }
        }
        #expect(cases.count == 3 * alerts.count)
    }

    @Test(arguments: Promtool.all) func everyCaseHolds(promtool: Promtool) throws {
        try promtool.accepts(["test", "rules"] + files())
    }

    /// The cases are worth something only if they fail with the rule.
    @Test func aChangedRuleFails() throws {
        let folder = try TemporaryFolder()
        let alerts = try Project.text("prometheus/alerts.yml")
        let broken = alerts.replacingOccurrences(of: "expr: redis_up == 0", with: "expr: redis_up == 2")
        #expect(broken != alerts)
        try folder.write(broken, to: "alerts.yml")
        let cases = try folder.write(
            try Project.text("prometheus/tests/redis-availability.yml"), to: "tests/redis-availability.yml")
        let result = try Promtool.installed.run(["test", "rules", cases])
        #expect(result.status != 0)
        #expect(result.output.contains("RedisDown"))
    }
}

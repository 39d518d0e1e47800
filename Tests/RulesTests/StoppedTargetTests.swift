import Foundation
import TestKit
import Testing

/// A target that hangs takes its series along. An alert that still holds must not end with them.
@Suite struct StoppedTargetTests {
    /// These are about a target that is gone.
    private static let absences: Set = ["SidelongDown", "SidelongAbsent"]

    /// Each firing case goes on with a target that has stopped, and promtool says whether its alert stays.
    @Test func everyAlertStaysWhileItsTargetHangs() throws {
        let folder = Project.root.appending(path: "prometheus/tests").path
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        let cases = try files.sorted().flatMap { try FiringCase.all(in: "prometheus/tests/\($0)") }
        let alerts = Set(try Rule.all(in: "prometheus/alerts.yml").map(\.name))
        #expect(Set(cases.map(\.alert)) == alerts)
        let stopped = cases.filter { !Self.absences.contains($0.alert) }
        #expect(stopped.allSatisfy { !$0.series.isEmpty && $0.minute > 0 })
        let result = try run(stopped, rules: Project.text("prometheus/alerts.yml"))
        #expect(result.status == 0, "\(result.output)")
    }

    /// Without keep_firing_for the same cases fail, so it is what holds.
    @Test func withoutTheirTimeTheyEnd() throws {
        let cases = try FiringCase.all(in: "prometheus/tests/redis-memory.yml")
        let rules = try Project.text("prometheus/alerts.yml").replacing(/\ +keep_firing_for: \w+\n/, with: "")
        let result = try run(cases, rules: rules)
        #expect(result.status != 0)
        #expect(result.output.contains("RedisMemoryHigh") && result.output.contains("RedisMemoryCritical"))
    }

    @Test func valuesEndWhereTheTargetStops() {
        #expect(FiringCase.ended("1 0x5", after: 3) == "1 0x2")
        #expect(FiringCase.ended("0+10x20", after: 12) == "0+10x12")
        #expect(FiringCase.ended("0.8x8 _x8 0.8x8", after: 12) == "0.8x8 _x4")
        #expect(FiringCase.ended("1 2 3", after: 5) == "1 2 3 _x3")
    }

    /// Runs each case against its own rule alone, which takes a tenth of the time.
    private func run(_ cases: [FiringCase], rules: String) throws -> (status: Int32, output: String) {
        let folder = try TemporaryFolder()
        let files = try cases.map { firing in
            let rest = try #require(rules.components(separatedBy: "      - alert: \(firing.alert)\n").last)
            let rule = rest.components(separatedBy: "\n\n")[0]
            try folder.write(
                "groups:\n  - name: one\n    rules:\n      - alert: \(firing.alert)\n\(rule)\n",
                to: "\(firing.alert).rules.yml")
            return try folder.write(
                "rule_files: [\(firing.alert).rules.yml]\nevaluation_interval: 1m\ntests:\n\(firing.withStoppedTarget)",
                to: "\(firing.alert).yml")
        }
        return try Promtool.installed.run(["test", "rules"] + files)
    }
}

import Foundation
import TestKit
import Testing

/// The configurations that docs/scaling.md shows.
@Suite struct ScalingTests {
    @Test func theExamplesAreValidConfigurations() throws {
        let blocks = try Project.text("docs/scaling.md").matches(of: /```yaml\n((?:.|\n)*?)```/).map { $0.1 }
        #expect(blocks.count == 2)
        for block in blocks {
            let folder = try TemporaryFolder()
            let file = try folder.write(String(block), to: "prometheus.yml")
            for rules in ["alerts", "recording"] {
                try folder.write(Project.text("prometheus/\(rules).yml"), to: "\(rules).yml")
            }
            let result = try ServerProcess.run("promtool", ["check", "config", file])
            #expect(result.status == 0, "\(result.output)")
        }
    }

    @Test func theGroupsOfRulesThatItNamesExist() throws {
        let named = Set(try Project.text("docs/scaling.md").matches(of: /`(sidelong-[a-z]+)`/).map { String($0.1) })
        let rules = try Project.text("prometheus/recording.yml")
        #expect(named.count == 3)
        for group in named { #expect(rules.contains("- name: \(group)\n"), "\(group)") }
    }
}

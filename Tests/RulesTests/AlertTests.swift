import Foundation
import TestKit
import Testing

/// What promtool does not ask of `prometheus/alerts.yml`.
@Suite struct AlertTests {
    let alerts = try! Rule.all(in: "prometheus/alerts.yml")

    @Test func everyAlertSaysWhatItMeansAndWhereToRead() throws {
        #expect(alerts.count > 50)
        for alert in alerts {
            #expect(["critical", "warning"].contains(alert.fields["severity"]), "\(alert.name)")
            #expect(alert.fields["summary"]?.hasSuffix(".") == true, "\(alert.name)")
            #expect(alert.fields["description"]?.isEmpty == false, "\(alert.name)")
            #expect(alert.fields["runbook_url"] == "docs/runbook.md#\(alert.name.lowercased())", "\(alert.name)")
        }
        #expect(Set(alerts.map(\.name)).count == alerts.count, "two alerts have one name")
    }

    /// The address of a Sidelong stands for what is beside it, and never for the Redis itself.
    @Test func textsNameTheTargetAndNotSidelongsAddress() {
        let introductions = [
            "(print \"beside \" ", "beside {{ ", "Sidelong at {{ ", "host of {{ ", "container of {{ ", "seen at {{ ",
        ]
        for alert in alerts {
            var text = alert.fields["description"] ?? ""
            for introduction in introductions {
                text = text.replacingOccurrences(of: introduction + "$labels.instance", with: "")
            }
            #expect(!text.contains("$labels.instance"), "\(alert.name): \(text)")
        }
    }

    /// `humanize` makes 137.3m of a figure below one, which nobody reads as 0.14.
    @Test func figuresBelowOneAreNotHumanized() throws {
        for alert in alerts where alert.fields["description"]?.contains("$value | humanize }}") == true {
            let isCount = alert.expression.contains("increase(")
            let limits = alert.expression.matches(of: />=? ([0-9.]+)(?: |$)/).compactMap { Double($0.1) }
            #expect(isCount || (limits.last ?? 0) >= 1, "\(alert.name)")
        }
        let folder = Project.root.appending(path: "prometheus/tests").path
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let text = try Project.text("prometheus/tests/\(file)")
            #expect(text.firstMatch(of: /description: .* [0-9.]+m [a-z]/) == nil, "\(file)")
        }
    }

    @Test func theRunbookHasASectionForEachAlertInTheirOrder() throws {
        let sections = try Project.text("docs/runbook.md").components(separatedBy: "\n## ").dropFirst()
        for (section, alert) in zip(sections, alerts) {
            let severity = try #require(alert.fields["severity"])
            #expect(section.hasPrefix("\(alert.name)\n\n\(severity.capitalized). "), "\(alert.name)")
            for part in ["- **Look:** ", "- **Likely:** ", "- **Do:** "] {
                #expect(section.contains(part), "\(alert.name)")
            }
        }
        #expect(sections.count == alerts.count)
    }

    @Test func theRunbookNamesOnlyMetricsThatExist() throws {
        let catalogue = try Catalogue()
        let rooms = ["redis_", "pgbouncer_", "system_", "cgroup_", "process_", "sidelong_", "database_"]
        let words = try Project.text("docs/runbook.md").split { !$0.isLetter && !$0.isNumber && $0 != "_" }
        let names = Set(words.map(String.init).filter { word in rooms.contains { word.hasPrefix($0) } })
        #expect(names.count > 50)
        #expect(names.filter { !catalogue.contains($0) } == [])
    }

    @Test func everyAlertAsksOnlyForSeriesThatCanExist() throws {
        let catalogue = try Catalogue()
        for alert in alerts {
            let selectors = Selectors(alert.expression).all
            #expect(!selectors.isEmpty, "\(alert.name)")
            #expect(selectors.compactMap(catalogue.complaint) == [], "\(alert.name)")
        }
    }

    @Test func aSeriesOrLabelThatCannotExistIsFound() throws {
        let catalogue = try Catalogue()
        let expression = """
            sum without (cmd) (rate(redis_commands_total{cmd="a{b}", color!~"red"}[5m] offset 1m)) / 1e6
            unless on (job) redis_upp or max_over_time(redis_key_command_duration_seconds_bucket{le="1"}[1h])
            """
        let selectors = Selectors(expression).all
        #expect(
            selectors.map(\.metric) == [
                "redis_commands_total", "redis_upp", "redis_key_command_duration_seconds_bucket",
            ])
        #expect(selectors.map(\.labels) == [["cmd", "color"], [], ["le"]])
        #expect(
            selectors.compactMap(catalogue.complaint) == [
                "redis_commands_total has no label color", "redis_upp is no family of docs/metrics.md",
            ])
    }

    @Test(arguments: ["prometheus/alerts.yml", "prometheus/recording.yml"])
    func nothingIsDividedByZero(path: String) throws {
        var divisions = 0
        for rule in try Rule.all(in: path) {
            for divisor in rule.expression.components(separatedBy: "/ ").dropFirst() {
                divisions += 1
                let group = divisor.hasPrefix("(") ? parenthesis(divisor) : ""
                #expect(group.hasSuffix("> 0") || group.hasSuffix("> 1"), "\(rule.name): \(divisor)")
            }
        }
        #expect(divisions > 10)
    }

    @Test func theLowerStepIsSilentWhileTheHigherOneFires() throws {
        let inhibitions = try Project.text("prometheus/alertmanager.yml").components(separatedBy: "source_matchers")
        for alert in alerts where alert.name.hasSuffix("Critical") {
            let concern = alert.name.dropLast("Critical".count)
            let lower = try #require(alerts.first { $0.name == "\(concern)High" || $0.name == "\(concern)Low" })
            #expect(
                inhibitions.contains {
                    $0.hasPrefix(": [alertname=\"\(alert.name)\"]") && $0.contains("[alertname=\"\(lower.name)\"]")
                }, "\(alert.name)")
        }
    }

    /// What stands in the parenthesis that a text begins with.
    private func parenthesis(_ text: String) -> Substring {
        var depth = 0
        let end = text.firstIndex { character in
            depth += character == "(" ? 1 : character == ")" ? -1 : 0
            return depth == 0
        }
        let inside = text[..<(end ?? text.endIndex)].dropFirst()
        return inside[..<(inside.lastIndex { $0 != " " }.map(inside.index(after:)) ?? inside.endIndex)]
    }
}

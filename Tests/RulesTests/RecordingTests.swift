import Foundation
import TestKit
import Testing

/// `prometheus/recording.yml`: names, series and the table of foreign names.
@Suite struct RecordingTests {
    let rules = try! Rule.all(in: "prometheus/recording.yml")

    private var own: [Rule] { rules.filter { $0.group != "sidelong-compatibility" } }
    private var foreign: [Rule] { rules.filter { $0.group == "sidelong-compatibility" } }

    @Test func namesSayLevelMetricAndOperations() {
        for rule in own {
            let parts = rule.name.split(separator: ":", omittingEmptySubsequences: false)
            #expect(parts.count == 3, "\(rule.name)")
            #expect(parts[0].hasPrefix("instance") || parts[0].hasPrefix("job"), "\(rule.name)")
            #expect(!rule.name.contains("_total:rate"), "\(rule.name): a rate is no counter")
        }
        #expect(Set(own.map(\.name)).count == own.count)
    }

    @Test func rulesAskOnlyForSeriesThatCanExist() throws {
        var catalogue = try Catalogue()
        catalogue.add(own.map(\.name))
        for rule in rules {
            let selectors = Selectors(rule.expression).all
            #expect(!selectors.isEmpty, "\(rule.name)")
            #expect(selectors.compactMap(catalogue.complaint) == [], "\(rule.name)")
        }
    }

    @Test func everyRecordedSeriesHasATest() throws {
        let lines = Set(try Project.text("prometheus/tests/recording.yml").split(separator: "\n").map(String.init))
        for rule in rules {
            #expect(lines.contains("      - expr: \(rule.name)"), "\(rule.name)")
        }
    }

    /// The table of `docs/migrating.md` and the compatibility group say the same.
    @Test func foreignNamesAreInTheTableWithWhatTheyAreMadeFrom() throws {
        var sources: [String: Set<String>] = [:]
        for rule in foreign {
            sources[rule.name, default: []].formUnion(Selectors(rule.expression).all.map { family($0.metric) })
        }
        var table: [String: Set<String>] = [:]
        let section = try Project.text("docs/migrating.md").components(separatedBy: "\n## Names of other").last ?? ""
        for row in section.split(separator: "\n") where row.hasPrefix("| `") {
            let cells = row.split(separator: "|", omittingEmptySubsequences: false).map { cell in
                cell.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
            }
            table[cells[1].joined()] = Set(cells[2])
        }
        #expect(sources.count > 25)
        #expect(table == sources)
    }

    /// The table names families, not a histogram's series.
    private func family(_ metric: String) -> String {
        for suffix in ["_bucket", "_sum", "_count"] where metric.hasSuffix("_seconds\(suffix)") {
            return String(metric.dropLast(suffix.count))
        }
        return metric
    }
}

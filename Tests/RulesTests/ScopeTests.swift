import Foundation
import TestKit
import Testing

/// The table of `docs/scope.md` says of each name of another system where it is; all of that has to be so.
@Suite struct ScopeTests {
    private struct Row {
        let name: String
        let system: String
        let place: String
    }

    private let rows = try! Project.text("docs/scope.md").components(separatedBy: "\n| Name | System |").last!
        .split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return Row(name: cells[0].filter { $0 != "`" }, system: cells[1], place: cells[2])
        }

    private let recorded = try! Set(
        Rule.all(in: "prometheus/recording.yml").filter { $0.group == "sidelong-compatibility" }.map(\.name))

    @Test func everyNameIsWhereTheTableSays() throws {
        let catalogue = try Catalogue()
        #expect(rows.count > 80)
        #expect(Set(rows.map(\.name)).count == rows.count)
        for row in rows {
            let isOnThePage = catalogue.contains(row.name)
            let isRecorded = recorded.contains(row.name)
            switch row.place {
            case _ where row.place.hasPrefix("the same"): #expect(isOnThePage && !isRecorded, "\(row.name)")
            case "recorded": #expect(isRecorded && !isOnThePage, "\(row.name)")
            case _ where row.place.hasPrefix("`"):
                #expect(!isOnThePage && !isRecorded, "\(row.name)")
                for name in names(in: row.place) {
                    #expect(catalogue.contains(name), "\(row.name): \(name) is no family of docs/metrics.md")
                }
            case _ where row.place.hasPrefix("none: "): #expect(!isOnThePage && !isRecorded, "\(row.name)")
            default: Issue.record("\(row.name): \(row.place)")
            }
        }
    }

    /// What is recorded for others stands in the table, and in that of `docs/migrating.md`.
    @Test func everyRecordedNameStandsInBothTables() throws {
        let listed = Set(rows.filter { $0.place == "recorded" }.map(\.name))
        #expect(recorded.subtracting(listed) == [] && listed.subtracting(recorded) == [])
        let migrating = try Project.text("docs/migrating.md")
        for name in recorded { #expect(migrating.contains("\n| `\(name)` |"), "\(name)") }
    }

    @Test func everySystemIsThere() {
        #expect(Set(rows.map(\.system)) == ["RedisGate", "JEEX", "Synap", "media gateway"])
    }

    /// The families that a cell names in code, without their labels.
    private func names(in cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 && !$0.element.contains("=") }.map { String($0.element) }
    }
}

import Foundation
import TestKit

/// The queries of `docs/queries.md`, each under its number.
let documentedQueries: [Query] = {
    var queries: [Query] = []
    var lines: [String]?
    for line in try! Project.text("docs/queries.md").split(separator: "\n", omittingEmptySubsequences: false) {
        let text = line.trimmingCharacters(in: .whitespaces)
        if text == "```promql" {
            lines = []
        } else if text == "```", let expression = lines?.joined(separator: "\n") {
            queries.append(Query(place: "docs/queries.md, query \(queries.count + 1)", expression: expression))
            lines = nil
        } else {
            lines?.append(text)
        }
    }
    return queries
}()

import Foundation
import TestKit

/// What the tests look at in a dashboard's JSON; the schema in grafana/schema sees to the rest.
struct Dashboard: Decodable, Sendable, CustomStringConvertible {
    struct Variable: Decodable, Sendable {
        let name: String
        let type: String
        let label: String
        let datasource: DataSource?
        let query: String
        let refresh: Int
        let multi: Bool
        let allValue: String?
        let hide: Int
        let regex: String?

        /// Whether it only says what tells the lines of a legend apart.
        var isOfLegends: Bool { hide == 2 }

        /// What `query_result(EXPRESSION)` asks for, in a variable for legends.
        var legendQuery: Query? {
            guard query.hasPrefix("query_result("), isOfLegends else { return nil }
            return Query(place: name, expression: String(query.dropFirst("query_result(".count).dropLast()))
        }

        /// What `label_values(SELECTOR, LABEL)` asks for; nil where the query is something else.
        var choices: (selector: Query, label: String)? {
            guard query.hasPrefix("label_values("), let comma = query.lastIndex(of: ",") else { return nil }
            let selector = query[..<comma].dropFirst("label_values(".count)
            let label = query[comma...].dropFirst(2).dropLast()
            return (Query(place: name, expression: String(selector)), String(label))
        }
    }

    struct Variables: Decodable, Sendable {
        let list: [Variable]
    }

    struct DataSource: Decodable, Sendable {
        let uid: String
    }

    struct Position: Decodable, Sendable {
        let x, y, w, h: Int
    }

    struct Target: Decodable, Sendable {
        let refId: String
        let expr: String
        let legendFormat: String
    }

    struct FieldConfig: Decodable, Sendable {
        struct Defaults: Decodable, Sendable {
            let unit: String?
            let noValue: String?
        }
        let defaults: Defaults
    }

    struct Panel: Decodable, Sendable {
        let id: Int
        let type: String
        let title: String
        let description: String?
        let datasource: DataSource?
        let gridPos: Position
        let fieldConfig: FieldConfig?
        let targets: [Target]?
    }

    let uid: String
    let title: String
    let tags: [String]
    let editable: Bool
    let templating: Variables
    let panels: [Panel]

    var description: String { title }

    /// Everything but the headings of the rows.
    var content: [Panel] { panels.filter { $0.type != "row" } }

    var queries: [Query] {
        content.flatMap { panel in
            (panel.targets ?? []).map { Query(place: "\(title) / \(panel.title) / \($0.refId)", expression: $0.expr) }
        }
    }

    /// The dashboards, in the order of their links.
    static let all: [Dashboard] = files.map { path in
        let text = try! Project.text(path)
        return try! JSONDecoder().decode(Dashboard.self, from: Data(text.utf8))
    }

    static let files = ["redis", "keys", "queues", "gateway", "postgres", "machine", "sidelong"].map {
        "grafana/dashboards/\($0).json"
    }
}

/// A query of a panel, with Grafana's variables in it.
struct Query: Sendable {
    /// Dashboard, panel and letter.
    let place: String
    let expression: String

    /// The query as Grafana sends it when everything is chosen, over the given interval.
    ///
    /// - Parameter chosen: what is chosen instead of all, by the variable's name.
    func filled(over interval: String, _ chosen: [String: String] = [:]) -> String {
        let all = [
            "job": ".+", "instance": ".+", "target": ".*", "key_group": ".+", "command": ".+", "project": ".*",
            "path": ".+",
        ]
        let values = all.merging(chosen) { $1 }
        return values.reduce(expression.replacing("$__rate_interval", with: interval)) { text, value in
            text.replacing("\"$\(value.key)\"", with: "\"\(value.value)\"")
        }
    }
}

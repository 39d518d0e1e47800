import TestKit

/// A rule of `prometheus/alerts.yml` or `prometheus/recording.yml`.
///
/// Read by lines: the files are YAML as Prometheus' own tools write it, each rule begun by `- alert:` or `- record:`.
/// Whether they are valid is promtool's to say.
struct Rule {
    let name: String
    /// The expression, on one line.
    let expression: String
    /// `severity`, `for`, `summary` and so on, and what else stands below the rule; folded texts on one line.
    let fields: [String: String]
    /// The name of its group.
    let group: String

    /// All rules of a file, by its path from the project's root.
    static func all(in path: String) throws -> [Rule] {
        var rules: [Rule] = []
        var group = ""
        var lines = try Project.text(path).split(separator: "\n").filter { !isComment($0) }[...]
        while let line = lines.popFirst() {
            if let name = value(of: "- name", in: line) { group = name }
            guard let name = value(of: "- alert", in: line) ?? value(of: "- record", in: line) else { continue }
            var fields: [String: String] = [:]
            while let next = lines.first, indentation(of: next) > indentation(of: line) {
                let (key, text) = entry(&lines)
                fields[key] = text
            }
            rules.append(Rule(name: name, expression: fields["expr"] ?? "", fields: fields, group: group))
        }
        return rules
    }

    private static func isComment(_ line: Substring) -> Bool { line.drop { $0 == " " }.hasPrefix("#") }

    private static func indentation(of line: Substring) -> Int { line.prefix { $0 == " " }.count }

    private static func value(of key: String, in line: Substring) -> String? {
        let text = line.drop { $0 == " " }
        return text.hasPrefix("\(key): ") ? String(text.dropFirst(key.count + 2)) : nil
    }

    /// `key: text`, or a block text after `|` or `>-`.
    private static func entry(_ lines: inout ArraySlice<Substring>) -> (String, String) {
        let line = lines.removeFirst()
        let halves = line.drop { $0 == " " }.split(separator: ":", maxSplits: 1)
        var text = halves.count > 1 ? String(halves[1].drop { $0 == " " }) : ""
        if text == "|" || text == ">-" {
            var block: [String] = []
            while let next = lines.first, indentation(of: next) > indentation(of: line) {
                block.append(String(next.drop { $0 == " " }))
                lines.removeFirst()
            }
            text = block.joined(separator: " ")
        }
        return (String(halves[0]), text)
    }
}

import Postgres

/// The little YAML that queries files are written in: maps, lists of maps, plain and quoted scalars, `|` blocks,
/// comments on lines of their own. The program itself reads them with libyaml.
struct SmallYAML {
    private struct Line {
        let number: Int
        let indentation: Int
        let text: String
    }

    private var lines: [Line]

    static func parse(_ text: String) -> QueryDocument {
        var parser = SmallYAML(lines: [])
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let body = raw.drop { $0 == " " }
            if body.isEmpty || body.hasPrefix("#") { continue }
            parser.lines.append(Line(number: index + 1, indentation: raw.count - body.count, text: String(body)))
        }
        guard let first = parser.lines.first else { return .scalar("", line: 1) }
        return parser.node(at: first.indentation)
    }

    private mutating func node(at indentation: Int) -> QueryDocument {
        let first = lines[0]
        if first.text.hasPrefix("- ") { return list(at: indentation) }
        return first.text.contains(":") ? map(at: indentation) : .scalar(lines.removeFirst().text, line: first.number)
    }

    private mutating func list(at indentation: Int) -> QueryDocument {
        let start = lines[0].number
        var items: [QueryDocument] = []
        while let line = lines.first, line.indentation == indentation, line.text.hasPrefix("- ") {
            // The item's own text begins two columns further right.
            lines[0] = Line(number: line.number, indentation: indentation + 2, text: String(line.text.dropFirst(2)))
            items.append(node(at: indentation + 2))
        }
        return .list(items, line: start)
    }

    private mutating func map(at indentation: Int) -> QueryDocument {
        let start = lines[0].number
        var entries: [QueryDocument.Entry] = []
        while let line = lines.first, line.indentation == indentation, let colon = line.text.firstIndex(of: ":") {
            lines.removeFirst()
            let key = String(line.text[..<colon])
            let rest = line.text[line.text.index(after: colon)...].drop { $0 == " " }
            let value: QueryDocument
            if rest == "|" {
                value = .scalar(block(deeperThan: indentation), line: line.number)
            } else if !rest.isEmpty {
                value = .scalar(unquoted(rest), line: line.number)
            } else if let next = lines.first, next.indentation > indentation {
                value = node(at: next.indentation)
            } else {
                value = .scalar("", line: line.number)
            }
            entries.append(QueryDocument.Entry(key: key, line: line.number, value: value))
        }
        return .map(entries, line: start)
    }

    private mutating func block(deeperThan indentation: Int) -> String {
        var text: [String] = []
        while let line = lines.first, line.indentation > indentation {
            text.append(line.text)
            lines.removeFirst()
        }
        return text.joined(separator: "\n")
    }

    private func unquoted(_ text: Substring) -> String {
        let isQuoted = text.count > 1 && text.hasPrefix("\"") && text.hasSuffix("\"")
        return String(isQuoted ? text.dropFirst().dropLast() : text)
    }
}

// `sidelong top --once` and `--format=json`: the same figures for scripts.

/// What is printed of figures.
enum TopReport {
    /// The head and all tables, whole.
    static func text(_ figures: TopFigures, _ view: TopView) -> String {
        let head = TopHead.items(figures).map { "\($0.name) \($0.text)\n" }.joined()
        let tables = TopRenderer.tables(figures).map { table in
            var text = TextTable([table.title] + table.columns.map(\.title), numbers: 1...table.columns.count)
            for row in view.arranged(figures.rows(of: table), of: table) {
                text.add([row.name] + zip(table.columns, row.figures).map { $0.unit.text($1) })
            }
            return text.text
        }
        return ([head] + tables).joined(separator: "\n")
    }

    /// One line: `{"time","head":{NAME:{"text","well"}},"tables":{NAME:[{"name",FIGURE…}]}}`. Rates are per second,
    /// times in seconds, sizes in bytes, shares of 1; what is not known is null.
    static func json(_ figures: TopFigures, _ view: TopView, at time: Timestamp) -> [UInt8] {
        let head = TopHead.items(figures).map { item in
            let well = item.isWell.map(JSON.bool) ?? .number(.nan)
            return (item.name.lowercased(), JSON.object([("text", .string(item.text)), ("well", well)]))
        }
        let tables = TopRenderer.tables(figures).map { table in
            let rows = view.arranged(figures.rows(of: table), of: table).map { row in
                JSON.object(
                    [("name", .string(row.name))]
                        + zip(table.columns, row.figures).map { ($0.key, .number($1 ?? .nan)) })
            }
            return (table.name, JSON.array(rows))
        }
        let all: [(String, JSON)] = [
            ("time", .string(time.rfc3339)), ("head", .object(head)), ("tables", .object(tables)),
        ]
        return JSON.object(all).bytes + [UInt8(ascii: "\n")]
    }
}

extension TopColumn {
    /// Its name in JSON: `errors/s` is `errors_per_second`.
    fileprivate var key: String {
        let words = title.lowercased().map { $0 == " " ? "_" : String($0) }.joined()
        return words.hasSuffix("/s") ? words.dropLast(2) + "_per_second" : words
    }
}

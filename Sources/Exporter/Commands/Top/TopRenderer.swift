// The picture of `sidelong top`: a title, what is well and what is not, tables, and the keys there are.

/// Draws figures as a view wants them.
struct TopRenderer {
    let view: TopView
    let figures: TopFigures
    /// Where the page comes from.
    let source: String
    /// Why there is no newer page, in one line; nil when there is.
    let problem: String?
    let clock: String

    /// Tables that have rows.
    static func tables(_ figures: TopFigures) -> [TopTable] {
        TopTable.all.filter { !figures.rows(of: $0).isEmpty }
    }

    func screen(width: Int, height: Int, _ abilities: Screen.Abilities) -> Screen {
        var screen = Screen(width: width, height: height, abilities)
        let seconds = Figure.short(view.interval.seconds)
        screen.put("sidelong top", row: 0, .bold)
        screen.put("\(source)  \(clock)  every \(seconds) s".cut(to: width - 14), row: 0, column: 14)
        var row = drawHead(on: &screen)
        if let problem {
            screen.put(problem.cut(to: width), row: row, .bad)
            row += 1
        }
        let last = screen.height - 1
        if view.mode == .help {
            drawHelp(on: &screen, from: row + 1)
        } else {
            drawTables(on: &screen, rows: row..<max(row, last))
        }
        drawFoot(on: &screen, row: last)
        return screen
    }

    /// Items side by side, in as many rows as they need.
    ///
    /// - Returns: the row below.
    private func drawHead(on screen: inout Screen) -> Int {
        var (row, column) = (1, 0)
        for item in TopHead.items(figures) {
            let width = item.name.displayWidth + 1 + item.text.displayWidth
            if column > 0 && column + width > screen.width { (row, column) = (row + 1, 0) }
            column = screen.put(item.name, row: row, column: column, .faint) + 1
            column = screen.put(item.text, row: row, column: column, item.isWell == false ? .bad : .plain) + 3
        }
        return row + 1
    }

    /// Room is shared: what a table does not need is left to the others. Tables that find none are left out.
    private func drawTables(on screen: inout Screen, rows: Range<Int>) {
        let tables = view.shown(Self.tables(figures)).prefix(max(1, rows.count / 2)).map { table in
            (table: table, rows: view.arranged(figures.rows(of: table), of: table))
        }
        guard !tables.isEmpty else {
            screen.put("Nothing to show yet: this page has no latencies, queues or pools.", row: rows.lowerBound + 1)
            return
        }
        let room = Self.shares(of: rows.count - tables.count, among: tables.map(\.rows.count))
        var place = rows.lowerBound
        for (index, (table, all)) in tables.enumerated() {
            let scroll = tables.count == 1 ? min(view.scroll, max(0, all.count - room[index])) : 0
            draw(table, Array(all.dropFirst(scroll).prefix(room[index])), of: all.count, on: &screen, row: place)
            place += 1 + room[index]
        }
    }

    /// How many rows each table gets: one after the other, until none is left or all are shown.
    static func shares(of room: Int, among wanted: [Int]) -> [Int] {
        var (room, shares) = (room, Array(repeating: 0, count: wanted.count))
        while room > 0 {
            let hungry = wanted.indices.filter { shares[$0] < wanted[$0] }
            guard let least = hungry.min(by: { shares[$0] < shares[$1] }) else { break }
            shares[least] += 1
            room -= 1
        }
        return shares
    }

    private func draw(
        _ table: TopTable, _ rows: [TopFigures.Row], of all: Int, on screen: inout Screen, row: Int
    ) {
        let sorted = view.column(of: table)
        let columns = table.columns.indices.map { index in
            let title = table.columns[index].title + (index == sorted ? "▼" : "")
            return [title] + rows.map { table.columns[index].unit.text($0.figures[index]) }
        }
        // Names have at least as much room as their title; columns that find none are left out from the right.
        let hidden = all - rows.count
        let title = table.title + (sorted == nil ? "▲" : "") + (hidden > 0 ? " (\(rows.count) of \(all))" : "")
        let least = max(title.displayWidth, min(24, rows.map { $0.name.displayWidth }.max() ?? 0))
        var widths: [Int] = []
        for column in columns {
            let width = max(7, column.map(\.displayWidth).max() ?? 0) + 1
            guard widths.reduce(least, +) + width <= screen.width else { break }
            widths.append(width)
        }
        let room = screen.width - widths.reduce(0, +)
        screen.fill(row: row, .heading)
        screen.put(title.cut(to: room), row: row, .heading)
        for (line, content) in rows.enumerated() {
            screen.put(content.name.visible.cut(to: room), row: row + 1 + line)
        }
        var edge = room
        for (index, width) in widths.enumerated() {
            edge += width
            for (line, text) in columns[index].enumerated() {
                screen.put(text, row: row + line, column: edge - text.displayWidth, line == 0 ? .heading : .plain)
            }
        }
    }

    private func drawHelp(on screen: inout Screen, from row: Int) {
        for (line, text) in Self.help.enumerated() { screen.put(text, row: row + line) }
    }

    private static let help = [
        "q         leave                       h  this help",
        "/         show rows whose name holds a text; Enter keeps it, Esc removes it",
        "s         sort by the next column     n r p e b  by name, rate, P99, errors, bytes",
        "Tab       one table after the other; Esc shows all",
        "arrows    scroll a table that is shown alone; PgUp, PgDn, Home as well",
        "+ -       look less or more often     blank  look now",
        "",
        "Rates are per second, between the two newest samples of each source: Redis is polled",
        "every few seconds, whatever the interval here. P50, P95 and P99 are what PromQL's",
        "histogram_quantile says of the same buckets. A figure that is not known is left out.",
    ]

    private func drawFoot(on screen: inout Screen, row: Int) {
        switch view.mode {
        case .filtering: screen.put("/\(view.filter)_", row: row, .bold)
        case .help: screen.put("any key goes back, q leaves", row: row, .faint)
        case .tables:
            let filter = view.filter.isEmpty ? "" : "   filter: \(view.filter)"
            screen.put("q leave  h help  / filter  s sort  Tab table  + - interval\(filter)", row: row, .faint)
        }
    }
}

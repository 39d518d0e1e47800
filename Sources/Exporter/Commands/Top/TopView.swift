// What the user has chosen to see: one table or all, its order, a filter, how often to look.

import Metrics

/// The state of the view, and what keys do to it.
struct TopView: Sendable, Equatable {
    enum Mode: Sendable, Equatable {
        case tables, help
        /// The filter is being typed.
        case filtering
    }

    /// What is left for the session to do.
    enum Action: Sendable, Equatable {
        case quit, draw, lookNow
    }

    /// What rows are sorted by: a column of this title, where a table has it, else its first; or their names.
    enum Order: Sendable, Equatable {
        case name
        case column(String)
    }

    var mode = Mode.tables
    /// A place in the list of tables that have rows; nil for all of them.
    private(set) var focus: Int?
    private(set) var order = Order.column("rate")
    /// Rows whose names do not hold it are left out.
    private(set) var filter = ""
    /// Rows above the first that is shown.
    private(set) var scroll = 0
    private(set) var interval: Duration

    init(interval: Duration) {
        self.interval = interval
    }

    /// The steps of `+` and `-`.
    private static let intervals: [Duration] = [1, 2, 5, 10, 15, 30, 60].map(Duration.seconds)

    /// - Parameter tables: the tables that have rows at this moment.
    mutating func press(_ key: TopKey, _ tables: [TopTable]) -> Action {
        switch mode {
        case .filtering: type(key)
        case .help:
            if key == .character("q") { return .quit }
            mode = .tables
        case .tables:
            return choose(key, tables)
        }
        return .draw
    }

    private mutating func choose(_ key: TopKey, _ tables: [TopTable]) -> Action {
        switch key {
        case .character("q"): return .quit
        case .character("h"), .character("?"): mode = .help
        case .character("/"): mode = .filtering
        case .character("+"): interval = Self.intervals.first { $0 > interval } ?? interval
        case .character("-"): interval = Self.intervals.last { $0 < interval } ?? interval
        case .character(" "): return .lookNow
        case .character("s"): order = next(after: order, in: shown(tables))
        case .character("n"): order = .name
        case .character("r"): order = .column("rate")
        case .character("p"): order = .column("P99")
        case .character("e"): order = .column("errors/s")
        case .character("b"): order = .column("bytes/s")
        case .tab, .backTab: turn(by: key == .tab ? 1 : -1, of: tables.count)
        case .down: scroll += 1
        case .up: scroll = max(0, scroll - 1)
        case .pageDown: scroll += 10
        case .pageUp: scroll = max(0, scroll - 10)
        case .home: scroll = 0
        case .escape: (filter, focus, scroll) = ("", nil, 0)
        case .character, .enter, .backspace: break
        }
        return .draw
    }

    private mutating func type(_ key: TopKey) {
        switch key {
        case .character(let character): filter.append(character)
        case .backspace: _ = filter.popLast()
        case .escape: (filter, mode) = ("", .tables)
        case .enter: mode = .tables
        default: break
        }
        scroll = 0
    }

    /// All tables, then each of them alone, and around again.
    private mutating func turn(by step: Int, of count: Int) {
        let place = ((focus ?? -1) + 1 + step + count + 1) % (count + 1)
        (focus, scroll) = (place == 0 ? nil : place - 1, 0)
    }

    /// The tables to be shown.
    func shown(_ tables: [TopTable]) -> [TopTable] {
        guard let focus, tables.indices.contains(focus) else { return tables }
        return [tables[focus]]
    }

    private func next(after order: Order, in tables: [TopTable]) -> Order {
        var titles: [String] = []
        for title in tables.flatMap(\.columns).map(\.title) where !titles.contains(title) { titles.append(title) }
        guard case .column(let title) = order, let place = titles.firstIndex(of: title) else {
            return titles.first.map(Order.column) ?? .name
        }
        return place + 1 < titles.count ? .column(titles[place + 1]) : .name
    }

    /// The column that a table is sorted by; nil for the names of its rows.
    func column(of table: TopTable) -> Int? {
        guard case .column(let title) = order else { return nil }
        return table.columns.firstIndex { $0.title == title } ?? 0
    }

    /// The rows that the filter leaves, in order: the largest first, what is unknown last, and what is equal by name.
    func arranged(_ rows: [TopFigures.Row], of table: TopTable) -> [TopFigures.Row] {
        let wanted = filter.lowercased()
        let rows = rows.filter { wanted.isEmpty || $0.name.lowercased().mentions(wanted) }
        guard let column = column(of: table) else { return rows.sorted { $0.name < $1.name } }
        return rows.sorted { left, right in
            let (a, b) = (left.figures[column] ?? -.infinity, right.figures[column] ?? -.infinity)
            return a == b ? left.name < right.name : a > b
        }
    }
}

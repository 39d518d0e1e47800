// Columns of text for a terminal.

/// A table whose columns are as wide as their widest cell.
struct TextTable {
    private let titles: [String]
    private let numbers: ClosedRange<Int>
    private var rows: [[String]] = []

    /// - Parameter numbers: the columns that are aligned to the right.
    init(_ titles: [String], numbers: ClosedRange<Int>) {
        self.titles = titles
        self.numbers = numbers
    }

    mutating func add(_ row: [String]) {
        rows.append(row.map(\.visible))
    }

    /// The table with its titles; nothing when it has no row.
    var text: String {
        guard !rows.isEmpty else { return "" }
        let lines = [titles] + rows
        let widths = titles.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line($0, widths) + "\n" }.joined()
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var text = cells.indices.map { column in
            let padding = String(repeating: " ", count: widths[column] - cells[column].count)
            return numbers.contains(column) ? padding + cells[column] : cells[column] + padding
        }.joined(separator: "  ")
        while text.last == " " { text.removeLast() }
        return text
    }
}

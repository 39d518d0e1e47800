// What a statement answered. Columns are addressed by name: releases add, drop and move columns, and none of that may
// cost more than the series of the column concerned.

/// A statement's rows in text form.
struct Rows: Sendable, Equatable {
    let columns: [String]
    /// The cells of all rows, one row after the other. NULL is nil.
    private(set) var cells: [String?] = []
    /// Rows that the server sent beyond the statement's limit, and that were thrown away.
    var dropped = 0

    init(columns: [String]) {
        self.columns = columns
    }

    /// - Parameter cells: as many as there are columns.
    mutating func append(_ cells: [String?]) {
        assert(cells.count == columns.count)
        self.cells += cells
    }

    var count: Int { columns.isEmpty ? 0 : cells.count / columns.count }

    /// One row, which reads its cells by column name.
    struct Row {
        private let positions: [String: Int]
        private let cells: ArraySlice<String?>

        fileprivate init(_ positions: [String: Int], _ cells: ArraySlice<String?>) {
            self.positions = positions
            self.cells = cells
        }

        /// The cell's text; nil for NULL and for a column that this server does not have.
        subscript(column: String) -> String? {
            positions[column].flatMap { cells[cells.startIndex + $0] }
        }

        /// The cell as a number, `t` and `f` as 1 and 0; nil for NULL, NaN, an unknown column and any other text.
        func number(_ column: String) -> Double? {
            switch self[column] {
            case nil: nil
            case "t": 1
            case "f": 0
            case let text?: Double(text).flatMap { $0.isNaN ? nil : $0 }
            }
        }

        /// The cell as a whole number; nil where it is none.
        func integer(_ column: String) -> Int? {
            self[column].flatMap { Int($0) }
        }

        /// The cell of a boolean column; nil for NULL and an unknown column.
        func flag(_ column: String) -> Bool? {
            self[column].map { $0 == "t" }
        }

        /// The cell as a label value: NULL and an unknown column are the empty text.
        func label(_ column: String) -> String {
            self[column] ?? ""
        }
    }
}

extension Rows: Sequence {
    /// Where two columns have one name, the first is meant.
    func makeIterator() -> some IteratorProtocol<Row> {
        let positions = Dictionary(columns.enumerated().map { ($1, $0) }) { first, _ in first }
        return (0..<count).lazy.map { index in
            Row(positions, cells[index * columns.count..<(index + 1) * columns.count])
        }.makeIterator()
    }

    /// The first row, or nil.
    var first: Row? { first { _ in true } }
}

// What a statement answered. Columns are addressed by name: releases add, drop and move columns, and none of that may
// cost more than the series of the column concerned.

/// A statement's rows as the server writes them. A cell becomes a text when it is read: many are numbers, and some are
/// never looked at.
struct Rows: Sendable, Equatable {
    let columns: [String]
    /// The bytes of all cells, one row after the other.
    private var bytes: [UInt8] = []
    /// Where each cell ends among the bytes, or the complement of that for NULL, which has none.
    private var ends: [Int32] = []
    /// Rows that the server sent beyond the statement's limit, and that were thrown away.
    var dropped = 0

    init(columns: [String]) {
        self.columns = columns
    }

    /// Adds the next cell of a row; a row is there when each of its columns has one.
    ///
    /// - Parameter cell: nil for NULL.
    mutating func append(_ cell: Span<UInt8>?) {
        if let cell {
            unsafe cell.withUnsafeBufferPointer { unsafe bytes += $0 }
            ends.append(Int32(bytes.count))
        } else {
            ends.append(~Int32(bytes.count))
        }
    }

    var count: Int { columns.isEmpty ? 0 : ends.count / columns.count }

    /// Where the bytes of a cell are; nil for NULL.
    private func place(ofCell cell: Int) -> Range<Int>? {
        guard ends[cell] >= 0 else { return nil }
        let start = cell == 0 ? 0 : ends[cell - 1]
        return Int(start < 0 ? ~start : start)..<Int(ends[cell])
    }

    /// One row, which reads its cells by column name.
    struct Row {
        private let positions: [String: Int]
        private let rows: Rows
        /// Its first cell.
        private let start: Int

        fileprivate init(_ positions: [String: Int], _ rows: Rows, _ start: Int) {
            self.positions = positions
            self.rows = rows
            self.start = start
        }

        private func place(of column: String) -> Range<Int>? {
            positions[column].flatMap { rows.place(ofCell: start + $0) }
        }

        /// The cell's text; nil for NULL and for a column that this server does not have.
        subscript(column: String) -> String? {
            place(of: column).map { CellText.decode(rows.bytes.span.extracting($0)) }
        }

        /// The cell as a number, `t` and `f` as 1 and 0; nil for NULL, NaN, an unknown column and any other text.
        func number(_ column: String) -> Double? {
            guard let place = place(of: column) else { return nil }
            let bytes = rows.bytes.span.extracting(place)
            if let number = CellText.wholeNumber(bytes) { return number }
            return switch CellText.decode(bytes) {
            case "t": 1
            case "f": 0
            case let text: Double(text).flatMap { $0.isNaN ? nil : $0 }
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
        let positions = positions
        return (0..<count).lazy.map { Row(positions, self, $0 * columns.count) }.makeIterator()
    }

    private var positions: [String: Int] {
        Dictionary(columns.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    /// The first row, or nil.
    var first: Row? { first { _ in true } }

    /// The first row with this text in a column; nil without one. For rows that are pairs of a name and a value.
    func first(with text: String, in column: String) -> Row? {
        guard let position = columns.firstIndex(of: column) else { return nil }
        let wanted = text.utf8Span.span
        for row in 0..<count {
            guard let place = place(ofCell: row * columns.count + position), place.count == wanted.count,
                wanted.indices.allSatisfy({ wanted[$0] == bytes[place.lowerBound + $0] })
            else { continue }
            return Row(positions, self, row * columns.count)
        }
        return nil
    }
}

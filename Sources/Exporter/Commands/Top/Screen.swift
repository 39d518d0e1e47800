// A screen as a grid of cells, which is drawn whole: what is shown can be tested without a terminal, and nothing of an
// older picture is left over.

/// Rows and columns of characters, each with a style.
struct Screen: Sendable {
    enum Style: Sendable {
        case plain, bold, faint, heading, bad
    }

    /// What the terminal can show.
    struct Abilities: Sendable, Equatable {
        /// Otherwise what is not ASCII is replaced.
        var isUnicode = true
        /// Otherwise styles are left out, but for the inverse heading of a table.
        var hasColors = true
    }

    private struct Place {
        var text: Character = " "
        var style = Style.plain
    }

    let width: Int
    let height: Int
    private let abilities: Abilities
    private var cells: [[Place]]

    init(width: Int, height: Int, _ abilities: Abilities = Abilities()) {
        self.width = max(1, width)
        self.height = max(1, height)
        self.abilities = abilities
        cells = Array(repeating: Array(repeating: Place(), count: self.width), count: self.height)
    }

    /// Puts text into a row; what goes beyond the edges is cut off.
    ///
    /// - Returns: the column behind the text.
    @discardableResult
    mutating func put(_ text: String, row: Int, column: Int = 0, _ style: Style = .plain) -> Int {
        var column = column
        guard cells.indices.contains(row) else { return column }
        for character in abilities.isUnicode ? text.visible : text.visible.inASCII {
            let needed = character.displayWidth
            guard needed > 0, column >= 0, column + needed <= width else { continue }
            cells[row][column] = Place(text: character, style: style)
            // The second cell of a wide character holds nothing.
            if needed == 2 { cells[row][column + 1] = Place(text: "\0", style: style) }
            column += needed
        }
        return column
    }

    /// Gives a whole row a style.
    mutating func fill(row: Int, _ style: Style) {
        guard cells.indices.contains(row) else { return }
        for column in cells[row].indices { cells[row][column].style = style }
    }

    /// The rows without styles, and without blanks at their ends.
    var lines: [String] {
        cells.map { row in
            var text = String(row.map(\.text).filter { $0 != "\0" })
            while text.last == " " { text.removeLast() }
            return text
        }
    }

    /// What draws it on a terminal (ECMA-48): each row is put at its place, and its rest is erased.
    var drawing: String {
        var text = ""
        for (number, row) in cells.enumerated() {
            text += "\u{1B}[\(number + 1);1H\u{1B}[0m"
            var style = Style.plain
            for cell in row where cell.text != "\0" {
                if cell.style != style {
                    style = cell.style
                    text += "\u{1B}[0\(code(of: style))m"
                }
                text.append(cell.text)
            }
            text += "\u{1B}[0m"
        }
        return text
    }

    /// The parameters of SGR behind a 0.
    private func code(of style: Style) -> String {
        switch style {
        case .plain: ""
        case .heading: ";7"
        case .bold: ";1"
        case .faint: abilities.hasColors ? ";2" : ""
        case .bad: abilities.hasColors ? ";1;31" : ";1"
        }
    }
}

extension String {
    /// The same for a terminal that knows no other characters.
    fileprivate var inASCII: String {
        map { character in
            if character.isASCII { return String(character) }
            return ["µ": "u", "…": "~", "▼": "v", "▲": "^", "·": "-"][character] ?? "?"
        }.joined()
    }
}

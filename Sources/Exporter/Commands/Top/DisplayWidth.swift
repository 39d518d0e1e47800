// How much room a character takes on a terminal: names of keys and tables come in all scripts, and columns have to
// stand under each other.

extension Character {
    /// Cells on a terminal: 0, 1 or 2.
    ///
    /// After Unicode's East Asian Width (UAX #11), in which whole blocks are wide, and its emoji; what a font does
    /// otherwise cannot be known.
    var displayWidth: Int {
        guard let scalar = unicodeScalars.first else { return 0 }
        if scalar.value < 0x300 { return scalar.value < 0x20 ? 0 : 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        let isEmoji = scalar.properties.isEmojiPresentation || unicodeScalars.contains("\u{FE0F}")
        return isEmoji || Self.wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }

    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
        0x20000...0x3FFFD,
    ]
}

extension StringProtocol {
    /// Cells on a terminal.
    var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

    /// As much of the text as fits into some cells; an ellipsis stands for the rest.
    func cut(to width: Int) -> String {
        guard displayWidth > width else { return String(self) }
        guard width > 0 else { return "" }
        var (text, room) = ("", width - 1)
        for character in self {
            room -= character.displayWidth
            if room < 0 { break }
            text.append(character)
        }
        return text + "…"
    }
}

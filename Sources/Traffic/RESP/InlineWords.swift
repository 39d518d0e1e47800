// Inline commands: `SET user:1 "a b"` and a line feed, as a person or a health check sends them.

/// Splits an inline command into words, one byte at a time (sdssplitargs in sds.c).
///
/// Quotes are honoured; of the escapes in double quotes `\xHH` is not decoded.
struct InlineWords: Sendable {
    enum Step {
        case nothing
        /// A word starts, with this byte or with a quote.
        case wordStarts(UInt8?)
        case byte(UInt8)
        /// The word ended; the byte has to be given again.
        case wordEnds
        case lineEnds
        /// The line ends within quotes, which Redis refuses.
        case unbalanced
    }

    private enum Place: Sendable {
        case between, plain, quoted(UInt8), escaped(UInt8)
    }

    private var place = Place.between
    /// The words that have started.
    private(set) var words = 0
    /// The bytes of the line.
    private(set) var size = 0

    mutating func take(_ byte: UInt8) -> Step {
        let step = self.step(byte)
        if case .wordEnds = step { return step }
        size += 1
        return step
    }

    private mutating func step(_ byte: UInt8) -> Step {
        switch place {
        case .between:
            if byte == 0x0A { return .lineEnds }
            if Self.isSpace(byte) { return .nothing }
            words += 1
            place = Self.isQuote(byte) ? .quoted(byte) : .plain
            return .wordStarts(Self.isQuote(byte) ? nil : byte)
        case .plain:
            if Self.isSpace(byte) {
                place = .between
                return .wordEnds
            }
            guard Self.isQuote(byte) else { return .byte(byte) }
            place = .quoted(byte)
            return .nothing
        case .quoted(let quote):
            if byte == 0x0A { return .unbalanced }
            if byte == UInt8(ascii: "\\") { place = .escaped(quote) }
            if byte == quote { place = .plain }
            if case .quoted = place { return .byte(byte) }
            return .nothing
        case .escaped(let quote):
            if byte == 0x0A { return .unbalanced }
            place = .quoted(quote)
            return .byte(quote == UInt8(ascii: "\"") ? Self.unescape(byte) : byte)
        }
    }

    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    }

    /// isspace(3) in the C locale.
    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }

    private static func unescape(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "a"): 0x07
        default: byte
        }
    }
}

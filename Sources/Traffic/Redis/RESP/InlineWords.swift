// Inline commands: `SET user:1 "a b"` and a line feed, as a person or a health check sends them.

/// Splits an inline command into words, one byte at a time, as Redis does (sdssplitargs in sds.c).
struct InlineWords: Sendable {
    enum Step {
        case nothing
        /// A word starts, with this byte or with a quote.
        case wordStarts(UInt8?)
        case byte(UInt8)
        /// This byte belongs to the word; the one at hand has to be given again.
        case earlierByte(UInt8)
        /// The word ended; the byte has to be given again.
        case wordEnds
        case lineEnds
        /// The line ends within quotes, or a word goes on after them; Redis refuses both.
        case unbalanced
    }

    private enum Place: Sendable {
        case between, plain
        case quoted(UInt8), closed
        /// After a backslash within these quotes.
        case escaped(UInt8)
        /// After `\x` in double quotes, and after that and this digit.
        case hexadecimal, hexadecimalDigit(UInt8)
        /// After `\x` and this digit, which turned out to be no number.
        case noNumber(UInt8)
    }

    private var place = Place.between
    /// The words that have started.
    private(set) var words = 0
    /// The bytes of the line.
    private(set) var size = 0

    mutating func take(_ byte: UInt8) -> Step {
        let step = self.step(byte)
        switch step {
        case .wordEnds, .earlierByte: break
        default: size += 1
        }
        return step
    }

    private mutating func step(_ byte: UInt8) -> Step {
        switch place {
        case .between:
            if byte == Self.lineFeed { return .lineEnds }
            if Self.isSpace(byte) { return .nothing }
            words += 1
            place = Self.isQuote(byte) ? .quoted(byte) : .plain
            return .wordStarts(Self.isQuote(byte) ? nil : byte)
        case .plain:
            if Self.isSpace(byte) { return endWord() }
            guard Self.isQuote(byte) else { return .byte(byte) }
            place = .quoted(byte)
            return .nothing
        case .closed: return Self.isSpace(byte) ? endWord() : .unbalanced
        case .noNumber(let digit):
            place = .quoted(Self.doubleQuote)
            return .earlierByte(digit)
        case .quoted, .escaped, .hexadecimal, .hexadecimalDigit:
            return byte == Self.lineFeed ? .unbalanced : stepWithinQuotes(byte)
        }
    }

    private mutating func endWord() -> Step {
        place = .between
        return .wordEnds
    }

    private mutating func stepWithinQuotes(_ byte: UInt8) -> Step {
        switch place {
        case .quoted(let quote):
            if byte == Self.backslash {
                place = .escaped(quote)
            } else if byte == quote {
                place = .closed
            } else {
                return .byte(byte)
            }
            return .nothing
        case .escaped(let quote):
            if quote == Self.doubleQuote && byte == UInt8(ascii: "x") {
                place = .hexadecimal
                return .nothing
            }
            place = .quoted(quote)
            if quote == Self.doubleQuote { return .byte(Self.unescape(byte)) }
            return byte == quote ? .byte(byte) : .earlierByte(Self.backslash)
        case .hexadecimal:
            guard Self.value(byte) != nil else {
                place = .quoted(Self.doubleQuote)
                return .earlierByte(UInt8(ascii: "x"))
            }
            place = .hexadecimalDigit(byte)
            return .nothing
        case .hexadecimalDigit(let first):
            guard let high = Self.value(first), let low = Self.value(byte) else {
                place = .noNumber(first)
                return .earlierByte(UInt8(ascii: "x"))
            }
            place = .quoted(Self.doubleQuote)
            return .byte(high << 4 | low)
        case .between, .plain, .closed, .noNumber: return .nothing
        }
    }

    private static let lineFeed: UInt8 = 0x0A
    private static let backslash = UInt8(ascii: "\\")
    private static let doubleQuote = UInt8(ascii: "\"")

    /// The value of a hexadecimal digit; nil for anything else.
    private static func value(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init(truncatingIfNeeded:))
    }

    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == doubleQuote || byte == UInt8(ascii: "'")
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

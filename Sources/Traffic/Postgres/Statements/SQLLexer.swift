// SQL is cut into words before anything is said about it. What stands in comments, strings and quoted names is no
// keyword and ends no statement ("Lexical Structure" in the manual of Postgres). Texts are read as with
// `standard_conforming_strings=on`, the default since 9.1.

/// Cuts a text into tokens.
struct SQLLexer: ~Copyable {
    enum Token {
        /// A keyword or a name without quotes.
        case word(Range<Int>)
        /// What stands between double quotes.
        case quoted(Range<Int>)
        /// A bracket, a comma, a dot or another single character.
        case sign(UInt8)
        /// A string, a number or a parameter.
        case value
        /// The end of the text, or of what can be seen of it.
        case end
    }

    /// What a byte may be part of.
    private enum Kind {
        static var space: UInt8 { 1 }
        static var letter: UInt8 { 2 }
        static var digit: UInt8 { 4 }
        static var inWord: UInt8 { 8 }
    }

    private let kinds: [UInt8]

    init() {
        kinds = (0...UInt8.max).map { byte in
            switch byte {
            case 0x20, 0x09...0x0D: Kind.space
            case 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...0xFF: Kind.letter | Kind.inWord
            case 0x30...0x39: Kind.digit | Kind.inWord
            case UInt8(ascii: "$"): Kind.inWord
            default: 0
            }
        }
    }

    @inline(__always)
    private func has(_ byte: UInt8, _ kind: UInt8) -> Bool { kinds[Int(byte)] & kind != 0 }

    /// Reads the next token from `position` on.
    @inline(__always)
    func next(_ text: Span<UInt8>, _ position: inout Int) -> Token {
        while position < text.count {
            let byte = text[position]
            let kind = kinds[Int(byte)]
            if kind & Kind.space != 0 {
                position &+= 1
            } else if kind & Kind.letter != 0 {
                return word(text, &position)
            } else if kind & Kind.digit != 0 {
                skipWord(text, &position)
                return .value
            } else if let token = special(byte, text, &position) {
                return token
            }
        }
        return .end
    }

    /// A word, or a string with a letter before it.
    @inline(__always)
    private func word(_ text: Span<UInt8>, _ position: inout Int) -> Token {
        let begin = position
        skipWord(text, &position)
        if position < text.count, text[position] == UInt8(ascii: "'"), position == begin + 1 {
            let isEscaped = text[begin] | 0x20 == UInt8(ascii: "e")
            skipQuoted(text, &position, backslashes: isEscaped)
            return .value
        }
        if position + 1 < text.count, text[position] == UInt8(ascii: "&"), position == begin + 1,
            text[begin] | 0x20 == UInt8(ascii: "u")
        {
            return unicode(text, &position)
        }
        return .word(begin..<position)
    }

    @inline(__always)
    private func skipWord(_ text: Span<UInt8>, _ position: inout Int) {
        repeat { position &+= 1 } while position < text.count && has(text[position], Kind.inWord)
    }

    /// `U&'...'` or `U&"..."`; without a quote it is a word and an operator.
    private func unicode(_ text: Span<UInt8>, _ position: inout Int) -> Token {
        let begin = position - 1
        switch text[position + 1] {
        case UInt8(ascii: "'"):
            position += 1
            skipQuoted(text, &position, backslashes: false)
            return .value
        case UInt8(ascii: "\""):
            position += 1
            return name(text, &position)
        default: return .word(begin..<position)
        }
    }

    /// What begins with neither a letter nor a digit; nil for a comment, which is passed.
    private func special(_ byte: UInt8, _ text: Span<UInt8>, _ position: inout Int) -> Token? {
        let next = position + 1 < text.count ? text[position + 1] : 0
        switch byte {
        case 0: return .end  // a text ends with a zero
        case UInt8(ascii: "'"):
            skipQuoted(text, &position, backslashes: false)
            return .value
        case UInt8(ascii: "\""): return name(text, &position)
        case UInt8(ascii: "-") where next == UInt8(ascii: "-"):
            while position < text.count, text[position] != 0x0A, text[position] != 0x0D { position += 1 }
            return nil
        case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
            skipComment(text, &position)
            return nil
        case UInt8(ascii: "$"):
            skipDollars(text, &position)
            return .value
        default:
            position += 1
            return .sign(byte)
        }
    }

    private func name(_ text: Span<UInt8>, _ position: inout Int) -> Token {
        let begin = position + 1
        let isWhole = skipQuoted(text, &position, backslashes: false)
        return .quoted(begin..<(isWhole ? position - 1 : Swift.max(begin, position)))
    }

    /// Skips what stands between a quote, at `position`, and the next one of its kind that is not doubled.
    ///
    /// - Returns: whether there is one.
    @discardableResult
    private func skipQuoted(_ text: Span<UInt8>, _ position: inout Int, backslashes: Bool) -> Bool {
        let quote = text[position]
        position += 1
        while position < text.count {
            let byte = text[position]
            if byte == 0 { return false }  // the text's end
            position += 1
            if byte == quote {
                if position == text.count || text[position] != quote { return true }
                position += 1
            } else if backslashes, byte == UInt8(ascii: "\\"), position < text.count {
                position += 1
            }
        }
        return false
    }

    /// Skips a comment, which may hold others.
    private func skipComment(_ text: Span<UInt8>, _ position: inout Int) {
        var depth = 0
        while position + 1 < text.count {
            let (byte, next) = (text[position], text[position + 1])
            if byte == UInt8(ascii: "/"), next == UInt8(ascii: "*") {
                depth += 1
                position += 2
            } else if byte == UInt8(ascii: "*"), next == UInt8(ascii: "/") {
                depth -= 1
                position += 2
                if depth == 0 { return }
            } else {
                position += 1
            }
        }
        position = text.count
    }

    /// Skips `$1`, or a string between `$tag$` and the next one.
    private func skipDollars(_ text: Span<UInt8>, _ position: inout Int) {
        let begin = position
        position += 1
        while position < text.count, has(text[position], Kind.letter | Kind.digit) { position += 1 }
        let isDigit = begin + 1 < text.count && has(text[begin + 1], Kind.digit)
        guard position < text.count, text[position] == UInt8(ascii: "$"), !isDigit else { return }
        let tag = position - begin
        position += 1
        while position < text.count {
            if text[position] == UInt8(ascii: "$"), position + tag < text.count,
                text[position + tag] == UInt8(ascii: "$"),
                (0..<tag).allSatisfy({ text[begin + $0] == text[position + $0] })
            {
                position += tag + 1
                return
            }
            position += 1
        }
    }
}

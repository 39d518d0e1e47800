// JSON as far as a file of passwords needs it: one object whose values are strings (RFC 8259).

/// Reads an object of strings.
struct FlatJSON {
    typealias Entry = (name: String, value: String)

    private var rest: Substring.UnicodeScalarView

    /// Whether the text begins with a brace and a quotation mark, or is an empty object.
    static func looksLikeObject(_ text: String) -> Bool {
        var reader = FlatJSON(rest: Substring(text).unicodeScalars)
        guard reader.take("{") else { return false }
        reader.skipSpace()
        return reader.rest.first == "\"" || reader.rest.first == "}"
    }

    /// The entries in their order; nil where the text is anything else.
    static func strings(in text: String) -> [Entry]? {
        var reader = FlatJSON(rest: Substring(text).unicodeScalars)
        guard reader.take("{") else { return nil }
        var entries: [Entry] = []
        if !reader.take("}") {
            repeat {
                guard let name = reader.string(), reader.take(":"), let value = reader.string() else { return nil }
                entries.append((name, value))
            } while reader.take(",")
            guard reader.take("}") else { return nil }
        }
        reader.skipSpace()
        return reader.rest.isEmpty ? entries : nil
    }

    private mutating func skipSpace() {
        while let next = rest.first, " \t\r\n".unicodeScalars.contains(next) { rest.removeFirst() }
    }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        skipSpace()
        guard rest.first == mark else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        var text = String.UnicodeScalarView()
        while let next = rest.popFirst() {
            switch next {
            case "\"": return String(text)
            case "\\":
                guard let escaped = escape() else { return nil }
                text.append(escaped)
            case _ where next.value < 0x20: return nil
            default: text.append(next)
            }
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        switch rest.popFirst() {
        case "\""?: "\""
        case "\\"?: "\\"
        case "/"?: "/"
        case "b"?: "\u{8}"
        case "f"?: "\u{C}"
        case "n"?: "\n"
        case "r"?: "\r"
        case "t"?: "\t"
        case "u"?: codePoint()
        default: nil
        }
    }

    /// Four hexadecimal digits, or eight in two escapes for what lies beyond the first 65,536 characters.
    private mutating func codePoint() -> Unicode.Scalar? {
        guard let first = hexadecimal() else { return nil }
        guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
        guard rest.popFirst() == "\\", rest.popFirst() == "u", let second = hexadecimal(),
            (0xDC00..<0xE000).contains(second)
        else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func hexadecimal() -> UInt32? {
        let digits = String(rest.prefix(4))
        guard digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit) else { return nil }
        rest = rest.dropFirst(4)
        return UInt32(digits, radix: 16)
    }
}

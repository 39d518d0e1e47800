// Keys and user names are bytes. On a page they have to be text that breaks no terminal and no scrape.

extension String {
    /// The bytes as text: valid UTF-8 stays, control bytes and anything else becomes `\xNN`, a backslash `\\`.
    ///
    /// Different bytes give different texts.
    init(printable bytes: [UInt8]) {
        var text = ""
        var rest = bytes[...]
        while let byte = rest.first {
            let character = String.leadingCharacter(of: rest)
            if let character, String.isPrintable(character) {
                text += character == "\\" ? "\\\\" : String(character)
                rest = rest.dropFirst(UTF8.width(character))
            } else {
                text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
                rest = rest.dropFirst()
            }
        }
        self = text
    }

    /// The character that well-formed UTF-8 starts with; nil for anything else.
    private static func leadingCharacter(of bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
        var decoder = UTF8()
        var iterator = bytes.prefix(4).makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
        return scalar
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: false
        default: true
        }
    }
}

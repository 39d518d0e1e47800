// Names and texts on a server may be in no encoding at all: a database of encoding SQL_ASCII takes any byte.

/// The texts of cells.
enum CellText {
    /// The number that up to fifteen digits are, which a `Double` holds exactly; nil for any other text.
    static func wholeNumber(_ digits: Span<UInt8>) -> Double? {
        guard (1...15).contains(digits.count) else { return nil }
        var number = 0
        for index in digits.indices {
            let digit = digits[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            number = number * 10 + Int(digit)
        }
        return Double(number)
    }

    /// The text, with each byte that is no UTF-8 written as `\xe9`, so that two names which differ in such a byte
    /// stay two.
    static func decode(_ bytes: Span<UInt8>) -> String {
        if let text = try? UTF8Span(validating: bytes) { return String(copying: text) }
        var text = ""
        var rest = bytes.indices.map { bytes[$0] }[...]
        while let byte = rest.first {
            // A character of UTF-8 has up to four bytes.
            let character = (1...4).lazy.compactMap { count in
                String(validating: rest.prefix(count), as: UTF8.self).map { (text: $0, count: count) }
            }.first
            text += character?.text ?? "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            rest = rest.dropFirst(character?.count ?? 1)
        }
        return text
    }
}

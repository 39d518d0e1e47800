// Names and texts on a server may be in no encoding at all: a database of encoding SQL_ASCII takes any byte.

import Glibc

/// The texts of cells.
enum CellText {
    /// The text up to the byte 0 that ends it.
    static func decode(_ start: UnsafePointer<CChar>) -> String {
        let bytes = unsafe UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self)
        return unsafe decode(UnsafeBufferPointer(start: bytes, count: strlen(start)).span)
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

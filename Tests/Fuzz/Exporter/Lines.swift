// Any text in the log and in JSON: a line stays one line, and what was written can be read back.

@testable import Exporter

func fuzzLines(_ input: inout FuzzInput) {
    let text = String(decoding: input.rest(), as: UTF8.self)
    for format in Log.Format.allCases {
        let log = Log(format: format) { line in
            precondition(line.last == UInt8(ascii: "\n") && !line.dropLast().contains { $0 < 0x20 })
        }
        log.info("a message", [("detail", text)])
    }
    let written = JSON.object([(text, .string(text))]).bytes
    let half = JSON.string(text).bytes
    precondition(written == [UInt8(ascii: "{")] + half + [UInt8(ascii: ":")] + half + [UInt8(ascii: "}")])
    precondition(unescaped(half.dropFirst().dropLast()) == Array(text.utf8))
}

/// Undoes the escapes that JSON has (RFC 8259, section 7); nil for a character that may not stand there.
private func unescaped(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    var plain: [UInt8] = []
    var rest = bytes
    while let byte = rest.popFirst() {
        guard byte >= 0x20, byte != UInt8(ascii: "\"") else { return nil }
        guard byte == UInt8(ascii: "\\") else {
            plain.append(byte)
            continue
        }
        switch rest.popFirst() {
        case UInt8(ascii: "n"): plain.append(0x0A)
        case UInt8(ascii: "u"):
            guard let code = UInt8(String(decoding: rest.prefix(4), as: UTF8.self), radix: 16) else { return nil }
            plain.append(code)
            rest = rest.dropFirst(4)
        case let other?: plain.append(other)
        case nil: return nil
        }
    }
    return plain
}

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
            // One or two units of UTF-16, each behind its own backslash.
            guard var units = unit(&rest).map({ [$0] }) else { return nil }
            if UTF16.isLeadSurrogate(units[0]) {
                guard rest.popFirst() == UInt8(ascii: "\\"), rest.popFirst() == UInt8(ascii: "u"),
                    let low = unit(&rest)
                else { return nil }
                units.append(low)
            }
            plain += String(decoding: units, as: UTF16.self).utf8
        case let other?: plain.append(other)
        case nil: return nil
        }
    }
    return plain
}

/// Takes the four digits of a unit of UTF-16.
private func unit(_ bytes: inout ArraySlice<UInt8>) -> UInt16? {
    let digits = bytes.prefix(4)
    bytes = bytes.dropFirst(4)
    return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
}

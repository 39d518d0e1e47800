// JSON from another server, such as a Prometheus: RFC 8259, with a bound on how deep it may go.

/// Reads one JSON value.
struct JSONReader {
    /// It is not JSON.
    struct Problem: Error, Equatable, CustomStringConvertible {
        /// From 0.
        let offset: Int

        var description: String { "this is no JSON: byte \(offset) does not belong there" }
    }

    private var rest: ArraySlice<UInt8>
    private static let deepest = 64

    /// The value of a text. A null becomes a number that is none.
    static func read(_ bytes: [UInt8]) throws(Problem) -> JSON {
        var reader = JSONReader(rest: bytes[...])
        let value = try reader.value(deepest)
        reader.skipBlanks()
        guard reader.rest.isEmpty else { throw reader.problem }
        return value
    }

    private var problem: Problem { Problem(offset: rest.startIndex) }

    private mutating func skipBlanks() {
        rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    }

    private mutating func value(_ depth: Int) throws(Problem) -> JSON {
        skipBlanks()
        guard depth > 0, let first = rest.first else { throw problem }
        switch first {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .string(try text())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .number(.nan))
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ value: JSON) throws(Problem) -> JSON {
        guard rest.starts(with: word.utf8) else { throw problem }
        rest = rest.dropFirst(word.utf8.count)
        return value
    }

    private mutating func number() throws(Problem) -> JSON {
        let digits = rest.prefix {
            $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: ".")
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E")
        }
        guard let number = Double(String(decoding: digits, as: UTF8.self)) else { throw problem }
        rest = rest.dropFirst(digits.count)
        return .number(number)
    }

    private mutating func array(_ depth: Int) throws(Problem) -> JSON {
        rest.removeFirst()
        var elements: [JSON] = []
        while true {
            skipBlanks()
            if rest.first == UInt8(ascii: "]"), elements.isEmpty { break }
            elements.append(try value(depth - 1))
            if try end(UInt8(ascii: "]")) { return .array(elements) }
        }
        rest.removeFirst()
        return .array(elements)
    }

    private mutating func object(_ depth: Int) throws(Problem) -> JSON {
        rest.removeFirst()
        var members: [(String, JSON)] = []
        while true {
            skipBlanks()
            if rest.first == UInt8(ascii: "}"), members.isEmpty { break }
            guard rest.first == UInt8(ascii: "\"") else { throw problem }
            let name = try text()
            skipBlanks()
            guard rest.first == UInt8(ascii: ":") else { throw problem }
            rest.removeFirst()
            members.append((name, try value(depth - 1)))
            if try end(UInt8(ascii: "}")) { return .object(members) }
        }
        rest.removeFirst()
        return .object(members)
    }

    /// Takes a comma or the end.
    private mutating func end(_ bracket: UInt8) throws(Problem) -> Bool {
        skipBlanks()
        guard let next = rest.first, next == bracket || next == UInt8(ascii: ",") else { throw problem }
        rest.removeFirst()
        return next == bracket
    }

    private mutating func text() throws(Problem) -> String {
        rest.removeFirst()
        var units: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
            case UInt8(ascii: "\\"): units += try escaped()
            default: units.append(byte)
            }
        }
        throw problem
    }

    private mutating func escaped() throws(Problem) -> [UInt8] {
        guard let byte = rest.popFirst() else { throw problem }
        switch byte {
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "u"):
            var unit = try codeUnit()
            // Two of them for what is beyond the first plane.
            if unit >> 10 == 0x36, rest.starts(with: "\\u".utf8) {
                rest = rest.dropFirst(2)
                let low = try codeUnit()
                unit = 0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF
            }
            return Array(String(Unicode.Scalar(unit) ?? "\u{FFFD}").utf8)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        default: throw problem
        }
    }

    private mutating func codeUnit() throws(Problem) -> UInt32 {
        guard let unit = UInt32(String(decoding: rest.prefix(4), as: UTF8.self), radix: 16) else { throw problem }
        rest = rest.dropFirst(4)
        return unit
    }
}

extension JSON {
    /// A member of an object.
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    var elements: [JSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}

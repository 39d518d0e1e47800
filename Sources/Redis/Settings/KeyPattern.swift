// Keys as an operator names them: one by one or by a pattern, each in a database, in the form that redis_exporter has
// for its flags.

/// A key, or a pattern of keys, in one database.
public struct KeyPattern: Sendable, Hashable {
    public let database: Int
    /// As SCAN's MATCH takes it.
    public let text: String

    public init(database: Int = 0, _ text: String) {
        self.database = database
        self.text = text
    }

    /// `db3=pattern`, or a pattern in database 0. Each part is URL-decoded, so that a key may have a comma or an equals
    /// sign. Nil for anything else.
    public init?(parsing argument: String) {
        let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count <= 2, let text = parts.last.flatMap(Self.decoded), !text.isEmpty else { return nil }
        var database = 0
        if parts.count == 2 {
            guard let name = Self.decoded(parts[0]),
                let number = Int(name.hasPrefix("db") ? name.dropFirst(2) : name[...]),
                0...Self.largestDatabase ~= number
            else { return nil }
            database = number
        }
        self.init(database: database, text)
    }

    /// Whether more than one key can match.
    var isPattern: Bool { text.contains { "*?[]^".contains($0) } }

    /// The value of the `db` label.
    var label: String { "db\(database)" }

    private static let largestDatabase = 65_535

    /// Percent signs and plus signs as in the query of a URL, blanks at the ends left out.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
        while rest.last == UInt8(ascii: " ") { rest = rest.dropLast() }
        while let byte = rest.first {
            rest = rest.dropFirst()
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

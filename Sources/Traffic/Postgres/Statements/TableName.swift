// The name of a table as the server understands it: small letters where there are no quotes, no more than 63 bytes, and
// the schema `public` is understood.

/// A name that was read from a text: `table`, or `schema.table`.
struct TableName: Sendable {
    /// What the server keeps of a name (`NAMEDATALEN` - 1).
    private static let longest = 63

    /// One of the names between dots.
    struct Part {
        let range: Range<Int>
        let isQuoted: Bool
    }

    /// What was written; the first ``count`` bytes count.
    private(set) var bytes = [UInt8](repeating: 0, count: 2 * longest + 1)
    private(set) var count = 0
    /// Whether it is a table of the system's own.
    private(set) var isCatalog = false
    /// Whether it was written without a schema.
    private(set) var isPlain = true

    /// Takes over a name.
    mutating func set(_ text: Span<UInt8>, _ name: Part, schema: Part?) {
        count = 0
        isCatalog = false
        isPlain = schema == nil
        if let schema {
            append(text, schema)
            isCatalog = isWritten(Names.catalog) || isWritten(Names.information) || isWritten(Names.toast)
            if isWritten(Names.public) || startsWith(Names.temporary) { count = 0 }
            if count > 0 { add(UInt8(ascii: ".")) }
        }
        append(text, name)
        if isPlain && startsWith(Names.system) { isCatalog = true }
    }

    private mutating func append(_ text: Span<UInt8>, _ part: Part) {
        let begin = count
        var place = part.range.lowerBound
        while place < part.range.upperBound, count - begin < Self.longest {
            let byte = text[place]
            place &+= 1
            if part.isQuoted {
                if byte == UInt8(ascii: "\"") { place &+= 1 }  // doubled
                add(byte)
            } else {
                add(byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte)
            }
        }
        // The server cuts no character in two (pg_mbcliplen).
        guard place < part.range.upperBound, text[place] & 0xC0 == 0x80 else { return }
        while count > begin, bytes[count - 1] & 0xC0 == 0x80 { count -= 1 }
        if count > begin { count -= 1 }
    }

    @inline(__always)
    private mutating func add(_ byte: UInt8) {
        bytes[count] = byte
        count &+= 1
    }

    /// Names of schemas that mean something here.
    private enum Names {
        static let `public` = Array("public".utf8)
        static let catalog = Array("pg_catalog".utf8)
        static let information = Array("information_schema".utf8)
        static let toast = Array("pg_toast".utf8)
        static let temporary = Array("pg_temp".utf8)
        /// What the names of the catalogs' own tables begin with.
        static let system = Array("pg_".utf8)
    }

    private func isWritten(_ name: [UInt8]) -> Bool { count == name.count && startsWith(name) }

    private func startsWith(_ name: [UInt8]) -> Bool {
        count >= name.count && name.indices.allSatisfy { bytes[$0] == name[$0] }
    }

    func hash(_ hasher: Hasher64) -> UInt64 { hasher.hash(bytes.span, 0..<count) }
}

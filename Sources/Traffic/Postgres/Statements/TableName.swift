// The name of a table as the server understands it: small letters where there are no quotes, no more than 63 bytes, and
// the schema `public` is understood.

/// A name that was read from a text: `table`, or `schema.table`.
struct TableName: Sendable {
    /// What the server keeps of a name (`NAMEDATALEN` - 1).
    private static let longest = 63
    private static let wordLength = 8

    /// One of the names between dots, as it was written.
    struct Identifier {
        let range: Range<Int>
        let isQuoted: Bool
    }

    /// What was written; the first ``count`` bytes count. Names are written by words, so there is room for one more.
    private(set) var bytes = [UInt8](repeating: 0, count: 2 * longest + 1 + wordLength)
    private(set) var count = 0
    /// Whether it is a table of the system's own.
    private(set) var isCatalog = false
    /// Whether it was written without a schema.
    private(set) var isPlain = true

    /// Takes over a name.
    @inline(__always)
    mutating func set(_ text: Span<UInt8>, _ name: Identifier, schema: Identifier?) {
        if let schema { return set(text, name, in: schema) }
        count = 0
        isPlain = true
        append(text, name)
        // What the names of the catalogs' own tables begin with.
        isCatalog = bytes.span.word(at: 0) & 0xFF_FFFF == 0x5F_67_70 && count >= 3
    }

    @inline(never)
    private mutating func set(_ text: Span<UInt8>, _ name: Identifier, in schema: Identifier) {
        count = 0
        isPlain = false
        append(text, schema)
        isCatalog = isWritten(Names.catalog) || isWritten(Names.information) || isWritten(Names.toast)
        if isWritten(Names.public) || startsWith(Names.temporary) { count = 0 }
        if count > 0 { add(UInt8(ascii: ".")) }
        append(text, name)
    }

    @inline(__always)
    private mutating func append(_ text: Span<UInt8>, _ identifier: Identifier) {
        if identifier.isQuoted { return appendQuoted(text, identifier.range) }
        let (begin, length) = (count, Swift.min(identifier.range.count, Self.longest))
        var passed = 0
        var target = bytes.mutableSpan
        while passed < length {
            let word = text.word(at: identifier.range.lowerBound &+ passed, count: length &- passed)
            target.store(ShortWord.lowercase(word), at: begin &+ passed)
            passed &+= Self.wordLength
        }
        count &+= length
        if length < identifier.range.count { cut(text, identifier.range.lowerBound &+ length, from: begin) }
    }

    private mutating func appendQuoted(_ text: Span<UInt8>, _ range: Range<Int>) {
        let begin = count
        var place = range.lowerBound
        while place < range.upperBound, count - begin < Self.longest {
            let byte = text[place]
            place &+= 1
            if byte == UInt8(ascii: "\"") { place &+= 1 }  // doubled
            add(byte)
        }
        if place < range.upperBound { cut(text, place, from: begin) }
    }

    /// Takes back the last character of a name that goes on at a place, unless it ends there: the server cuts none in
    /// two (pg_mbcliplen).
    private mutating func cut(_ text: Span<UInt8>, _ place: Int, from begin: Int) {
        guard text[place] & 0xC0 == 0x80 else { return }
        while count > begin, bytes[count - 1] & 0xC0 == 0x80 { count -= 1 }
        if count > begin { count -= 1 }
    }

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
    }

    private func isWritten(_ name: [UInt8]) -> Bool { count == name.count && startsWith(name) }

    private func startsWith(_ name: [UInt8]) -> Bool {
        count >= name.count && name.indices.allSatisfy { bytes[$0] == name[$0] }
    }

    func hash(_ hasher: Hasher64) -> UInt64 { hasher.hash(bytes.span, 0..<count) }
}

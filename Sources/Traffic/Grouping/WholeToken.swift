// Some identities are known by their look wherever they stand, and are looked for before a key is cut into pieces.

/// Finds addresses, moments, UUIDs, URLs and JSON.
enum WholeToken {
    /// Where the token ends that starts at a place, which is a word's first; nil when there is none.
    @inline(__always)
    static func end(_ key: Span<UInt8>, _ start: Int, _ kinds: ByteKinds) -> Int? {
        let kind = kinds[key[start]]
        if kind.isHexadecimal || key[start] == UInt8(ascii: ":") || key[start] == UInt8(ascii: "[") {
            return uuidEnd(key, start, kinds) ?? AddressToken.end(key, start, kinds) ?? TimeToken.end(key, start, kinds)
        }
        return key[start] == UInt8(ascii: "{") && isJSON(key, start) ? key.count : nil
    }

    /// Where a UUID ends: 8, 4, 4, 4 and 12 hexadecimal digits with `-` between (RFC 9562).
    private static func uuidEnd(_ key: Span<UInt8>, _ start: Int, _ kinds: ByteKinds) -> Int? {
        let end = start + 36
        guard end <= key.count, key[start + 8] == UInt8(ascii: "-") else { return nil }
        for offset in 0..<36 {
            let byte = key[start + offset]
            switch offset {
            case 8, 13, 18, 23: if byte != UInt8(ascii: "-") { return nil }
            default: if !kinds[byte].isHexadecimal { return nil }
            }
        }
        return end == key.count || !kinds[key[end]].isAlphanumeric ? end : nil
    }

    /// Whether an object with a quoted name, or an empty one, starts at a place.
    private static func isJSON(_ key: Span<UInt8>, _ start: Int) -> Bool {
        start + 1 < key.count && "\"'".utf8.contains(key[start + 1])
    }

    /// Whether `://` stands at a place, after which a URL goes on (RFC 3986 section 3).
    @inline(__always)
    static func isURL(_ key: Span<UInt8>, _ colon: Int) -> Bool {
        colon + 2 < key.count && key[colon] == UInt8(ascii: ":") && key[colon + 1] == UInt8(ascii: "/")
            && key[colon + 2] == UInt8(ascii: "/")
    }

    /// Where a URL ends: at the first byte that none may hold.
    static func urlEnd(_ key: Span<UInt8>, _ colon: Int) -> Int {
        var place = colon
        while place < key.count, key[place] > 0x20, key[place] != 0x7F, !"\"<>\\^`{|}".utf8.contains(key[place]) {
            place += 1
        }
        return place
    }
}

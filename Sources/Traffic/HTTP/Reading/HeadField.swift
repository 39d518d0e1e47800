// Of the dozen fields that a head has, two or three mean anything here. Most are told by their first letter, the rest
// by eight at a time.

/// A field that means something, by its name.
enum HeadField: UInt8, BitwiseCopyable, Sendable {
    case other, length, codings, trace, type, upgrade, credential

    /// The field that a line is of, and where its value may start.
    ///
    /// A blank before the colon makes it another one: servers refuse such a head (RFC 9112 section 5.1).
    @inline(__always)
    static func find(_ line: Span<UInt8>) -> (field: HeadField, value: Int) {
        switch line.lowercaseWord(at: 0) {
        case HTTPMethod.word("content-"):
            let rest = line.lowercaseWord(at: 8)
            if rest & 0xFF_FFFF_FFFF_FFFF == HTTPMethod.word("length:") { return (.length, 15) }
            if rest & 0xFF_FFFF_FFFF == HTTPMethod.word("type:") { return (.type, 13) }
        case HTTPMethod.word("transfer"):
            let rest = line.lowercaseWord(at: 16) & 0xFFFF
            if line.lowercaseWord(at: 8) == HTTPMethod.word("-encodin"), rest == HTTPMethod.word("g:") {
                return (.codings, 18)
            }
        case HTTPMethod.word("tracepar"):
            if line.lowercaseWord(at: 8) & 0xFFFF_FFFF == HTTPMethod.word("ent:") { return (.trace, 12) }
        case HTTPMethod.word("upgrade:"): return (.upgrade, 8)
        default: break
        }
        return (.other, 0)
    }
}

extension Span<UInt8> {
    /// Up to eight bytes from a place on with letters in lower case; zeros behind the end.
    @inline(__always)
    func lowercaseWord(at place: Int) -> UInt64 {
        place < count ? ShortWord.lowercase(word(at: place, count: count &- place)) : 0
    }

    /// Whether the name of a field ends somewhere in the line.
    var hasColon: Bool { indices.contains { self[$0] == UInt8(ascii: ":") } }

    /// Whether a line goes on with the field before it (obs-fold, RFC 9112 section 5.2).
    @inline(__always)
    var isFold: Bool { count > 0 && (self[0] == 0x20 || self[0] == 0x09) }
}

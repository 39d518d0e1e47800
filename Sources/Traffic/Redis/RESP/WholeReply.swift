// Most replies are one bulk string, a null or `+OK`, and lie in one packet. They are read in one go; everything else
// goes through the parser, which leads to the same result.

extension ReplyFacts {
    /// Reads the whole reply that starts at a place, and goes on behind it; nil for one that has to be parsed.
    @inline(__always)
    init?(wholeIn bytes: Span<UInt8>, at position: inout Int) {
        if let body = bytes.wholeBulk(at: position) {
            let end = body.upperBound &+ 2
            self.init(type: UInt8(ascii: "$"), length: Int64(body.count), size: end &- position)
            position = end
            return
        }
        guard position &+ 5 <= bytes.count else { return nil }
        switch bytes.word(at: position, count: 5) {
        case Self.ok: self.init(type: UInt8(ascii: "+"), size: 5, word: ShortWord(twoBytes: 0x4B4F))
        case Self.null: self.init(type: UInt8(ascii: "$"), isNull: true, size: 5)
        default: return nil
        }
        position &+= 5
    }

    /// `+OK` and its line end.
    private static var ok: UInt64 { 0x0A_0D_4B_4F_2B }
    /// `$-1` and its line end.
    private static var null: UInt64 { 0x0A_0D_31_2D_24 }
}

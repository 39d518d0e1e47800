// Nearly every bulk string is short and lies in one packet. That case is worth a way of its own: one look at eight
// bytes tells its length.

extension Span<UInt8> {
    /// Where the body of the bulk string that starts at `offset` lies, if all of it is there, line end included.
    ///
    /// Nil means that it has to be read step by step: it is cut, longer than 999 bytes, or no bulk string at all.
    @inline(__always)
    func wholeBulk(at offset: Int) -> Range<Int>? {
        guard offset &+ 8 <= count else { return nil }
        let head = word(at: offset)
        guard UInt8(truncatingIfNeeded: head) == UInt8(ascii: "$") else { return nil }
        let first = UInt8(truncatingIfNeeded: head >> 8) &- 0x30
        guard first < 10 else { return nil }
        var length = Int(first)
        var begin = offset &+ 4
        if UInt16(truncatingIfNeeded: head >> 16) != Self.lineEnd {
            let second = UInt8(truncatingIfNeeded: head >> 16) &- 0x30
            guard second < 10 else { return nil }
            length = length &* 10 &+ Int(second)
            begin &+= 1
            if UInt16(truncatingIfNeeded: head >> 24) != Self.lineEnd {
                let third = UInt8(truncatingIfNeeded: head >> 24) &- 0x30
                guard third < 10, UInt16(truncatingIfNeeded: head >> 32) == Self.lineEnd else { return nil }
                length = length &* 10 &+ Int(third)
                begin &+= 1
            }
        }
        let end = begin &+ length
        guard end &+ 2 <= count, short(at: end) == 0x0D0A else { return nil }
        return begin..<end
    }

    /// CR LF as two bytes of a word.
    private static var lineEnd: UInt16 { 0x0A0D }
}

// Heads are lines, and lines are words. Where they end is asked for every byte of a head, so it is asked for sixteen
// bytes at a time. Byte by byte reading a head takes several times as long. The cast is of a mask to the words that it
// is made of, which have no invalid patterns.

extension Span<UInt8> {
    /// Where the next line feed stands, or the end where there is none.
    @inline(__always)
    func lineFeed(from start: Int) -> Int {
        first(from: start) {
            $0 .== SIMD16(repeating: 0x0A)
        } orByte: {
            $0 == 0x0A
        }
    }

    /// Where the next blank stands, or the end where there is none.
    @inline(__always)
    func blank(from start: Int) -> Int {
        first(from: start) {
            $0 .== SIMD16(repeating: 0x20)
        } orByte: {
            $0 == 0x20
        }
    }

    /// Where a path ends: before a query, a fragment, parameters or a blank; or the end where there is none of them.
    @inline(__always)
    func pathEnd(from start: Int) -> Int {
        first(from: start) { bytes in
            (bytes .== SIMD16(repeating: UInt8(ascii: "?"))) .| (bytes .== SIMD16(repeating: UInt8(ascii: "#")))
                .| (bytes .== SIMD16(repeating: UInt8(ascii: ";"))) .| (bytes .== SIMD16(repeating: 0x20))
        } orByte: {
            [0x20, UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: ";")].contains($0)
        }
    }

    /// The first place from `start` on whose byte is one of those that are looked for, or the end.
    ///
    /// - Parameters:
    ///   - isFound: marks them among sixteen bytes.
    ///   - isByte: the same for one byte.
    @inline(__always)
    private func first(
        from start: Int, _ isFound: (SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>>, orByte isByte: (UInt8) -> Bool
    ) -> Int {
        var place = start
        while place &+ 16 <= count {
            let bytes = unsafe self.bytes.unsafeLoadUnaligned(fromByteOffset: place, as: SIMD16<UInt8>.self)
            let words = unsafe unsafeBitCast(isFound(bytes), to: SIMD2<UInt64>.self)
            if words.x | words.y != 0 {
                let isEarly = words.x != 0
                let bit = (isEarly ? words.x : words.y).trailingZeroBitCount
                return place &+ bit >> 3 &+ (isEarly ? 0 : 8)
            }
            place &+= 16
        }
        while place < count, !isByte(self[place]) { place &+= 1 }
        return place
    }

    /// A line without its line feed ends here without its carriage return too.
    @inline(__always)
    func lineEnd(_ start: Int, _ feed: Int) -> Int {
        feed > start && self[feed &- 1] == 0x0D ? feed &- 1 : feed
    }

    /// The bytes without blanks and tabs around them.
    @inline(__always)
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, self[start] == 0x20 || self[start] == 0x09 { start &+= 1 }
        while end > start, self[end &- 1] == 0x20 || self[end &- 1] == 0x09 { end &-= 1 }
        return start..<end
    }
}

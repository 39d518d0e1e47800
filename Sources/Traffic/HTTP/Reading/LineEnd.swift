// Heads are lines, and lines are words. Where they end is asked for every byte of a head, so it is asked for 32 bytes
// at a time. Byte by byte reading a head takes several times as long. The cast is of a mask to the words that it is
// made of, which have no invalid patterns. Each load lies within the span by the loop's own condition.

extension Span<UInt8> {
    /// Where the next line feed stands, or the end where there is none.
    @inline(__always)
    func lineFeed(from start: Int) -> Int {
        first(from: start) {
            $0 .== Self.repeated("\n")
        } orByte: {
            $0 == 0x0A
        }
    }

    /// Where the next blank stands, or the end where there is none.
    @inline(__always)
    func blank(from start: Int) -> Int {
        first(from: start) {
            $0 .== Self.repeated(" ")
        } orByte: {
            $0 == 0x20
        }
    }

    /// Where a path ends: before a query, a fragment, parameters or a blank; or the end where there is none of them.
    @inline(__always)
    func pathEnd(from start: Int) -> Int {
        first(from: start) { bytes in
            let (query, fragment) = (bytes .== Self.repeated("?"), bytes .== Self.repeated("#"))
            return query .| fragment .| (bytes .== Self.repeated(";")) .| (bytes .== Self.repeated(" "))
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
        while place &+ 32 <= count {
            let (early, late) = (isFound(sixteen(at: place)), isFound(sixteen(at: place &+ 16)))
            if Self.words(early .| late) != .zero {
                let words = Self.words(early)
                return place &+ (words != .zero ? Self.first(words) : 16 &+ Self.first(Self.words(late)))
            }
            place &+= 32
        }
        guard count >= 16, place < count else {
            while place < count, !isByte(self[place]) { place &+= 1 }
            return place
        }
        if place &+ 16 <= count {
            let words = Self.words(isFound(sixteen(at: place)))
            if words != .zero { return place &+ Self.first(words) }
        }
        // The last sixteen, without those before the start.
        let last = count &- 16
        var words = Self.words(isFound(sixteen(at: last)))
        let known = UInt64(clamping: place &- last)
        words.x &= known < 8 ? UInt64.max &<< (known &* 8) : 0
        if known > 8 { words.y &= UInt64.max &<< (known &* 8 &- 64) }
        return words == .zero ? count : last &+ Self.first(words)
    }

    /// The first line from `start` on, where one begins, that may mean something, that is empty or folded, or that does
    /// not end here.
    @inline(__always)
    func line(from start: Int, in filter: FieldFilter) -> Int {
        var (line, place) = (start, start)
        if isWanted(line, filter) { return line }
        while place &+ 32 <= count {
            var feeds = lineFeeds(at: place)
            while feeds != 0 {
                line = place &+ feeds.trailingZeroBitCount &+ 1
                if isWanted(line, filter) { return line }
                feeds &= feeds &- 1
            }
            place &+= 32
        }
        while place < count {
            place &+= 1
            guard self[place &- 1] == 0x0A else { continue }
            line = place
            if isWanted(line, filter) { return line }
        }
        return line
    }

    /// Which of the 32 bytes from a place on are line feeds, the first one's bit lowest.
    @inline(__always)
    private func lineFeeds(at place: Int) -> UInt32 {
        let early = sixteen(at: place) .== Self.repeated("\n")
        let late = sixteen(at: place &+ 16) .== Self.repeated("\n")
        if Self.words(early .| late) == .zero { return 0 }
        let (first, second) = (Self.words(early), Self.words(late))
        return Self.bits(first.x) | Self.bits(first.y) &<< 8 | Self.bits(second.x) &<< 16 | Self.bits(second.y) &<< 24
    }

    /// One bit for each byte of a mask: each byte keeps a bit of its own, and the multiplication adds them up on top.
    @inline(__always)
    private static func bits(_ word: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: ((word & 0x8040_2010_0804_0201) &* 0x0101_0101_0101_0101) &>> 56)
    }

    @inline(__always)
    private func isWanted(_ line: Int, _ filter: FieldFilter) -> Bool {
        guard line &+ 4 <= count else { return true }
        let start = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: line, as: UInt32.self)
        return UInt8(truncatingIfNeeded: start) <= 0x20 || filter.mayHold(UInt32(littleEndian: start))
    }

    /// Sixteen times the same byte. Of a type that is spelt out the comparison is one instruction; of one that is
    /// inferred it is a loop.
    @inline(__always)
    private static func repeated(_ byte: Unicode.Scalar) -> SIMD16<UInt8> {
        SIMD16<UInt8>(repeating: UInt8(ascii: byte))
    }

    /// Sixteen bytes, which the caller knows to be there.
    @inline(__always)
    private func sixteen(at place: Int) -> SIMD16<UInt8> {
        unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: place, as: SIMD16<UInt8>.self)
    }

    @inline(__always)
    private static func words(_ mask: SIMDMask<SIMD16<Int8>>) -> SIMD2<UInt64> {
        unsafe unsafeBitCast(mask, to: SIMD2<UInt64>.self)
    }

    /// The number of the first byte that is marked, where one is.
    @inline(__always)
    private static func first(_ words: SIMD2<UInt64>) -> Int {
        words.x != 0 ? words.x.trailingZeroBitCount >> 3 : 8 &+ words.y.trailingZeroBitCount >> 3
    }

    /// Whether an empty line is here, as a whole and ended as usual.
    @inline(__always)
    func isEmptyLine(at place: Int) -> Bool {
        place &+ 2 <= count && self[place] == 0x0D && self[place &+ 1] == 0x0A
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

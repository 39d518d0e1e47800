// Base64 in its first alphabet has `/`, a delimiter of keys and paths (RFC 4648 section 4): its pieces belong together.

/// Finds base64 that has slashes.
enum SlashedBase64 {
    private static let slash = UInt8(ascii: "/")
    /// The fewest characters that are told from a path by nothing but their number and their kinds.
    private static let fewest = 16

    /// Where what is random begins and ends, among the pieces between slashes that start at a place; nil when they are
    /// a path like any other.
    static func range(_ bytes: Span<UInt8>, _ start: Int, _ kinds: ByteKinds) -> Range<Int>? {
        guard let end = end(bytes, start, kinds), isBase64(bytes, start..<end, kinds) else { return nil }
        // Words of a path stay until the first piece that is none.
        var place = start
        while place < end, bytes[start] != slash {
            let next = segmentEnd(bytes, place, end)
            guard isWord(bytes, place..<next, kinds) || place > start && isNumber(bytes, place..<next) else { break }
            place = next + 1
        }
        return place < end ? place..<end : nil
    }

    /// Where the pieces end; nil when there is no slash, or something that is not of base64.
    private static func end(_ bytes: Span<UInt8>, _ start: Int, _ kinds: ByteKinds) -> Int? {
        var end = start
        var hasSlash = false
        while end < bytes.count {
            if bytes[end] == slash {
                hasSlash = true
            } else if kinds[bytes[end]] == .strong {
                break
            } else if !kinds[bytes[end]].isAlphanumeric && kinds[bytes[end]] != .weak && !isSign(bytes[end]) {
                return nil
            }
            end += 1
        }
        return hasSlash ? end : nil
    }

    private static func isBase64(_ bytes: Span<UInt8>, _ run: Range<Int>, _ kinds: ByteKinds) -> Bool {
        if run.contains(where: { isSign(bytes[$0]) }) { return true }
        let isPath = bytes[run.lowerBound] == slash
        if isPath && run.lowerBound == 0 { return false }
        var (place, hasOther) = (run.lowerBound, false)
        while place < run.upperBound {
            let next = segmentEnd(bytes, place, run.upperBound)
            if !isPath && hasRandomRun(bytes, place..<next, kinds) { return true }
            hasOther = hasOther || next > place && !isWord(bytes, place..<next, kinds)
            place = next + 1
        }
        let makeup = Makeup(bytes, run, kinds)
        return hasOther && run.count >= fewest && run.count % 4 == 0 && !makeup.kinds.contains(.weak)
            && makeup.uppers > 1 && makeup.lowers > 1 && makeup.digits > 0
    }

    /// Padding and the other character that names do not have.
    private static func isSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "+") || byte == UInt8(ascii: "=") }

    private static func segmentEnd(_ bytes: Span<UInt8>, _ start: Int, _ limit: Int) -> Int {
        var end = start
        while end < limit, bytes[end] != slash { end += 1 }
        return end
    }

    /// Whether a piece is surely a word, of six small letters or more.
    private static func isWord(_ bytes: Span<UInt8>, _ piece: Range<Int>, _ kinds: ByteKinds) -> Bool {
        guard piece.count >= 6 else { return false }
        return Makeup(bytes, piece, kinds).lowers == piece.count && LetterPairs.isSurelyWord(bytes, piece)
    }

    private static func isNumber(_ bytes: Span<UInt8>, _ piece: Range<Int>) -> Bool {
        piece.allSatisfy { Digits.isDigit(bytes[$0]) }
    }

    /// Whether a run between dots is random.
    private static func hasRandomRun(_ bytes: Span<UInt8>, _ piece: Range<Int>, _ kinds: ByteKinds) -> Bool {
        var place = piece.lowerBound
        while place < piece.upperBound {
            var end = place
            while end < piece.upperBound, bytes[end] != UInt8(ascii: ".") { end += 1 }
            let makeup = Makeup(bytes, place..<end, kinds)
            if RandomRun.isRandom(bytes, place..<end, makeup, kinds, isHead: false) { return true }
            place = end + 1
        }
        return false
    }
}

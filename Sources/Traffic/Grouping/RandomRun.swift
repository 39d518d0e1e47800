// Session ids, API keys and the like are runs of base64url: `-vzDWQDESPeFqEvOU_zoihCB8wXBN6LM` is one of them and no
// row of words.

/// Tells random runs of letters, digits, `-` and `_` from rows of words.
enum RandomRun {
    /// The fewest characters that are told from words.
    private static let fewest = 10
    /// Letters of words that may stand before something random; shorter ones may be a part of it.
    private static let lettersBefore = 12

    /// Whether a run is random: long enough, of capitals and small letters, and more than words and numbers side by
    /// side.
    ///
    /// - Parameter isHead: whether it is the first piece of a key that has more. Words that are written together may be
    ///   somebody's name, but hardly there.
    static func isRandom(_ bytes: Span<UInt8>, _ run: Range<Int>, _ makeup: Makeup, _ kinds: ByteKinds, isHead: Bool)
        -> Bool
    {
        guard run.count >= fewest, !makeup.kinds.contains(.foreign) else { return false }
        if makeup.kinds.contains(.weak) && hasNoWord(bytes, run, kinds) { return true }
        guard makeup.uppers > 0, makeup.lowers > 0 else { return false }
        var place = run.lowerBound
        while place < run.upperBound {
            let end = wordEnd(bytes, place, run.upperBound, kinds)
            guard isPlain(bytes, place..<end, kinds, isHead: isHead) else { return true }
            place = end + 1
        }
        return false
    }

    /// Whether there are many short words or a long one, beside numbers, and none of them is surely a word.
    private static func hasNoWord(_ bytes: Span<UInt8>, _ run: Range<Int>, _ kinds: ByteKinds) -> Bool {
        var (count, longest) = (0, 0)
        var place = run.lowerBound
        while place < run.upperBound {
            let end = wordEnd(bytes, place, run.upperBound, kinds)
            let makeup = Makeup(bytes, place..<end, kinds)
            let letters = makeup.lowers + makeup.uppers
            if letters > 0 {
                if letters == end - place, letters >= 4, LetterPairs.isSurelyWord(bytes, place..<end) { return false }
                count += 1
                longest = Swift.max(longest, letters)
            }
            place = end + 1
        }
        return count >= 3 || longest >= 6
    }

    /// Whether a word is surely one, or a number, or nothing.
    private static func isPlain(_ bytes: Span<UInt8>, _ word: Range<Int>, _ kinds: ByteKinds, isHead: Bool) -> Bool {
        let makeup = Makeup(bytes, word, kinds)
        if makeup.digits + makeup.stars == makeup.count { return true }
        guard makeup.isLettersOnly else { return false }
        if makeup.caseChanges == 0 { return LetterPairs.isSurelyWord(bytes, word) }
        return isHead && CamelCase.mayBeWords(bytes, word)
    }

    /// Where the words end that surely are no part of what is random behind them: those of `laravel_database_`.
    static func wordsEnd(_ bytes: Span<UInt8>, _ run: Range<Int>, _ kinds: ByteKinds) -> Int {
        var place = run.lowerBound
        var letters = 0
        while place < run.upperBound {
            let end = wordEnd(bytes, place, run.upperBound, kinds)
            let makeup = Makeup(bytes, place..<end, kinds)
            guard end < run.upperBound, makeup.isLettersOnly, makeup.uppers == 0,
                LetterPairs.isSurelyWord(bytes, place..<end)
            else { break }
            letters += end - place
            place = end + 1
        }
        return letters >= lettersBefore ? place : run.lowerBound
    }

    /// Where the word that starts at a place ends.
    @inline(__always)
    static func wordEnd(_ bytes: Span<UInt8>, _ start: Int, _ limit: Int, _ kinds: ByteKinds) -> Int {
        var end = start
        while end < limit, kinds[bytes[end]] != .weak { end += 1 }
        return end
    }
}

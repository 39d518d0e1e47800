// A word is what stands between weak delimiters: `order`, `v2`, `user12`, `3f2a1b9`.

/// What a word stands for.
enum WordVerdict: Equatable {
    /// Itself.
    case word
    /// Itself, as long as there are few of its kind: `v1`, `db0`.
    case short
    /// Its letters and `*`: `user12` is `user*`.
    case letters(upTo: Int)
    /// `*`: a number.
    case number
    /// `*`: something random, or an identity with letters in it.
    case random
}

/// Judges words.
enum WordJudge {
    /// The most letters, and the most digits, of a word like `v1`.
    private static let mostOfShort = 2
    /// Hexadecimal digits that are no word any more.
    private static let fewestHexadecimal = 7
    /// The shortest run of letters of which it is asked whether they may be a word, where they alone decide.
    private static let fewestTelling = 4

    static func judge(_ bytes: Span<UInt8>, _ range: Range<Int>, _ makeup: Makeup) -> WordVerdict {
        if range.isEmpty { return .word }
        if makeup.digits + makeup.stars == makeup.count { return .number }
        if makeup.hexadecimals == makeup.count && makeup.count >= fewestHexadecimal { return .random }
        if makeup.digits == 0 { return isWord(bytes, range, makeup) ? .word : .random }
        if isShort(bytes, range, makeup) { return .short }
        return judgeMixed(bytes, range, makeup)
    }

    /// Letters and digits: the letters stay when all digits stand behind them.
    private static func judgeMixed(_ bytes: Span<UInt8>, _ range: Range<Int>, _ makeup: Makeup) -> WordVerdict {
        let end = range.upperBound - makeup.digits
        guard (end..<range.upperBound).allSatisfy({ Digits.isDigit(bytes[$0]) }) else { return .random }
        let count = end - range.lowerBound
        // Plates, passports and account numbers begin with a few capitals or with a country.
        if count < fewestTelling && makeup.lowers == 0 && makeup.uppers > 0 { return .random }
        if count <= mostOfShort && makeup.digits > 12 { return .random }
        let letters = range.lowerBound..<end
        guard !makeup.kinds.contains(.foreign) else { return .letters(upTo: end) }
        let isTold = count < fewestTelling || makeup.caseChanges == 0 && LetterPairs.isSurelyWord(bytes, letters)
        return isTold && makeup.caseChanges == 0 ? .letters(upTo: end) : .random
    }

    /// Whether letters are a word, as far as anybody can tell.
    private static func isWord(_ bytes: Span<UInt8>, _ range: Range<Int>, _ makeup: Makeup) -> Bool {
        if makeup.kinds.contains(.foreign) { return true }
        if makeup.caseChanges == 0 { return LetterPairs.mayBeWord(bytes, range, isCapitals: makeup.lowers == 0) }
        if makeup.count < fewestTelling { return true }
        return CamelCase.mayBeWords(bytes, range)
    }

    /// `v1`, `db0`, `q2`; `2fa`, `24h`; `s3`, `b2b`, `k8s`, `i18n`.
    private static func isShort(_ bytes: Span<UInt8>, _ range: Range<Int>, _ makeup: Makeup) -> Bool {
        guard makeup.digits <= mostOfShort, makeup.lowers + makeup.uppers == makeup.count - makeup.digits,
            makeup.count - makeup.digits <= mostOfShort, makeup.caseChanges == 0
        else { return false }
        // Digits in one run: no `1a2`, no `a1b2`.
        let digits = range.filter { Digits.isDigit(bytes[$0]) }
        guard let first = digits.first, let last = digits.last, last - first + 1 == digits.count else { return false }
        return true
    }
}

/// `userProfile`: words that are written together.
enum CamelCase {
    /// Whether the letters are words of three letters or more, each beginning with a capital but for the first.
    static func mayBeWords(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var start = range.lowerBound
        for place in range.dropFirst() where isCapital(bytes[place]) {
            guard mayBeWord(bytes, start..<place) else { return false }
            start = place
        }
        return mayBeWord(bytes, start..<range.upperBound)
    }

    /// `id` and its like are short; all others have to look like a word.
    private static func mayBeWord(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        range.count == 2 || LetterPairs.isSurelyWord(bytes, range)
    }

    private static func isCapital(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "A") < 26 }
}

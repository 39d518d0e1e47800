// A piece is what stands between strong delimiters. It is judged as a whole first, since what is random may have weak
// delimiters within it: `-vzDWQDESPeFqEvOU_zoihCB8wXBN6LM` is one session and no row of words.

/// Judges one piece and writes what it stands for.
struct PieceJudge {
    /// Where the piece stands in its key.
    struct Position {
        /// Whether more pieces follow the key's first one, which this is.
        var isHead = false
        /// Whether a version of Django's caches may stand here: `:1:views...`.
        var mayBeVersion = false
        /// Where its first byte stands in the key as it came; nil when that is not known.
        var origin: Int?
    }

    /// The most bytes of a piece that are shown.
    private static let longestShown = 40

    let kinds: ByteKinds
    /// The verdicts of the words, for they have to be weighed together.
    private var words: [(range: Range<Int>, makeup: Makeup, verdict: WordVerdict)] = []

    init(_ kinds: ByteKinds) {
        self.kinds = kinds
    }

    /// Writes what the bytes stand for.
    mutating func write(_ bytes: Span<UInt8>, _ position: Position, to name: inout NameTemplate) {
        let whole = 0..<bytes.count
        let makeup = Makeup(bytes, whole, kinds)
        if makeup.kinds.isSubset(of: [.lower, .hexLetter]), bytes.count < 7 { return name.append(bytes, whole) }
        let start = name.count
        if let queue = Kombu.queueEnd(bytes) {
            write(bytes.extracting(0..<queue), position, to: &name)
            return name.appendStar(kinds, from: start)
        }
        guard isReadable(bytes, makeup) else { return writeStar(start, &name) }
        guard makeup.hasLetters else { return writeNumber(bytes, makeup, position, start, &name) }
        if HardwareAddress.isPairs(bytes, kinds) { return writeStar(start, &name) }
        var randomRuns = 0
        var place = 0
        while place <= bytes.count {
            let end = runEnd(bytes, place)
            if place > 0 { name.append(bytes[place - 1]) }
            let run = end - place == bytes.count ? makeup : Makeup(bytes, place..<end, kinds)
            if RandomRun.isRandom(bytes, place..<end, run, kinds, isHead: position.isHead) {
                randomRuns += 1
                name.append(bytes, place..<RandomRun.wordsEnd(bytes, place..<end, kinds))
                name.coverLetters()
                name.appendStar(kinds, from: start)
            } else {
                writeWords(bytes, place..<end, run, position, start, &name)
            }
            place = end + 1
        }
        // Two of them are a token of several parts, such as a JWT (RFC 7519).
        if randomRuns > 1 || name.count - start > Self.longestShown || !name.hasWords(from: start, kinds) {
            writeStar(start, &name)
        }
    }

    private func writeStar(_ start: Int, _ name: inout NameTemplate) {
        name.truncate(to: start)
        name.appendRest()
    }

    /// Digits and weak delimiters: a number, a date, a telephone number. Delimiters alone stay.
    private func writeNumber(
        _ bytes: Span<UInt8>, _ makeup: Makeup, _ position: Position, _ start: Int, _ name: inout NameTemplate
    ) {
        if bytes.count == 1, makeup.digits == 1, position.mayBeVersion {
            return name.append(digit: bytes[0], at: position.origin)
        }
        if makeup.digits == 0 && makeup.stars == 0 { return name.append(bytes, 0..<bytes.count) }
        name.appendStar(kinds, from: start)
    }

    /// Whether nothing in the piece forbids to show any of it.
    private func isReadable(_ bytes: Span<UInt8>, _ makeup: Makeup) -> Bool {
        if makeup.kinds.contains(.noise) { return false }
        return !makeup.kinds.contains(.foreign) || ForeignLetters.areLetters(bytes)
    }

    /// Where the run that starts at a place ends: base64url knows no dots.
    private func runEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: ".") || kinds[bytes[end]] != .weak { end += 1 }
        return end
    }
}

// Words between weak delimiters.
extension PieceJudge {
    private mutating func writeWords(
        _ bytes: Span<UInt8>, _ run: Range<Int>, _ makeup: Makeup, _ position: Position, _ start: Int,
        _ name: inout NameTemplate
    ) {
        guard makeup.kinds.contains(.weak) else {
            return write(bytes, run, WordJudge.judge(bytes, run, makeup), position, start, &name)
        }
        words.removeAll(keepingCapacity: true)
        var place = run.lowerBound
        while place <= run.upperBound {
            let end = RandomRun.wordEnd(bytes, place, run.upperBound, kinds)
            let makeup = Makeup(bytes, place..<end, kinds)
            words.append((place..<end, makeup, WordJudge.judge(bytes, place..<end, makeup)))
            place = end + 1
        }
        let hasRandom = words.contains { $0.verdict == .random }
        let isCode = isCode()
        for (range, makeup, verdict) in words {
            if range.lowerBound > run.lowerBound { name.append(bytes[range.lowerBound - 1]) }
            let isDoubtful = isCode || hasRandom && isDoubtful(makeup)
            write(bytes, range, isDoubtful && !range.isEmpty ? .random : verdict, position, start, &name)
        }
    }

    private func write(
        _ bytes: Span<UInt8>, _ word: Range<Int>, _ verdict: WordVerdict, _ position: Position, _ start: Int,
        _ name: inout NameTemplate
    ) {
        switch verdict {
        case .word: name.append(bytes, word)
        case .short:
            for place in word {
                if Digits.isDigit(bytes[place]) {
                    name.append(digit: bytes[place], at: position.origin.map { $0 + place })
                } else {
                    name.append(bytes[place])
                }
            }
        case .letters(let end):
            name.append(bytes, word.lowerBound..<end)
            name.appendStar(kinds, from: start)
        case .number: name.appendStar(kinds, from: start)
        case .random:
            name.coverLetters()
            name.appendStar(kinds, from: start)
        }
    }

    /// Whether a word beside a random one may belong to it: all but words of three small letters or more.
    private func isDoubtful(_ makeup: Makeup) -> Bool {
        if makeup.kinds.contains(.foreign) || makeup.digits + makeup.stars == makeup.count { return false }
        return makeup.lowers < Swift.max(3, makeup.count) || makeup.hexadecimals == makeup.count
    }

    /// Whether the words together are a code: a number plate of up to three capitals and of digits, or three groups or
    /// more of one length.
    private func isCode() -> Bool {
        let parts = words.filter { $0.makeup.count > 0 }.map(\.makeup)
        guard parts.count > 1, let first = parts.first else { return false }
        let hasDigits = parts.contains { $0.digits > 0 }
        let hasCapitals = parts.contains { $0.uppers > 0 }
        if parts.allSatisfy({ $0.digits + $0.uppers == $0.count }) {
            if hasDigits && hasCapitals && parts.allSatisfy({ $0.uppers <= 3 }) { return true }
            if hasCapitals && parts.count > (hasDigits ? 2 : 3) && parts.allSatisfy({ $0.count == first.count }) {
                return true
            }
        }
        let hasRandom = words.contains { $0.verdict == .random }
        return hasRandom && parts.count > 2 && parts.allSatisfy { $0.count == first.count }
    }
}

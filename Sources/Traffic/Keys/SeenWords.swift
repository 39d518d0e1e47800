// The fan-out rule: where more than fifty different words stand at one place, they are names and not structure. Ten
// thousand `cart:<name>` become `cart:*`.

/// The words seen at each place, a place being what stands before it.
struct SeenWords: Sendable {
    /// Different words that a place may have.
    static let mostWords = 50
    /// Words remembered in all. When there are more, all are forgotten but for the places that have become `*`.
    private let mostWordsInAll: Int
    /// Places that may become `*`. Past these a new place is `*` at once.
    private let mostWildPlaces: Int

    /// Positions in `counts` by the hash of a word and its place, and by the hash of a place.
    private var words = HashIndex()
    private var places = HashIndex()
    /// Different words by place.
    private var counts: [UInt8] = []
    private var wildPlaces = 0
    /// How often all words were forgotten.
    private(set) var forgettings = 0

    private static let wild = UInt8.max

    init(mostWordsInAll: Int = 32_768, mostWildPlaces: Int = 8_192) {
        self.mostWordsInAll = mostWordsInAll
        self.mostWildPlaces = mostWildPlaces
    }

    /// What a word at a place stands for.
    enum Verdict {
        /// Itself.
        case word
        /// `*`.
        case wild
        /// `*`, from this word on.
        case newlyWild
    }

    /// Looks at a word.
    ///
    /// - Parameters:
    ///   - place: the hash of what stands before the word.
    ///   - word: the hash of the place and the word.
    @inline(__always)
    mutating func see(_ word: UInt64, at place: UInt64) -> Verdict {
        if let position = words.find(word) { return counts[position] == Self.wild ? .wild : .word }
        guard let position = places.find(place) else { return seeNewPlace(word, place) }
        if counts[position] == Self.wild { return .wild }
        return seeNewWord(word, place, position)
    }

    private mutating func seeNewPlace(_ word: UInt64, _ place: UInt64) -> Verdict {
        if words.count >= mostWordsInAll { forget() }
        if wildPlaces >= mostWildPlaces { return .wild }
        places.insert(place, counts.count)
        words.insert(word, counts.count)
        counts.append(1)
        return .word
    }

    private mutating func seeNewWord(_ word: UInt64, _ place: UInt64, _ position: Int) -> Verdict {
        if words.count >= mostWordsInAll {
            forget()
            return seeNewPlace(word, place)
        }
        if counts[position] < Self.mostWords {
            counts[position] += 1
            words.insert(word, position)
            return .word
        }
        counts[position] = Self.wild
        wildPlaces += 1
        return .newlyWild
    }

    /// Forgets all words and the places that are not `*`.
    private mutating func forget() {
        forgettings += 1
        words.removeAll()
        var kept = HashIndex()
        places.forEach { hash, position in
            if counts[position] == Self.wild { kept.insert(hash, kept.count) }
        }
        places = kept
        counts = Array(repeating: Self.wild, count: kept.count)
    }
}

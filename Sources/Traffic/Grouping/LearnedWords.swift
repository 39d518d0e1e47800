// Ten thousand `cart:<name>` are one group and three `queue:<name>` are three: where too many different words stand at
// one place, those that come later are `*`. The ones that were there before stay.

/// The words that were learned, by the place where they stand.
///
/// A place is the hash of what stands before it. Nothing is ever forgotten; how much there is to remember is bounded by
/// the limits on words per place and on groups.
struct LearnedWords: Sendable {
    /// Different words in a key's last place, and in any other.
    static let mostLast = 12
    static let mostElsewhere = 30
    /// Different words of one kind, such as `v1` and `v2`.
    static let mostOfKind = 7

    /// Hashes of places with their words.
    private var words = HashIndex()
    /// Positions in `counts` by place.
    private var places = HashIndex()
    private var counts: [UInt8] = []

    func knows(_ word: UInt64) -> Bool { words.find(word) != nil }

    /// How many words were learned at a place.
    func count(at place: UInt64) -> Int { places.find(place).map { Int(counts[$0]) } ?? 0 }

    /// Whether a word is known or there is room for it.
    func admits(_ word: UInt64, at place: UInt64, _ limit: Int) -> Bool {
        knows(word) || count(at: place) < limit
    }

    mutating func learn(_ word: UInt64, at place: UInt64) {
        if knows(word) { return }
        words.insert(word, 0)
        if let position = places.find(place) {
            counts[position] += 1
        } else {
            places.insert(place, counts.count)
            counts.append(1)
        }
    }
}

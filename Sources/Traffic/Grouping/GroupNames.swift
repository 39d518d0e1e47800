// From what a key is called to the name of its group. Words that have no room are `*`, and a first word under which
// there are too many groups folds the new ones.

/// The names of automatic groups, and the words that they are made of.
struct GroupNames: Sendable {
    /// Groups under one first word.
    static let mostUnderOneWord = 100
    /// How many of them are left for new groups in which words were folded for want of room.
    private static let foldedUnderOneWord = 4

    private let hasher: Hasher64
    private let kinds: ByteKinds
    private var words = LearnedWords()
    /// Groups that were learned, by the hash of their name.
    private var groups = HashIndex()
    /// How many there are by first word: positions in `counts` by the word's hash.
    private var heads = HashIndex()
    private var counts: [Int] = []
    private(set) var name = NameTemplate()
    /// Words with their places, as the name that was written last has them.
    private var row: [Word] = []
    /// The first piece of that name that is not empty, and its number.
    private var head: UInt64 = 0
    private var headNumber = 0
    /// A word with `*` for its digits.
    private var kindText: [UInt8] = []

    /// One piece of a name.
    private struct Word {
        /// The hash of the place with the word, and that of the place.
        let hash: UInt64
        let place: UInt64
        /// The same for words of one kind.
        let kind: (hash: UInt64, place: UInt64)?
        /// Its number among all pieces.
        let number: Int
    }

    init(hasher: Hasher64, kinds: ByteKinds = ByteKinds()) {
        self.hasher = hasher
        self.kinds = kinds
    }

    /// What became of a name.
    enum Admission {
        /// The group was learned before.
        case known
        /// The group would be new.
        case new
        /// There is no room for the group.
        case full
    }

    /// Finds the group of what a key is called, and leaves its name in ``name``.
    mutating func find(_ template: Span<UInt8>) -> (hash: UInt64, admission: Admission) {
        var folded: UInt32 = 0
        var hash = write(template, folding: folded)
        var room = Self.mostUnderOneWord - Self.foldedUnderOneWord
        while groups.find(hash) == nil {
            guard count(under: head) >= room else { return (hash, .new) }
            guard let word = fullest(notIn: folded) else { return (hash, .full) }
            folded |= 1 << UInt32(word)
            room = fullest(notIn: folded) == nil ? Self.mostUnderOneWord : 0
            hash = write(template, folding: folded)
        }
        return (hash, .known)
    }

    /// Learns the words and the group of what a key is called.
    ///
    /// - Returns: nil when there is no room for it.
    mutating func learn(_ template: Span<UInt8>) -> UInt64? {
        let (hash, admission) = find(template)
        switch admission {
        case .known: return hash
        case .full: return nil
        case .new: break
        }
        for word in row {
            if let kind = word.kind { words.learn(kind.hash, at: kind.place) }
            words.learn(word.hash, at: word.place)
        }
        groups.insert(hash, 0)
        if let position = heads.find(head) {
            counts[position] += 1
        } else {
            heads.insert(head, counts.count)
            counts.append(1)
        }
        return hash
    }

    private func count(under head: UInt64) -> Int { heads.find(head).map { counts[$0] } ?? 0 }

    /// The number of the word, after the first one, whose place has most words.
    private func fullest(notIn folded: UInt32) -> Int? {
        row.filter { $0.number != headNumber && folded & (1 << UInt32($0.number)) == 0 }
            .max { words.count(at: $0.place) < words.count(at: $1.place) }?.number
    }
}

// Writing a name, piece by piece.
extension GroupNames {
    /// Writes the name of a group, with `*` for words that have no room and for those that are to be folded.
    ///
    /// - Returns: the name's hash.
    private mutating func write(_ template: Span<UInt8>, folding folded: UInt32) -> UInt64 {
        name.clear()
        row.removeAll(keepingCapacity: true)
        head = 0
        var place: UInt64 = 1
        var (start, number) = (0, 0)
        let lastEnd = lastEnd(template)
        while true {
            var end = start
            while end < template.count, kinds[template[end]] != .strong { end += 1 }
            if end > start {
                let isLast = end == lastEnd
                let position = Position(
                    place: place, isLast: isLast, isOnly: isLast && head == 0, number: number,
                    isFolded: folded & (1 << UInt32(number)) != 0)
                place = write(template, start..<end, position)
                if head == 0 { (head, headNumber) = (place, number) }
            }
            guard end < template.count else { break }
            name.append(template[end])
            place = hasher.hash(UInt64(template[end]), after: place)
            start = end + 1
            number += 1
        }
        return hasher.hash(name.bytes.span, 0..<name.count)
    }

    /// Where a piece stands.
    private struct Position {
        let place: UInt64
        let isLast: Bool
        let isOnly: Bool
        let number: Int
        let isFolded: Bool
    }

    /// Where the last piece that is not empty ends.
    private func lastEnd(_ template: Span<UInt8>) -> Int {
        var end = template.count
        while end > 0, kinds[template[end - 1]] == .strong { end -= 1 }
        return end
    }

    /// Writes a piece as itself, with `*` for its digits, or as `*`.
    ///
    /// - Returns: the place behind it.
    private mutating func write(_ template: Span<UInt8>, _ piece: Range<Int>, _ position: Position) -> UInt64 {
        let isStar = piece.count == 1 && template[piece.lowerBound] == UInt8(ascii: "*")
        guard !isStar, !position.isFolded else { return writeStar(position) }
        let place = hasher.hash(position.isLast ? 2 : 3, after: position.place)
        let limit = limit(template, piece, position)
        var kind: (hash: UInt64, place: UInt64)?
        if piece.contains(where: { Digits.isDigit(template[$0]) }) {
            writeKind(template, piece)
            let kindPlace = hasher.hash(kindText.span, kindText.indices, after: hasher.hash(4, after: place))
            let word = hasher.hash(template, piece, after: kindPlace)
            guard words.admits(word, at: kindPlace, LearnedWords.mostOfKind) else {
                let kinds = kindText
                return write(kinds.span, kinds.indices, place, limit, nil, position)
            }
            kind = (word, kindPlace)
        }
        return write(template, piece, place, limit, kind, position)
    }

    private mutating func write(
        _ bytes: Span<UInt8>, _ piece: Range<Int>, _ place: UInt64, _ limit: Int, _ kind: (UInt64, UInt64)?,
        _ position: Position
    ) -> UInt64 {
        let word = hasher.hash(bytes, piece, after: place)
        guard words.admits(word, at: place, limit) else { return writeStar(position) }
        name.append(bytes, piece)
        row.append(Word(hash: word, place: place, kind: kind, number: position.number))
        return hasher.hash(bytes, piece, after: position.place)
    }

    private mutating func writeStar(_ position: Position) -> UInt64 {
        name.append(UInt8(ascii: "*"))
        return hasher.hash(1, after: position.place)
    }

    /// How many words there may be. A key of one piece that holds a `*` has its places within the piece:
    /// `user_*_profile`.
    private func limit(_ template: Span<UInt8>, _ piece: Range<Int>, _ position: Position) -> Int {
        guard position.isLast else { return LearnedWords.mostElsewhere }
        let hasStar = position.isOnly && piece.contains { template[$0] == UInt8(ascii: "*") }
        return hasStar ? LearnedWords.mostElsewhere : LearnedWords.mostLast
    }

    /// `v12` is of the kind `v*`.
    private mutating func writeKind(_ template: Span<UInt8>, _ piece: Range<Int>) {
        kindText.removeAll(keepingCapacity: true)
        for place in piece {
            guard Digits.isDigit(template[place]) else {
                kindText.append(template[place])
                continue
            }
            if kindText.last != UInt8(ascii: "*") { kindText.append(UInt8(ascii: "*")) }
        }
    }
}

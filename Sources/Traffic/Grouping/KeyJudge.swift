// What a key is called before anybody knows how many words there are: `user:1234:profile` is `user:*:profile`. The same
// rules serve paths and names of tables, with other strong delimiters.

/// Finds what identifies one person, session or thing, and writes `*` in its place.
///
/// Costs some nanoseconds per byte, and allocates only for characters beyond ASCII. The verdict depends on which
/// characters are digits and not on which digits they are, but for those of short words like `v1`.
struct KeyJudge: Sendable {
    private let kinds: ByteKinds
    private let mostPieces: Int
    /// The key, with one `*` for each token that was found already.
    private var text: [UInt8] = []
    /// Whether places in `text` are those in the key.
    private var isInPlace = true
    private var pieces: PieceJudge
    private(set) var name = NameTemplate()

    init(_ rules: NameRules = .keys) {
        kinds = rules.kinds
        mostPieces = rules.mostPieces
        pieces = PieceJudge(kinds)
    }

    /// Judges a key, and leaves what it is called in ``name``.
    ///
    /// - Parameter isWhole: false when the key goes on after these bytes.
    mutating func judge(_ key: Span<UInt8>, isWhole: Bool) {
        name.clear()
        findTokens(key)
        writePieces(isWhole: isWhole)
    }
}

// First pass: what is found wherever it stands.
extension KeyJudge {
    /// Stands for a byte that no word may hold.
    private static let noise: UInt8 = 1

    private mutating func findTokens(_ key: Span<UInt8>) {
        text.removeAll(keepingCapacity: true)
        isInPlace = true
        let tag = Self.hashTag(key)
        var place = 0
        var isAtWord = true
        while place < key.count {
            let byte = key[place]
            if byte == UInt8(ascii: ":"), WholeToken.isURL(key, place), let scheme = schemeStart() {
                text.removeSubrange(scheme...)
                place = replace(upTo: WholeToken.urlEnd(key, place), key, from: place)
                isAtWord = false
            } else if isAtWord, let end = WholeToken.end(key, place, kinds) {
                place = replace(upTo: end, key, from: place)
                isAtWord = false
            } else {
                let isBrace = byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}")
                let isLost = isBrace && !(tag?.contains(place) ?? false) || byte == UInt8(ascii: "*")
                text.append(isLost ? Self.noise : byte)
                isAtWord = !kinds[byte].isAlphanumeric
                place += 1
            }
        }
    }

    private mutating func replace(upTo end: Int, _ key: Span<UInt8>, from start: Int) -> Int {
        for place in start..<end where !kinds[key[place]].isDisjoint(with: [.lower, .upper, .foreign]) {
            name.coverLetters()
            break
        }
        text.append(UInt8(ascii: "*"))
        isInPlace = false
        return end
    }

    /// Where the scheme of a URL starts that would end at the end of what was taken over.
    private func schemeStart() -> Int? {
        let letters = text.reversed().prefix { kinds[$0].isAlphanumeric || $0 == UInt8(ascii: "+") }.count
        return letters > 0 ? text.count - letters : nil
    }

    /// The two braces of a key's hash tag: the first `{`, and the first `}` after it, with something between (the Redis
    /// cluster specification, "Hash tags").
    private static func hashTag(_ key: Span<UInt8>) -> [Int]? {
        guard let open = key.indices.first(where: { key[$0] == UInt8(ascii: "{") }),
            let close = (open..<key.count).first(where: { key[$0] == UInt8(ascii: "}") }), close > open + 1
        else { return nil }
        return [open, close]
    }
}

// Second pass: pieces.
extension KeyJudge {
    private mutating func writePieces(isWhole: Bool) {
        let text = text
        let all = text.span
        var (start, count) = (0, 0)
        var random: Range<Int>?
        var list = StarList()
        while true {
            let written = name.count
            if start == 0 || all[start - 1] != UInt8(ascii: "/") { random = SlashedBase64.range(all, start, kinds) }
            let isRandom = random?.lowerBound == start
            let end = isRandom ? random?.upperBound ?? start : pieceEnd(all, start)
            let isLast = end == all.count
            if isLast && !isWhole || count == mostPieces && start < all.count { return name.appendRest() }
            if isRandom {
                name.appendRest()
            } else {
                let position = PieceJudge.Position(
                    isHead: count == 0 && !isLast,
                    mayBeVersion: count == 1 && start == 1 && !isLast && all[0] == UInt8(ascii: ":"),
                    origin: isInPlace ? start : nil)
                pieces.write(all.extracting(start..<end), position, to: &name)
            }
            if name.isFull {
                name.truncate(to: written)
                return name.appendRest()
            }
            if list.repeats(name.isStar(written..<name.count), after: start > 0 ? all[start - 1] : nil) {
                name.truncate(to: written - 1)
            } else {
                count += 1
            }
            if isLast { return }
            name.append(all[end])
            start = end + 1
        }
    }

    private func pieceEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var end = start
        while end < bytes.count, kinds[bytes[end]] != .strong { end += 1 }
        return end
    }
}

/// `ids:1,2,3` and `ids:1,2` are one group: of a list of `*` two are shown.
private struct StarList {
    private var length = 0

    /// Whether a piece only repeats the two before it.
    mutating func repeats(_ isStar: Bool, after delimiter: UInt8?) -> Bool {
        guard isStar else {
            length = 0
            return false
        }
        let goesOn = delimiter == UInt8(ascii: ",") || delimiter == UInt8(ascii: "|")
        length = goesOn ? length + 1 : 1
        return length > 2
    }
}

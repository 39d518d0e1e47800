// What of a client's own words may become a label. Clients name themselves after their host, their process, a job or a
// session: `web-7d9f8b6c5-x2x4z`, `10.0.0.7:5000`, `celery@worker3.example.com`. What tells one of a kind from the
// others becomes `*`, and the words that name the kind stay.

/// Labels made of what CLIENT LIST says.
enum ClientLabel {
    /// An ACL user is a name that the operator gave.
    static func user(_ text: String) -> String { String(text.prefix(longest)) }

    /// `web-7d9f8b6c5-x2x4z` as `web-*`.
    static func name(_ text: String) -> String {
        guard text.utf8.count <= mostBytes, text.utf8.allSatisfy(isPlain) else { return text.isEmpty ? "" : "*" }
        let text = withoutUUIDs(text)
        var label = ""
        // `*.*.*` says no more than `*`: what stands between two stars is left out.
        var sinceStar: String?
        for piece in pieces(of: text) {
            let masked = isDelimiter(piece.utf8.first ?? 0) ? String(piece) : masked(piece)
            if masked == "*" {
                if sinceStar == nil { label += masked }
                sinceStar = ""
            } else if sinceStar != nil, isDelimiter(masked.utf8.first ?? 0) {
                sinceStar? += masked
            } else {
                label += (sinceStar ?? "") + masked
                sinceStar = nil
            }
        }
        label += sinceStar ?? ""
        return label.count <= longest ? label : "*"
    }

    /// `go-redis(,go1.22.1)` as `go-redis`: what stands in brackets is a version or a wrapper's name.
    static func library(_ text: String) -> String { name(String(text.prefix { $0 != "(" })) }

    private static let longest = 40
    private static let mostBytes = 256

    /// What names of programs are made of; anything else, such as the `@` of an address, is data of a person.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: isDelimiter(byte)
        }
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool { ":/|,#_-.".utf8.contains(byte) }

    /// Each UUID as `*`, before its hyphens are taken for delimiters.
    private static func withoutUUIDs(_ text: String) -> String {
        var rest = Array(text.utf8)[...]
        var kept: [UInt8] = []
        while let byte = rest.first {
            let isUUID =
                rest.count >= 36
                && rest.prefix(36).enumerated().allSatisfy { offset, byte in
                    [8, 13, 18, 23].contains(offset)
                        ? byte == UInt8(ascii: "-") : Character(Unicode.Scalar(byte)).isHexDigit
                }
            kept.append(isUUID ? UInt8(ascii: "*") : byte)
            rest = rest.dropFirst(isUUID ? 36 : 1)
        }
        return String(decoding: kept, as: UTF8.self)
    }

    /// Words and the delimiters between them, in turn.
    private static func pieces(of text: String) -> [Substring] {
        var pieces: [Substring] = []
        var start = text.startIndex
        for index in text.indices where isDelimiter(text[index].utf8.first ?? 0) {
            if start < index { pieces.append(text[start..<index]) }
            pieces.append(text[index...index])
            start = text.index(after: index)
        }
        if start < text.endIndex { pieces.append(text[start...]) }
        return pieces
    }

    /// A word as it is, a counted one such as `worker3` as `worker*`, and anything else with a digit as `*`.
    private static func masked(_ word: Substring) -> String {
        let letters = word.prefix { $0.isLetter }
        let rest = word.dropFirst(letters.count)
        if rest.isEmpty { return changesCase(word) ? "*" : String(word) }
        let isHexadecimal = word.utf8.count >= 7 && word.allSatisfy(\.isHexDigit)
        return letters.isEmpty || isHexadecimal || !rest.allSatisfy(\.isNumber) ? "*" : "\(letters)*"
    }

    /// Whether a long word mixes its cases as only a random one does.
    private static func changesCase(_ word: Substring) -> Bool {
        guard word.utf8.count >= 16 else { return false }
        let changes = zip(word, word.dropFirst()).count { $0.isUppercase != $1.isUppercase }
        return changes > 4
    }
}

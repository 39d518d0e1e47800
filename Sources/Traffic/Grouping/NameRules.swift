// Keys, paths and other names are judged alike. What differs is how they are cut into pieces, and how many of those are
// looked at.

/// How names of one sort are judged.
struct NameRules: Sendable {
    let kinds: ByteKinds
    /// The most pieces that are looked at. What comes after them is one `*`.
    let mostPieces: Int
    /// Whether a name that none of the operator's patterns matches, where there are any, is `other`.
    let hidesUnmatched: Bool

    /// Keys of Redis.
    static let keys = NameRules(kinds: ByteKinds(), mostPieces: 16, hidesUnmatched: false)
    /// Paths of HTTP: six segments and what stands before the first slash, which is nothing. A segment that no pattern
    /// matches may be a command, a key or a token.
    static let paths = NameRules(
        kinds: ByteKinds(strong: Array("/".utf8), isASCII: true), mostPieces: 7, hidesUnmatched: true)
}

// Automatic grouping: `user:1234:profile` belongs to `user:*:profile`. What looks like an identity becomes `*`; what
// looks like a word stays, unless there are too many different ones at its place.

/// Names the group of a key that no pattern matches.
///
/// The name is written into a buffer that is used again for the next key; nothing is allocated per key.
struct KeyNamer: Sendable {
    /// The longest name of a group, in bytes. A longer one ends in `*`.
    static let longestName = 128
    /// The most segments that are looked at. What comes after them is one `*`.
    static let mostSegments = 16

    private let hasher: Hasher64
    private let classes = ByteClass.all
    private var seen = SeenWords()
    /// The name, up to `count`.
    private var name: [UInt8]
    private var count = 0
    /// Whether a place became `*` since the last ``takeChange()``.
    private(set) var hasChanged = false

    init(hasher: Hasher64) {
        self.hasher = hasher
        name = Array(repeating: 0, count: Self.longestName)
    }

    static func isDelimiter(_ byte: UInt8) -> Bool {
        ByteClass(of: byte).contains(.delimiter)
    }

    /// The name that was written last.
    var currentName: [UInt8] { Array(name[..<count]) }

    /// The hash of the name that was written last.
    var currentHash: UInt64 { hasher.hash(name.span, 0..<count) }

    /// Whether a place became `*`, so that older names have to be written anew. Asking resets it.
    mutating func takeChange() -> Bool {
        defer { hasChanged = false }
        return hasChanged
    }

    /// Tells keys of different groups apart, without writing a name: a hash of the name, and of more where that is long.
    ///
    /// - Parameter isWhole: false when the key goes on after these bytes.
    @inline(__always)
    mutating func shape(of key: Span<UInt8>, isWhole: Bool) -> UInt64 {
        walk(key, isWhole: isWhole, writes: false)
    }

    /// Writes the name of the key's group.
    ///
    /// - Parameter isWhole: false when the key goes on after these bytes.
    mutating func write(_ key: Span<UInt8>, isWhole: Bool) {
        count = 0
        _ = walk(key, isWhole: isWhole, writes: true)
        if count > Self.longestName {
            count = Self.longestName
            name[count - 1] = UInt8(ascii: "*")
        }
    }

    /// Goes through a key, segment by segment.
    ///
    /// - Returns: the hash of what the segments stand for.
    @inline(__always)
    private mutating func walk(_ key: Span<UInt8>, isWhole: Bool, writes: Bool) -> UInt64 {
        var place: UInt64 = 1
        var start = 0
        var segments = 0
        while true {
            let segment = KeySegment(key, from: start, classes)
            let isOpen = segment.end == key.count && !isWhole
            let isTooDeep = segments == Self.mostSegments && start < key.count
            if segment.isIdentity || isOpen || isTooDeep || isOneOfMany(key, start..<segment.end, &place) {
                if writes { append(UInt8(ascii: "*")) }
                place = hasher.hash(1, after: place)
            } else if writes {
                append(key, start..<segment.end)
            }
            if segment.end == key.count || isTooDeep { return place }
            if writes { append(key[segment.end]) }
            place = hasher.hash(UInt64(key[segment.end]), after: place)
            start = segment.end &+ 1
            segments &+= 1
        }
    }

    /// Whether too many different words stand where this one stands. A word that stays moves the place on.
    @inline(__always)
    private mutating func isOneOfMany(_ key: Span<UInt8>, _ range: Range<Int>, _ place: inout UInt64) -> Bool {
        if range.isEmpty { return false }
        let word = hasher.hash(key, range, after: place)
        switch seen.see(word, at: place) {
        case .word:
            place = word
            return false
        case .wild: return true
        case .newlyWild:
            hasChanged = true
            return true
        }
    }

    /// Writes a byte; those past the longest name are only counted.
    private mutating func append(_ byte: UInt8) {
        if count < name.count { name[count] = byte }
        count &+= 1
    }

    @inline(__always)
    private mutating func append(_ key: Span<UInt8>, _ range: Range<Int>) {
        for index in range { append(key[index]) }
    }
}

// A key is a row of segments between delimiters. What a segment is made of tells whether it is a word or an identity.

/// What kinds of character a byte may be.
struct ByteClass: OptionSet {
    let rawValue: UInt8

    static let digit = ByteClass(rawValue: 1)
    static let hexadecimal = ByteClass(rawValue: 2)
    static let letter = ByteClass(rawValue: 4)
    static let delimiter = ByteClass(rawValue: 8)

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    init(of byte: UInt8) {
        self =
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): [.digit, .hexadecimal]
            case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): [.letter, .hexadecimal]
            case UInt8(ascii: "g")...UInt8(ascii: "z"), UInt8(ascii: "G")...UInt8(ascii: "Z"): .letter
            case UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "|"), UInt8(ascii: ","),
                UInt8(ascii: "#"), UInt8(ascii: "@"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                .delimiter
            default: []
            }
    }
}

extension ByteClass {
    /// The classes of all bytes, for those who look at many.
    static let all: [UInt8] = (0...UInt8.max).map { ByteClass(of: $0).rawValue }
}

/// A run of bytes up to the next delimiter, or a UUID.
struct KeySegment {
    /// Where the segment ends.
    let end: Int
    /// Whether it looks like an identity: a number, a hexadecimal one of 8 or more characters with a digit among them,
    /// a UUID, 16 or more characters with letters and digits among them, or `*` itself.
    let isIdentity: Bool

    /// Looks at the segment that starts at a place.
    @inline(__always)
    init(_ key: Span<UInt8>, from start: Int, _ classes: [UInt8]) {
        var place = start
        var some: UInt8 = 0
        var every: UInt8 = .max
        while place &+ 8 <= key.count, Self.areDigits(key.word(at: place)) {
            some |= ByteClass.digit.rawValue
            every &= Self.digitRun
            place &+= 8
        }
        while place < key.count {
            let kind = classes[Int(key[place])]
            if kind == ByteClass.delimiter.rawValue { break }
            some |= kind
            every &= kind
            place &+= 1
        }
        let length = place &- start
        let (any, all) = (ByteClass(rawValue: some), ByteClass(rawValue: length > 0 ? every : 0))
        if length == 8 && all.contains(.hexadecimal) && Self.isUUID(key, from: start, classes) {
            end = start + Self.uuidLength
            isIdentity = true
            return
        }
        end = place
        isIdentity =
            all.contains(.digit)
            || (length >= 8 && all.contains(.hexadecimal) && any.contains(.digit))
            || (length >= 16 && any.contains([.letter, .digit]))
            || (length == 1 && key[start] == UInt8(ascii: "*"))
    }

    /// Whether all eight bytes are digits.
    @inline(__always)
    private static func areDigits(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        return word & (ones &* 0xF0) == ones &* 0x30 && (word &+ ones &* 6) & (ones &* 0xF0) == ones &* 0x30
    }

    private static var digitRun: UInt8 { ByteClass.digit.rawValue | ByteClass.hexadecimal.rawValue }
    private static let uuidLength = 36

    /// Whether a UUID stands here as a whole: 8, 4, 4, 4 and 12 hexadecimal digits with `-` between (RFC 9562).
    private static func isUUID(_ key: Span<UInt8>, from start: Int, _ classes: [UInt8]) -> Bool {
        let end = start + uuidLength
        guard end <= key.count else { return false }
        for offset in 0..<uuidLength {
            let byte = key[start + offset]
            switch offset {
            case 8, 13, 18, 23: if byte != UInt8(ascii: "-") { return false }
            default: if classes[Int(byte)] & ByteClass.hexadecimal.rawValue == 0 { return false }
            }
        }
        return end == key.count || classes[Int(key[end])] == ByteClass.delimiter.rawValue
    }
}

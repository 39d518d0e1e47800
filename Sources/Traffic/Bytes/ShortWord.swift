// Command names, error words and the kinds of push messages: short, compared often, never worth a String.

/// Up to 24 bytes by value, padded with zeros.
struct ShortWord: Hashable, Sendable {
    static let capacity = 24

    private var first: UInt64 = 0
    private var second: UInt64 = 0
    private var third: UInt64 = 0

    init() {}

    /// A word of two bytes, the first one lowest.
    init(twoBytes: UInt16) {
        first = UInt64(twoBytes)
    }

    /// The bytes as they are, cut at the capacity.
    @inline(__always)
    init(_ bytes: Span<UInt8>) {
        first = bytes.word(at: 0, count: bytes.count)
        if bytes.count > 8 { second = bytes.word(at: 8, count: bytes.count - 8) }
        if bytes.count > 16 { third = bytes.word(at: 16, count: bytes.count - 16) }
    }

    /// The bytes with ASCII letters in lower case; nil for more than fit.
    init?(lowercasing bytes: Span<UInt8>) {
        self.init(lowercasing: bytes, in: bytes.indices)
    }

    /// Some bytes of many, which are read faster where they are than cut out.
    @inline(__always)
    init?(lowercasing bytes: Span<UInt8>, in range: Range<Int>) {
        guard range.count <= Self.capacity else { return nil }
        first = Self.lowercase(bytes.word(at: range.lowerBound, count: range.count))
        if range.count > 8 { (second, third) = Self.lowercaseRest(bytes, range.dropFirst(8)) }
    }

    @inline(never)
    private static func lowercaseRest(_ bytes: Span<UInt8>, _ range: Range<Int>) -> (UInt64, UInt64) {
        let second = lowercase(bytes.word(at: range.lowerBound, count: range.count))
        guard range.count > 8 else { return (second, 0) }
        return (second, lowercase(bytes.word(at: range.lowerBound + 8, count: range.count - 8)))
    }

    /// A word of the program text, cut at the capacity.
    init(_ text: StaticString) {
        self.init("\(text)")
    }

    init(_ text: String) {
        let bytes = Array(text.utf8)
        self.init(bytes.span)
    }

    /// Sets the byte at a place; places past the capacity are ignored.
    @inline(__always)
    mutating func set(_ byte: UInt8, at place: Int) {
        let value = UInt64(byte) << (UInt64(place & 7) &* 8)
        switch place >> 3 {
        case 0: first |= value
        case 1: second |= value
        case 2: third |= value
        default: break
        }
    }

    /// A hash of the bytes in the light of what came before them, the same in every run. Never 0.
    @inline(__always)
    func spread(after previous: UInt64) -> UInt64 {
        let rest = second ^ third &* 0xD6E8_FEB8_6659_FD93 ^ previous &* 0xA076_1D64_78BD_642F
        return Hasher64.fold(first ^ 0x9E37_79B9_7F4A_7C15, rest | 1) | 1
    }

    var isEmpty: Bool { first == 0 }

    /// The bytes up to the first zero.
    var bytes: [UInt8] {
        var result: [UInt8] = []
        for word in [first, second, third] {
            for place in 0..<8 {
                let byte = UInt8(truncatingIfNeeded: word >> (UInt64(place) * 8))
                if byte == 0 { return result }
                result.append(byte)
            }
        }
        return result
    }

    /// All eight bytes at once: those from A to Z get the bit that makes them lower case.
    @inline(__always)
    static func lowercase(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let low7 = word & (ones &* 0x7F)
        let fromA = low7 &+ (ones &* (0x80 - 0x41))
        let pastZ = low7 &+ (ones &* (0x80 - 0x5B))
        let isUpper = (fromA ^ pastZ) & ~word & (ones &* 0x80)
        return word | (isUpper >> 2)
    }
}

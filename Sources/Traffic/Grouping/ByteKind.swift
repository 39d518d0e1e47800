// Keys of Redis, paths of HTTP and names of tables are rows of pieces between delimiters. Which delimiters are strong
// is the only thing that differs.

/// What a byte may be in a name.
struct ByteKind: OptionSet {
    let rawValue: UInt8

    static let digit = ByteKind(rawValue: 1)
    static let hexLetter = ByteKind(rawValue: 2)
    static let lower = ByteKind(rawValue: 4)
    static let upper = ByteKind(rawValue: 8)
    /// A delimiter of words within a piece.
    static let weak = ByteKind(rawValue: 16)
    /// A delimiter of pieces, or a brace around a hash tag.
    static let strong = ByteKind(rawValue: 32)
    /// A byte of a character beyond ASCII.
    static let foreign = ByteKind(rawValue: 64)
    /// What no word has: white space, control characters, other punctuation.
    static let noise = ByteKind(rawValue: 128)

    static let letter: ByteKind = [.lower, .upper, .foreign]
    static let alphanumeric: ByteKind = [.digit, .lower, .upper, .foreign]
}

/// The kinds of all bytes.
struct ByteKinds: Sendable {
    private let kinds: [UInt8]

    /// The delimiters that are strong in keys.
    static let keyDelimiters = Array(":/|,#".utf8)
    private static let wordDelimiters = Array("_-.".utf8)

    /// - Parameters:
    ///   - strong: the strong delimiters. Those of keys that are not among them are weak ones.
    ///   - isASCII: whether characters beyond ASCII are no letters.
    init(strong: [UInt8] = keyDelimiters, isASCII: Bool = false) {
        kinds = (0...UInt8.max).map { byte in
            isASCII && byte >= 0x80 ? ByteKind.noise.rawValue : Self.kind(of: byte, strong).rawValue
        }
    }

    @inline(__always)
    subscript(byte: UInt8) -> ByteKind { ByteKind(rawValue: kinds[Int(byte)]) }

    @inline(__always)
    func rawKind(of byte: UInt8) -> UInt8 { kinds[Int(byte)] }

    private static func kind(of byte: UInt8, _ strong: [UInt8]) -> ByteKind {
        switch byte {
        case _ where strong.contains(byte): .strong
        case _ where wordDelimiters.contains(byte) || keyDelimiters.contains(byte): .weak
        case UInt8(ascii: "{"), UInt8(ascii: "}"): .strong
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
        case UInt8(ascii: "a")...UInt8(ascii: "f"): [.lower, .hexLetter]
        case UInt8(ascii: "g")...UInt8(ascii: "z"): .lower
        case UInt8(ascii: "A")...UInt8(ascii: "F"): [.upper, .hexLetter]
        case UInt8(ascii: "G")...UInt8(ascii: "Z"): .upper
        case 0x80...0xFF: .foreign
        case UInt8(ascii: "*"): []
        default: .noise
        }
    }
}

extension ByteKind {
    @inline(__always)
    var isHexadecimal: Bool { !isDisjoint(with: [.digit, .hexLetter]) }
    @inline(__always)
    var isAlphanumeric: Bool { !isDisjoint(with: .alphanumeric) }
    /// Whether it is `*`, which stands for something that was found already.
    @inline(__always)
    var isStar: Bool { isEmpty }
}

// Operators list their API keys by digest, so a token on the wire has to be hashed to be known. This room has no C
// library, and the one digest that it needs is short.

/// SHA-256 (FIPS 180-4 section 6.2).
public struct SHA256: Equatable, Hashable, Sendable, BitwiseCopyable {
    /// The digest's words, the first one first.
    private var words: (UInt64, UInt64, UInt64, UInt64)

    /// The digest of some bytes. Costs about 5 ns per byte and leaves no copy of them.
    public init(_ bytes: Span<UInt8>) {
        var state = State()
        var offset = 0
        while bytes.count - offset >= 64 {
            state.take { word in Self.bigEndian(bytes, offset + word * 4) }
            offset += 64
        }
        // The last bytes, a one, zeros and the length in bits: one block or two.
        let rest = bytes.count - offset
        let blocks = rest < 56 ? 1 : 2
        for block in 0..<blocks {
            state.take { word in
                let place = block * 64 + word * 4
                if block == blocks - 1 && word >= 14 {
                    let bits = UInt64(bytes.count) * 8
                    return UInt32(truncatingIfNeeded: word == 14 ? bits >> 32 : bits)
                }
                return Self.padded(bytes, offset + place)
            }
        }
        words = state.digest
    }

    /// The digest that 64 hexadecimal digits say; nil for any other text.
    public init?(hexadecimal text: String) {
        let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == 64, text.utf8.count == 64 else { return nil }
        func word(_ number: Int) -> UInt64 {
            digits[number * 16..<number * 16 + 16].reduce(0) { $0 << 4 | UInt64($1) }
        }
        words = (word(0), word(1), word(2), word(3))
    }

    /// The digest of some bytes.
    public init(_ bytes: [UInt8]) {
        self.init(bytes.span)
    }

    /// 64 hexadecimal digits in lower case.
    public var hexadecimal: String {
        [words.0, words.1, words.2, words.3].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// The first eight bytes: a hash to find it by.
    var leading: UInt64 { words.0 }

    public static func == (left: SHA256, right: SHA256) -> Bool { left.words == right.words }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
    }

    private static func bigEndian(_ bytes: Span<UInt8>, _ place: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[place + $1]) }
    }

    private static func padded(_ bytes: Span<UInt8>, _ place: Int) -> UInt32 {
        (place..<place + 4).reduce(0) { word, place in
            let byte: UInt8 = place < bytes.count ? bytes[place] : place == bytes.count ? 0x80 : 0
            return word << 8 | UInt32(byte)
        }
    }
}

extension SHA256 {
    /// What goes from block to block.
    private struct State {
        private var a: UInt32 = 0x6a09_e667
        private var b: UInt32 = 0xbb67_ae85
        private var c: UInt32 = 0x3c6e_f372
        private var d: UInt32 = 0xa54f_f53a
        private var e: UInt32 = 0x510e_527f
        private var f: UInt32 = 0x9b05_688c
        private var g: UInt32 = 0x1f83_d9ab
        private var h: UInt32 = 0x5be0_cd19

        var digest: (UInt64, UInt64, UInt64, UInt64) {
            func pair(_ high: UInt32, _ low: UInt32) -> UInt64 { UInt64(high) << 32 | UInt64(low) }
            return (pair(a, b), pair(c, d), pair(e, f), pair(g, h))
        }

        /// Takes a block of sixteen words. The schedule takes the block's place, so nothing of it is left.
        mutating func take(_ block: (Int) -> UInt32) {
            let before = self
            var schedule = InlineArray<16, UInt32>(repeating: 0)
            for round in 0..<64 {
                let slot = round & 15
                if round < 16 {
                    schedule[slot] = block(round)
                } else {
                    let (early, late) = (schedule[(round + 1) & 15], schedule[(round + 14) & 15])
                    let small0 = Self.turn(early, 7) ^ Self.turn(early, 18) ^ early >> 3
                    let small1 = Self.turn(late, 17) ^ Self.turn(late, 19) ^ late >> 10
                    schedule[slot] = schedule[slot] &+ small0 &+ schedule[(round + 9) & 15] &+ small1
                }
                step(schedule[slot] &+ SHA256.constants[round])
            }
            a &+= before.a
            b &+= before.b
            c &+= before.c
            d &+= before.d
            e &+= before.e
            f &+= before.f
            g &+= before.g
            h &+= before.h
        }

        private mutating func step(_ word: UInt32) {
            let large1 = Self.turn(e, 6) ^ Self.turn(e, 11) ^ Self.turn(e, 25)
            let first = h &+ large1 &+ (e & f ^ ~e & g) &+ word
            let large0 = Self.turn(a, 2) ^ Self.turn(a, 13) ^ Self.turn(a, 22)
            let second = large0 &+ (a & b ^ a & c ^ b & c)
            (h, g, f, e) = (g, f, e, d &+ first)
            (d, c, b, a) = (c, b, a, first &+ second)
        }

        private static func turn(_ word: UInt32, _ bits: UInt32) -> UInt32 { word >> bits | word << (32 - bits) }
    }

    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    private static let constants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]
}

// Hashes of keys and connections. They are seeded per process, so that keys that collide cannot be chosen.

/// A seeded 64-bit hash in the manner of wyhash: a multiplication per word, folded.
struct Hasher64: Sendable {
    private let seed: UInt64

    init(seed: UInt64) {
        self.seed = seed | 1
    }

    @inline(__always)
    static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    /// The hash of one word in the light of what came before it. Never 0.
    @inline(__always)
    func hash(_ word: UInt64, after previous: UInt64 = 0) -> UInt64 {
        Self.fold(word ^ seed, previous ^ 0x9E37_79B9_7F4A_7C15 ^ (seed << 32)) | 1
    }

    /// The hash of a run of bytes, its length included, in the light of what came before it. Never 0.
    @inline(__always)
    func hash(_ bytes: Span<UInt8>, _ range: Range<Int>, after previous: UInt64 = 0) -> UInt64 {
        var result = previous ^ UInt64(truncatingIfNeeded: range.count) << 32
        var offset = range.lowerBound
        repeat {
            let word = bytes.word(at: offset, count: range.upperBound &- offset)
            result = hash(word, after: result)
            offset &+= 8
        } while offset < range.upperBound
        return result
    }
}

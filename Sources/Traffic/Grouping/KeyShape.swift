// Nearly all keys are alike but for their digits. Those are found again without looking at them byte by byte.

/// Hashes of keys as they look.
enum KeyShape {
    /// The hash of a key's length and bytes, all digits being the same. Costs about a nanosecond per eight bytes.
    @inline(__always)
    static func hash(_ key: Span<UInt8>, _ hasher: Hasher64) -> UInt64 {
        var result = hasher.hash(UInt64(truncatingIfNeeded: key.count))
        guard key.count >= 8 else {
            return hasher.hash(maskingDigits(key.word(at: 0, count: key.count)), after: result)
        }
        var place = 0
        while place &+ 8 < key.count {
            result = hasher.hash(maskingDigits(key.word(at: place)), after: result)
            place &+= 8
        }
        return hasher.hash(maskingDigits(key.word(at: key.count &- 8)), after: result)
    }

    /// The hash of a shape and the digits at some places.
    ///
    /// - Parameter places: a bit for each place that counts, the first one lowest.
    static func hash(_ shape: UInt64, _ key: Span<UInt8>, at places: UInt64, _ hasher: Hasher64) -> UInt64 {
        var result = hasher.hash(places, after: shape)
        var rest = places
        while rest != 0 {
            let place = rest.trailingZeroBitCount
            if place < key.count { result = hasher.hash(UInt64(key[place]), after: result) }
            rest &= rest &- 1
        }
        return result
    }

    /// Eight bytes with `0` for each digit.
    @inline(__always)
    private static func maskingDigits(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        // Half-bytes against those of `0`: the high one has to be equal, the low one below 10.
        let high = (word ^ (ones &* 0x30)) & (ones &* 0xF0)
        let low = ((word & (ones &* 0x0F)) &+ (ones &* 6)) & (ones &* 0x10)
        let other = high | low
        let isOther = (((other & (ones &* 0x7F)) &+ (ones &* 0x7F)) | other) & (ones &* 0x80)
        let isDigit = isOther ^ (ones &* 0x80)
        return word & ~((isDigit >> 3) &- (isDigit >> 7))
    }
}

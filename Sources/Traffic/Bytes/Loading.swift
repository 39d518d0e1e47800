// The one place where the engine reads, or writes, several bytes at once. It is unsafe only because a type with invalid
// bit patterns could be asked for; integers have none, and each place is checked against the span's end. Byte by byte
// it is several times slower.

extension Span<UInt8> {
    /// The eight bytes from `offset` on, the first one lowest.
    ///
    /// Traps when fewer than eight bytes are left.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        let raw = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
        return UInt64(littleEndian: raw)
    }

    /// Up to eight bytes from `offset` on as the low bytes of a word; zero where there are no more.
    @inline(__always)
    func word(at offset: Int, count: Int) -> UInt64 {
        if offset + 8 <= self.count {
            return count >= 8 ? word(at: offset) : word(at: offset) & ((1 << (UInt64(count) &* 8)) &- 1)
        }
        var result: UInt64 = 0
        for index in 0..<Swift.min(count, 8) { result |= UInt64(self[offset + index]) << (UInt64(index) &* 8) }
        return result
    }

    /// Two bytes in network order.
    @inline(__always)
    func short(at offset: Int) -> UInt16 {
        let raw = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self)
        return UInt16(bigEndian: raw)
    }

    /// Four bytes in network order.
    @inline(__always)
    func long(at offset: Int) -> UInt32 {
        let raw = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
        return UInt32(bigEndian: raw)
    }
}

extension MutableSpan<UInt8> {
    /// Writes eight bytes from `offset` on, the first one lowest.
    ///
    /// Traps when there is no room for eight.
    @inline(__always)
    mutating func store(_ word: UInt64, at offset: Int) {
        precondition(offset >= 0 && offset &+ 8 <= count)
        var raw = unsafe mutableBytes
        raw.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
    }
}

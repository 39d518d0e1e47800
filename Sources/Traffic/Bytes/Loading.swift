// The one place where the engine reads several bytes of a packet at once.

extension Span<UInt8> {
    /// The eight bytes from `offset` on, the first one lowest.
    ///
    /// Traps when fewer than eight bytes are left.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        // unsafe only because a type with invalid bit patterns could be asked for; UInt64 has none, and the load is
        // checked against the span's end. Byte by byte it is five times slower.
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
        UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
    }

    /// Four bytes in network order.
    @inline(__always)
    func long(at offset: Int) -> UInt32 {
        UInt32(short(at: offset)) << 16 | UInt32(short(at: offset + 2))
    }
}

// How protobuf writes fields: a number and a type of wire in one byte, then the value. Field numbers up to 15 are all
// that a page needs.

extension PageBuffer {
    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    mutating func append(varint value: UInt64) {
        var rest = value
        while rest > 0x7F {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// `uint32`, `uint64`, `int64` of what is not negative, or an enumeration.
    mutating func append(field: UInt8, varint value: UInt64) {
        append(field << 3)
        append(varint: value)
    }

    /// `sint32` or `sint64`: the sign is the lowest bit.
    mutating func append(field: UInt8, signed value: Int64) {
        append(field: field, varint: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    /// `double`, its eight bytes as they are.
    mutating func append(field: UInt8, double value: Double) {
        append(field << 3 | 1)
        var bits = value.bitPattern
        for _ in 0..<8 {
            append(UInt8(truncatingIfNeeded: bits))
            bits >>= 8
        }
    }

    /// `string`.
    mutating func append(field: UInt8, _ text: String) {
        append(field << 3 | 2)
        append(varint: UInt64(text.utf8.count))
        append(text)
    }

    /// A message within another.
    @inline(__always)
    mutating func append(message field: UInt8, _ body: (inout PageBuffer) -> Void) {
        append(field << 3 | 2)
        appendMessage(body)
    }

    /// A message behind its length. Most are shorter than 128 bytes, so a byte is kept for that, and the message moves
    /// on where it is longer.
    @inline(__always)
    mutating func appendMessage(_ body: (inout PageBuffer) -> Void) {
        let start = count
        append(0)
        body(&self)
        let length = count - start - 1
        if length <= 0x7F {
            self[start] = UInt8(length)
        } else {
            var prefix = PageBuffer()
            prefix.append(varint: UInt64(length))
            self[start] = prefix.bytes[0]
            insert(prefix.bytes.dropFirst(), at: start + 1)
        }
    }
}

// The number after a type byte: a length, a count or an integer, ended by CR LF.

/// Reads a decimal number and its line end, resumable after any byte. Numbers beyond 18 digits saturate.
struct DecimalLine: Sendable {
    enum Progress {
        /// The bytes ended before the line.
        case starved
        case value(Int64)
        /// Not a number, or one with too many digits.
        case malformed
    }

    private var magnitude: Int64 = 0
    private var digits: UInt8 = 0
    private var isNegative = false
    private var isEnding = false

    /// Reads on. After a value or a malformed line it is ready for the next number.
    @inline(__always)
    mutating func read(_ bytes: Span<UInt8>, _ position: inout Int) -> Progress {
        // Nearly every number has one or two digits and stands in one piece.
        if digits == 0 && !isNegative && position &+ 4 <= bytes.count {
            let first = bytes[position] &- 0x30
            if first < 10 {
                if bytes[position &+ 1] == 0x0D && bytes[position &+ 2] == 0x0A {
                    position &+= 3
                    return .value(Int64(first))
                }
                let second = bytes[position &+ 1] &- 0x30
                if second < 10 && bytes[position &+ 2] == 0x0D && bytes[position &+ 3] == 0x0A {
                    position &+= 4
                    return .value(Int64(first) &* 10 &+ Int64(second))
                }
            }
        }
        return readByByte(bytes, &position)
    }

    private mutating func readByByte(_ bytes: Span<UInt8>, _ position: inout Int) -> Progress {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            let digit = byte &- 0x30
            if isEnding {
                let value = isNegative ? -magnitude : magnitude
                self = DecimalLine()
                return byte == 0x0A ? .value(value) : .malformed
            } else if digit < 10 {
                magnitude = digits < RESPLimits.digits ? magnitude &* 10 &+ Int64(digit) : .max
                digits += 1
                if digits > RESPLimits.digits + 2 { return fail() }
            } else if byte == 0x0D && digits > 0 {
                isEnding = true
            } else if byte == 0x2D && digits == 0 && !isNegative {
                isNegative = true
            } else {
                return fail()
            }
        }
        return .starved
    }

    private mutating func fail() -> Progress {
        self = DecimalLine()
        return .malformed
    }
}

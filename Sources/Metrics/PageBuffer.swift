// The bytes of a page under construction. Escaping and the writing of numbers live here and nowhere else.

/// A growing page: bytes, with the few ways in which they may be added.
struct PageBuffer: Sendable {
    private(set) var bytes: [UInt8] = []

    init() {}

    /// - Parameter room: for so many bytes it grows once.
    init(room: Int) {
        bytes.reserveCapacity(room)
    }

    var count: Int { bytes.count }

    /// A byte that was written already.
    subscript(position: Int) -> UInt8 {
        get { bytes[position] }
        set { bytes[position] = newValue }
    }

    /// Puts bytes between those that were written already. Costs a move of all that follow.
    mutating func insert(_ other: ArraySlice<UInt8>, at position: Int) {
        bytes.insert(contentsOf: other, at: position)
    }

    /// Forgets the bytes and keeps their memory.
    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
    }

    mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// The head of a line about a family: `# TYPE redis_up `.
    mutating func appendComment(_ word: String, _ family: String) {
        append("# ")
        append(word)
        append(" ")
        append(family)
        append(" ")
    }

    mutating func append(_ byte: UInt8) {
        bytes.append(byte)
    }

    /// Bytes that need no escaping.
    mutating func append(_ other: [UInt8]) {
        bytes.append(contentsOf: other)
    }

    /// Bytes that need no escaping.
    mutating func append(_ other: ArraySlice<UInt8>) {
        bytes.append(contentsOf: other)
    }

    /// A copy of the bytes that takes no more memory than they do.
    var exactBytes: [UInt8] {
        var copy: [UInt8] = []
        copy.reserveCapacity(bytes.count)
        copy.append(contentsOf: bytes)
        return copy
    }

    /// A label value: backslash, line feed and quote are escaped, the rest stays as it is.
    mutating func appendLabelValue(_ text: String) {
        appendEscaped(text, quotes: true)
    }

    /// A HELP text: quotes are escaped in OpenMetrics only.
    mutating func appendHelp(_ text: String, quotes: Bool) {
        appendEscaped(text, quotes: quotes)
    }

    private mutating func appendEscaped(_ text: String, quotes: Bool) {
        // Nearly no text needs it.
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        guard bytes[start...].contains(where: { Self.needsEscape($0, quotes: quotes) }) else { return }
        bytes.removeSubrange(start...)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\n"):
                append(UInt8(ascii: "\\"))
                append(UInt8(ascii: "n"))
            case UInt8(ascii: "\\"):
                append(UInt8(ascii: "\\"))
                append(byte)
            case UInt8(ascii: "\"") where quotes:
                append(UInt8(ascii: "\\"))
                append(byte)
            default:
                append(byte)
            }
        }
    }

    private static func needsEscape(_ byte: UInt8, quotes: Bool) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\\") || (quotes && byte == UInt8(ascii: "\""))
    }

    /// A sample's value: whole numbers without a fraction, the rest in the shortest form that reads back the same.
    mutating func append(number: Double) {
        if let whole = Int64(exactly: number), whole.magnitude < 1 << 53 {
            append(integer: whole)
        } else if number.isNaN {
            append("NaN")
        } else if number.isInfinite {
            append(number > 0 ? "+Inf" : "-Inf")
        } else {
            append("\(number)")
        }
    }

    mutating func append(integer: Int64) {
        if integer < 0 { append(UInt8(ascii: "-")) }
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var start = digits.count
        var rest = integer.magnitude
        repeat {
            start -= 1
            digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        for index in start..<digits.count { bytes.append(digits[index]) }
    }
}

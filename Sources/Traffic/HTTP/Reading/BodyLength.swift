// How long a body is: what Content-Length and Transfer-Encoding say, and which of them is believed.

/// The fields of a head that frame its message (RFC 9112 section 6).
struct BodyLength: Sendable, BitwiseCopyable {
    /// The value of Content-Length; nil where there is none.
    private(set) var count: UInt64?
    /// Whether lengths contradict each other or are none.
    private(set) var isUnknown = false
    /// Whether the last coding of Transfer-Encoding is `chunked`; nil where there is no such field.
    private(set) var isChunked: Bool?

    /// The framing of a message whose kind permits a body. Transfer-Encoding beats Content-Length.
    enum Framing: Equatable {
        case counted(UInt64)
        case chunked
        /// A coding other than chunked comes last: an answer ends with the connection, a request cannot be read.
        case coded
        /// Neither field.
        case unsaid
        case unknown
    }

    @inline(__always)
    var framing: Framing {
        if let isChunked { return isChunked ? .chunked : .coded }
        if isUnknown { return .unknown }
        return count.map { .counted($0) } ?? .unsaid
    }

    /// Takes the value of a Content-Length field. Equal lengths in a list are one.
    @inline(__always)
    mutating func takeCount(_ value: Span<UInt8>) {
        var (number, place): (UInt64, Int) = (0, 0)
        while place < value.count, value[place] &- UInt8(ascii: "0") < 10 {
            number = number &* 10 &+ UInt64(value[place] &- UInt8(ascii: "0"))
            place &+= 1
        }
        // Nearly always one number, and shorter than any that may be too large.
        if place == value.count, 1...18 ~= place { take(number) } else { takeList(value) }
    }

    @inline(__always)
    private mutating func take(_ number: UInt64) {
        if count ?? number != number { isUnknown = true }
        count = number
    }

    private mutating func takeList(_ value: Span<UInt8>) {
        var start = 0
        while true {
            var end = start
            while end < value.count, value[end] != UInt8(ascii: ",") { end += 1 }
            takeNumber(value, value.trimmed(start..<end))
            if end >= value.count { return }
            start = end + 1
        }
    }

    private mutating func takeNumber(_ value: Span<UInt8>, _ digits: Range<Int>) {
        var number: UInt64 = 0
        for place in digits {
            let digit = value[place] &- UInt8(ascii: "0")
            guard digit < 10, number < UInt64(Int64.max) / 10 - 1 else { return isUnknown = true }
            number = number * 10 + UInt64(digit)
        }
        if digits.isEmpty { isUnknown = true }
        take(number)
    }

    /// Takes the value of a Transfer-Encoding field. Of several fields the last one has the last coding.
    mutating func takeCodings(_ value: Span<UInt8>) {
        var start = value.count
        while start > 0, value[start - 1] != UInt8(ascii: ",") { start -= 1 }
        isChunked = value.extracting(value.trimmed(start..<value.count)).equalsIgnoringCase("chunked")
    }

    /// Notes that a field that frames the message was cut.
    mutating func loseCount() {
        isUnknown = true
    }
}

extension Span<UInt8> {
    /// Whether these are the characters of a text in lower case, in whatever case.
    func equalsIgnoringCase(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && startsIgnoringCase(text)
    }

    /// Whether the bytes start with a text in lower case, in whatever case.
    func startsIgnoringCase(_ text: StaticString) -> Bool {
        guard count >= text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { characters in
            for place in 0..<characters.count {
                let byte = self[place]
                let isCapital = byte &- UInt8(ascii: "A") < 26
                guard unsafe (isCapital ? byte | 0x20 : byte) == characters[place] else { return false }
            }
            return true
        }
    }
}

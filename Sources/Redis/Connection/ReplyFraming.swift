// Where one reply ends and the next begins, without keeping any of it. A client may give itself a name of many
// megabytes, and make a CLIENT LIST longer than anybody wants. Such a reply is passed over in the stream; what stands
// behind it is still an answer.

/// Follows the bytes of one RESP2 reply.
struct ReplyFraming {
    /// Bytes of the reply so far, and those of a string that it has announced.
    private(set) var size = 0
    /// Elements that its arrays have announced so far.
    private(set) var elements = 0
    /// Whether bytes came that are no reply; where the next one begins cannot be known then.
    private(set) var isLost = false
    /// Whether the last byte of the reply was passed.
    var isComplete: Bool { valuesLeft == 0 }

    /// Values that are still to come: one, and the elements of every array.
    private var valuesLeft = 1
    private var place = Place.start

    private enum Place {
        /// At the byte that says what a value is.
        case start
        case line(Line)
        /// In a string, of which so many bytes are left, its line end included.
        case string(left: Int)
    }

    /// A first line: of a string or an array it holds a length.
    private struct Line {
        let kind: UInt8
        var length = 0
        var isNegative = false
        /// Whether the last byte was a carriage return; a line feed alone ends nothing.
        var hasReturn = false
        var isComplete = false

        var isLength: Bool { kind == UInt8(ascii: "$") || kind == UInt8(ascii: "*") }
    }

    /// Passes over bytes.
    ///
    /// - Returns: where the reply ends, or the end of the range when it goes on. Costs nothing per byte of a string.
    mutating func pass(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
        var position = range.lowerBound
        while position < range.upperBound, !isComplete, !isLost {
            switch place {
            case .start:
                begin(bytes[position])
                position += 1
            case .line(var line):
                while position < range.upperBound, !line.isComplete, !isLost {
                    take(bytes[position], into: &line)
                    position += 1
                    size += 1
                }
                place = .line(line)
                if line.isComplete { end(line) }
            case .string(let left):
                let step = min(left, range.upperBound - position)
                position += step
                place = .string(left: left - step)
                if step == left { endValue() }
            }
        }
        return position
    }

    private mutating func begin(_ kind: UInt8) {
        size += 1
        switch kind {
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "$"), UInt8(ascii: "*"):
            place = .line(Line(kind: kind))
        default: isLost = true
        }
    }

    private mutating func take(_ byte: UInt8, into line: inout Line) {
        defer { line.hasReturn = byte == UInt8(ascii: "\r") }
        switch byte {
        case UInt8(ascii: "\n") where line.hasReturn: line.isComplete = true
        case UInt8(ascii: "\r"): break
        case _ where !line.isLength: break
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            let (tens, isTooLarge) = line.length.multipliedReportingOverflow(by: 10)
            // No server has as much to say, and sums of it stay far from the largest number.
            guard !isTooLarge, tens < Self.largestLength else { return isLost = true }
            line.length = tens + Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "-"): line.isNegative = true
        default: isLost = true
        }
    }

    private mutating func end(_ line: Line) {
        switch line.kind {
        case UInt8(ascii: "$") where !line.isNegative:
            size += line.length + 2
            place = .string(left: line.length + 2)
        case UInt8(ascii: "*") where !line.isNegative:
            elements += line.length
            valuesLeft += line.length
            endValue()
        default: endValue()
        }
        if valuesLeft > Self.largestLength { isLost = true }
    }

    private mutating func endValue() {
        valuesLeft -= 1
        place = .start
    }

    private static let largestLength = 1 << 40
}

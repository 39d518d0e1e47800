// Numbers as INFO writes them: whole ones mostly, decimals with a few digits, words for a state.

enum InfoNumber {
    /// The number that the bytes are, or nil for anything else, infinity and NaN included.
    ///
    /// `ok` and `true` are 1; `err`, `fail` and `false` are 0. The number is moved by `places` decimal places to the
    /// right.
    static func parse(_ bytes: [UInt8], _ range: Range<Int>, places: Int = 0) -> Double? {
        var position = range.lowerBound
        let isNegative = position < range.upperBound && bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        var digits: Int64 = 0
        var count = 0
        var decimals = places
        var hasPoint = false
        while position < range.upperBound {
            let byte = bytes[position]
            if byte == UInt8(ascii: ".") && !hasPoint {
                hasPoint = true
            } else if byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") && count < 18 {
                digits = digits &* 10 &+ Int64(byte - UInt8(ascii: "0"))
                count += 1
                if hasPoint { decimals += 1 }
            } else {
                return word(bytes, range).map { $0 / powersOfTen[places] }
            }
            position += 1
        }
        guard count > 0 else { return nil }
        // Both operands are exact up to 15 digits, so that the quotient is the nearest number to the text.
        let magnitude = decimals == 0 ? Double(digits) : Double(digits) / powersOfTen[decimals]
        return isNegative ? -magnitude : magnitude
    }

    /// The value of a percentage, `100.13%`, as a ratio.
    static func parsePercentage(_ bytes: [UInt8], _ range: Range<Int>) -> Double? {
        guard let last = range.last, bytes[last] == UInt8(ascii: "%") else {
            return parse(bytes, range, places: 2)
        }
        return parse(bytes, range.lowerBound..<last, places: 2)
    }

    /// Words for a state, and numbers in a form that is rare enough to take the slow way.
    private static func word(_ bytes: [UInt8], _ range: Range<Int>) -> Double? {
        switch String(decoding: bytes[range], as: UTF8.self) {
        case "ok", "true": 1
        case "err", "fail", "false": 0
        case let text: Double(text).flatMap { $0.isFinite ? $0 : nil }
        }
    }

    private static let powersOfTen: [Double] = (0...20).map { power in
        (0..<power).reduce(1) { product, _ in product * 10 }
    }
}

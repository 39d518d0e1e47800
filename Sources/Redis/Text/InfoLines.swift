// The text that INFO answers with: sections, and one `field:value` a line. Nothing is copied here; a line is given as
// positions in the reply, because most lines are looked up and turned into a number without ever being a string.

/// Walks over the lines of an INFO reply.
struct InfoLines {
    /// One line that is not empty.
    enum Line: Equatable {
        /// `# Server`, without the mark.
        case section(Range<Int>)
        case field(name: Range<Int>, value: Range<Int>)
        /// A line without a colon.
        case malformed
    }

    private let bytes: [UInt8]
    private var position = 0
    private let colon = UInt8(ascii: ":")
    private let lineEnd = UInt8(ascii: "\n")

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next line, or nil at the end. Lines end in CR LF or, from some proxies, in LF.
    mutating func next() -> Line? {
        while position < bytes.count {
            let start = position
            // The name, up to the first colon; most of a reply are values, in which only the line end is looked for.
            while position < bytes.count && bytes[position] != colon && bytes[position] != lineEnd { position += 1 }
            let nameEnd = position
            while position < bytes.count && bytes[position] != lineEnd { position += 1 }
            var end = position
            position += 1
            if end > start && bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
            if end == start { continue }
            if bytes[start] == UInt8(ascii: "#") { return .section(min(start + 2, end)..<end) }
            guard nameEnd < end else { return .malformed }
            return .field(name: start..<nameEnd, value: nameEnd + 1..<end)
        }
        return nil
    }
}

/// Walks over `name=value,name=value`, the form of the values that have several parts.
struct InfoPairs {
    private let bytes: [UInt8]
    private var rest: Range<Int>

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        self.rest = range
    }

    /// The next pair, or nil at the end; a part without `=` is passed over.
    mutating func next() -> (name: Range<Int>, value: Range<Int>)? {
        while !rest.isEmpty {
            let start = rest.lowerBound
            var equals: Int?
            var end = start
            while end < rest.upperBound && bytes[end] != UInt8(ascii: ",") {
                if bytes[end] == UInt8(ascii: "=") && equals == nil { equals = end }
                end += 1
            }
            rest = min(end + 1, rest.upperBound)..<rest.upperBound
            if let equals { return (start..<equals, equals + 1..<end) }
        }
        return nil
    }
}

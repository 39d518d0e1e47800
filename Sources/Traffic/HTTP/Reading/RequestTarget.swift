// What a request is about: the path alone. A query may hold anything, and nothing of it is looked at.

/// Finds the path in a request's target (RFC 9112 section 3.2).
enum RequestTarget {
    /// The path of the target that starts at a place; empty where it names none, as `http://host` does.
    ///
    /// The forms `*` and `host:port` are returned as they are.
    @inline(__always)
    static func path(_ line: Span<UInt8>, from start: Int) -> Range<Int> {
        let end = line.pathEnd(from: start)
        if start == end || line[start] == UInt8(ascii: "/") { return start..<end }
        return (pathOfURL(line, start..<end) ?? start)..<end
    }

    /// Where the path of `scheme://authority/path` starts; nil for another form.
    private static func pathOfURL(_ line: Span<UInt8>, _ target: Range<Int>) -> Int? {
        var place = target.lowerBound
        while place < target.upperBound, line[place] != UInt8(ascii: ":") {
            if line[place] == UInt8(ascii: "/") { return nil }
            place += 1
        }
        guard place + 2 < target.upperBound, line[place + 1] == UInt8(ascii: "/"),
            line[place + 2] == UInt8(ascii: "/")
        else { return nil }
        place += 3
        while place < target.upperBound, line[place] != UInt8(ascii: "/") { place += 1 }
        return place
    }
}

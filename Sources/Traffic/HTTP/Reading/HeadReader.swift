// A head is a first line, fields and an empty line. It nearly always comes in one packet and is read where it lies;
// what comes in several is read line by line all the same.

/// What a first line and fields mean: that of a request, or that of an answer.
protocol HeadMeaning: Sendable {
    init()

    /// Takes the first line, without its end.
    ///
    /// - Parameter isWhole: false when the line goes on after these bytes.
    /// - Returns: false for what is no first line of HTTP/1.
    mutating func takeStart(_ line: Span<UInt8>, isWhole: Bool, _ books: inout HTTPBooks) -> Bool

    /// Takes a field's line, or one that goes on with the field before it.
    mutating func takeField(_ line: Span<UInt8>, isWhole: Bool, _ books: inout HTTPBooks)

    /// The fields that may mean anything.
    ///
    /// - Parameter ofRequests: those of requests, which the operator's fields belong to.
    static func fields(ofRequests: FieldFilter) -> FieldFilter

    /// Takes note that the line before has meant nothing.
    mutating func passField()

    /// Takes note that fields may be missing.
    mutating func loseFields(_ books: borrowing HTTPBooks)

    /// Whether the line that begins like this, with a whole name, may mean anything.
    static func mayWant(_ line: Span<UInt8>, _ books: borrowing HTTPBooks) -> Bool
}

/// Reads one head, resumable after any byte.
struct HeadReader<Meaning: HeadMeaning>: Sendable {
    enum Progress {
        case starved
        case complete
        case malformed
        case oversized
    }

    private(set) var meaning = Meaning()
    /// Whether the first line was read.
    private(set) var hasStart = false
    private var size: UInt32 = 0
    private var partial = PartialLine()

    /// Begins a new head.
    @inline(__always)
    mutating func begin() {
        meaning = Meaning()
        hasStart = false
        size = 0
    }

    /// Forgets the head and what is kept of it.
    mutating func clear(_ books: inout HTTPBooks) {
        partial.clear(room: &books.lineRoom)
        begin()
    }

    /// Reads on from `position`, to the end of the head at the furthest.
    @inline(__always)
    mutating func take(_ bytes: Span<UInt8>, _ position: inout Int, _ books: inout HTTPBooks) -> Progress {
        let fields = Meaning.fields(ofRequests: books.credentials.filter)
        while true {
            if hasStart, partial.isEmpty {
                passOthers(bytes, &position, fields)
                if bytes.isEmptyLine(at: position) {
                    position &+= 2
                    return size &+ 2 > HTTPLimits.head ? .oversized : .complete
                }
            }
            let feed = bytes.lineFeed(from: position)
            size &+= UInt32(truncatingIfNeeded: feed &- position &+ 1)
            if size > HTTPLimits.head { return .oversized }
            guard feed < bytes.count else {
                if position < feed { keep(bytes, position..<feed, &books) }
                position = feed
                size &-= 1
                return .starved
            }
            let start = position
            position = feed &+ 1
            guard partial.isEmpty else {
                guard let progress = finishPartial(bytes, start..<feed, &books) else { continue }
                return progress
            }
            let end = bytes.lineEnd(start, feed)
            if hasStart {
                if end == start { return .complete }
                meaning.takeField(bytes.extracting(start..<end), isWhole: true, &books)
            } else {
                hasStart = true
                guard meaning.takeStart(bytes.extracting(start..<end), isWhole: true, &books) else {
                    return .malformed
                }
            }
        }
    }

    /// Passes over whole lines that mean nothing, which are most of a head.
    @inline(__always)
    private mutating func passOthers(_ bytes: Span<UInt8>, _ position: inout Int, _ fields: FieldFilter) {
        let start = position
        position = bytes.line(from: start, in: fields)
        if position == start { return }
        size &+= UInt32(truncatingIfNeeded: position &- start)
        meaning.passField()
    }

    /// Bytes of the head are missing. What is known of its first line is made use of.
    ///
    /// - Returns: whether the first line is known.
    mutating func loseRest(_ books: inout HTTPBooks) -> Bool {
        var kept = takePartial()
        defer { kept.clear(room: &books.lineRoom) }
        let line = kept.bytes.span.extracting(0..<kept.count)
        if !hasStart {
            hasStart = kept.count > 0 && meaning.takeStart(line, isWhole: false, &books)
        } else if kept.count > 0 {
            meaning.takeField(line, isWhole: false, &books)
        }
        meaning.loseFields(books)
        return hasStart
    }

    /// Keeps the beginning of a line whose end has yet to come, if anybody will ask for it.
    private mutating func keep(_ bytes: Span<UInt8>, _ range: Range<Int>, _ books: inout HTTPBooks) {
        partial.append(bytes, range, room: &books.lineRoom)
        guard hasStart, !partial.isSkipped else { return }
        if !mayWantPartial(books) { partial.skip(room: &books.lineRoom) }
    }

    private func mayWantPartial(_ books: borrowing HTTPBooks) -> Bool {
        let line = partial.bytes.span.extracting(0..<partial.count)
        return !line.hasColon || Meaning.mayWant(line, books)
    }

    private mutating func takePartial() -> PartialLine {
        let kept = partial
        partial = PartialLine()
        return kept
    }

    /// Reads a line that began in an earlier packet; nil when the head goes on.
    private mutating func finishPartial(
        _ bytes: Span<UInt8>, _ rest: Range<Int>, _ books: inout HTTPBooks
    ) -> Progress? {
        var kept = takePartial()
        defer { kept.clear(room: &books.lineRoom) }
        if kept.isSkipped {
            meaning.passField()
            return nil
        }
        kept.append(bytes, rest, room: &books.lineRoom)
        let isWhole = !kept.isCut
        let all = kept.bytes.span.extracting(0..<kept.count)
        let line = all.extracting(0..<(isWhole ? all.lineEnd(0, all.count) : all.count))
        if hasStart {
            if line.isEmpty { return .complete }
            meaning.takeField(line, isWhole: isWhole, &books)
            return nil
        }
        hasStart = true
        return meaning.takeStart(line, isWhole: isWhole, &books) ? nil : .malformed
    }
}

// Replies of RESP2 and RESP3. Nothing in them is kept but a first word and a number. Elements of all levels are counted
// down in one figure, so that no reply needs more memory than another.

/// Reads one connection's replies, resumable after any byte.
struct ReplyParser: Sendable {
    enum Event {
        /// All bytes are used up.
        case starved
        /// ``reply`` is complete.
        case reply
        /// An error stands within an aggregate; ``nestedWord`` is its first word.
        case nestedError
        /// An array has begun that was to be opened; its elements come one by one, and then the whole of it.
        case opened
        /// ``reply`` is an element of the opened array.
        case element
        /// The bytes are no reply.
        case impossible(ResyncReason)
    }

    enum State: UInt8, Sendable {
        case type, number, text, body, carriageReturn, lineFeed, elementEnd
    }

    /// What the text at hand is read for.
    enum Purpose: UInt8, Sendable {
        case nothing, word, nestedError
    }

    var state = State.type
    var element: UInt8 = 0
    /// Whether the element at hand is the reply itself rather than a part of it.
    var isTop = false
    /// Whether the element at hand is none of the reply's. It is an attribute, which precedes what it describes, or a
    /// push that Redis has put between the elements of EXEC's reply (7.0 does so with invalidations).
    var isAside = false
    /// Whether the next element is the first one of the reply, which names the kind of a message.
    var isKindNext = false
    var purpose = Purpose.nothing
    private var number = DecimalLine()
    /// Elements still to come over all levels; 0 between replies.
    var open: Int64 = 0
    /// Bytes of the body that are still to come.
    var remaining = 0
    var text = LeadingWord()
    var reply = ReplyFacts()
    /// Whether the elements of the next array are wanted one by one, each as a reply of its own.
    var opensArray = false
    /// The array that was opened.
    private var opened: OpenedArray?

    /// The first word of the error of which ``Event/nestedError`` tells.
    var nestedWord: ShortWord { text.word }

    /// Whether the next byte starts a reply.
    var isAtStart: Bool { open == 0 && opened == nil }

    /// The elements that an opened array has yet to bring, the one at hand included.
    var elementsToCome: Int64 { opened?.toCome ?? 0 }

    /// The reply at hand as far as it was read; nil before its type and length are known, and where it is a line.
    var begun: ReplyFacts? {
        if let opened { return opened.reply(isWhole: false) }
        let isKnown = open > 0 && reply.type != 0 && !(isTop && (state == .number || state == .text))
        guard isKnown else { return nil }
        var begun = reply
        begun.isWhole = false
        return begun
    }

    mutating func reset() {
        self = ReplyParser()
    }

    /// Reads on from `position` to the next event.
    @inline(__always)
    mutating func next(_ bytes: Span<UInt8>, _ position: inout Int) -> Event {
        if let opened { return nextElement(of: opened, bytes, &position) }
        return nextReply(bytes, &position)
    }

    /// Reads on to the next event of a reply, or of an element that is read as one.
    @inline(__always)
    mutating func nextReply(_ bytes: Span<UInt8>, _ position: inout Int) -> Event {
        if open == 0, let whole = ReplyFacts(wholeIn: bytes, at: &position) {
            reply = whole
            return .reply
        }
        var begin = position
        let event = advance(bytes, &position, replyBegin: &begin)
        reply.size &+= position &- begin
        if case .opened = event { open(OpenedArray(reply)) }
        return event
    }

    /// Reads the elements of an array from here on; the next byte starts one.
    mutating func open(_ array: OpenedArray) {
        opened = array
        opensArray = false
        open = 0
    }

    /// Makes an array the reply, now that its elements are read.
    mutating func close(_ array: OpenedArray) {
        opened = nil
        reply = array.reply(isWhole: true)
    }

    private mutating func advance(_ bytes: Span<UInt8>, _ position: inout Int, replyBegin: inout Int) -> Event {
        while true {
            if state == .body, !readBody(bytes, &position) { return .starved }
            if state == .elementEnd, let event = endElement() { return event }
            guard position < bytes.count else { return .starved }
            let byte = bytes[position]
            switch state {
            case .type:
                position &+= 1
                if open == 0 {
                    if byte == 0x0A { continue }  // a master's sign of life to a replica that waits
                    reply = ReplyFacts()
                    open = 1
                    replyBegin = position &- 1
                }
                guard begin(byte) else { return .impossible(.malformedReply) }
            case .number:
                switch number.read(bytes, &position) {
                case .starved: return .starved
                case .malformed: return .impossible(.malformedReply)
                case .value(let value):
                    if !take(value) { return .impossible(.oversized) }
                }
            case .text:
                if !readText(bytes, &position) { return .impossible(.oversized) }
            case .carriageReturn:
                guard byte == 0x0D else { return .impossible(.malformedReply) }
                position &+= 1
                state = .lineFeed
            case .lineFeed:
                guard byte == 0x0A else { return .impossible(.malformedReply) }
                position &+= 1
                state = .elementEnd
            case .body, .elementEnd: break
            }
        }
    }

    /// Skips bytes that were not captured.
    ///
    /// - Returns: false when they reach beyond the body at hand and its line end, so that it is unknown where the next
    ///   element starts.
    mutating func skipLost(_ count: Int) -> Bool {
        switch state {
        case .body where count <= remaining + 2:
            let lineEnd = Swift.max(0, count - remaining)
            remaining -= count - lineEnd
            text.stop()
            if lineEnd > 0 { state = lineEnd == 2 ? .elementEnd : .lineFeed }
        case .carriageReturn where count <= 2: state = count == 2 ? .elementEnd : .lineFeed
        case .lineFeed where count == 1: state = .elementEnd
        default: return false
        }
        reply.size += count
        return true
    }
}

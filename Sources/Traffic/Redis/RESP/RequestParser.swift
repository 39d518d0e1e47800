// Requests: arrays of bulk strings, or a line of words as typed into telnet. Bodies are skipped by their length; of an
// argument no more is kept than its reader asks for, so a password passes through without being looked at.

/// Reads one connection's requests, resumable after any byte.
///
/// Before each argument the reader may set ``wanted``; only that argument is shown. A wanted argument that lies in one
/// piece is shown where it is; one that comes in pieces is gathered up to ``RESPLimits/keptArgument`` bytes.
struct RequestParser: Sendable {
    enum Event {
        /// All bytes are used up.
        case starved
        /// The wanted argument, whole, at this place.
        case argument(Range<Int>)
        /// The wanted argument, gathered in ``kept``.
        case keptArgument
        /// The command is complete.
        case command
        /// The bytes are no request.
        case impossible(ResyncReason)
    }

    private enum State: UInt8, Sendable {
        case start, count, dollar, length, body, carriageReturn, lineFeed, argumentEnd, inline, inlineEnd
    }

    private var state = State.start
    private var number = DecimalLine()
    private var inline = InlineWords()
    private var isKeeping = false
    /// Whether bytes of the argument at hand were lost; what follows the hole is not gathered.
    private var hasHole = false
    /// Bytes of the body that are still to come.
    private var remaining = 0
    /// The wanted argument's bytes, gathered; cut at the limit.
    private(set) var kept: [UInt8] = []
    /// The length of the argument that was shown last.
    private(set) var length = 0
    /// How many arguments the command has, its name included. Unknown (0) in an inline command before its end.
    private(set) var argumentCount = 0
    /// The argument being read, the name being 0.
    private(set) var index = 0
    /// The next argument that the reader wants to see. Reset to 0 for each command.
    var wanted = 0
    /// The command's bytes so far.
    private(set) var size = 0

    /// Whether the next byte starts a command.
    var isAtStart: Bool { state == .start }

    /// Forgets an unfinished command.
    mutating func reset() {
        self = RequestParser()
    }

    /// Whether the bytes start as a request from a client library does: `*`, a count, `$`.
    static func looksLikeRequest(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 5, bytes[0] == UInt8(ascii: "*") else { return false }
        var line = DecimalLine()
        var position = 1
        guard case .value(let count) = line.read(bytes, &position), count > 0 else { return false }
        return position < bytes.count && bytes[position] == UInt8(ascii: "$")
    }

    /// Reads on from `position` to the next event.
    @inline(__always)
    mutating func next(_ bytes: Span<UInt8>, _ position: inout Int) -> Event {
        var begin = position
        let event = advance(bytes, &position, commandBegin: &begin)
        size &+= position &- begin
        return event
    }

    private mutating func advance(
        _ bytes: Span<UInt8>, _ position: inout Int, commandBegin: inout Int
    ) -> Event {
        while true {
            switch state {  // what needs no byte
            case .body:
                if let event = readBody(bytes, &position) { return event }
            case .argumentEnd:
                if isKeeping {  // its end was lost
                    isKeeping = false
                    return .keptArgument
                }
                index &+= 1
                state = index == argumentCount ? .start : .dollar
                if state == .start { return .command }
            case .inlineEnd:
                state = .start
                if argumentCount > 0 { return .command }
            default: break
            }
            guard position < bytes.count else { return .starved }
            let byte = bytes[position]
            switch state {
            case .start:
                commandBegin = position
                begin(inline: byte != UInt8(ascii: "*"))
                if state == .count { position &+= 1 }
            case .count:
                switch number.read(bytes, &position) {
                case .starved: return .starved
                case .malformed: return .impossible(.malformedRequest)
                case .value(let count):
                    if count > RESPLimits.arguments { return .impossible(.oversized) }
                    argumentCount = Int(count)
                    state = count > 0 ? .dollar : .start  // `*0` and `*-1` are no command and get no reply
                }
            case .dollar:
                if let body = bytes.wholeBulk(at: position) {
                    length = body.count
                    position = body.upperBound &+ 2
                    state = .argumentEnd
                    if index == wanted { return .argument(body) }
                    continue
                }
                guard byte == UInt8(ascii: "$") else { return .impossible(.malformedRequest) }
                position &+= 1
                state = .length
            case .length:
                switch number.read(bytes, &position) {
                case .starved: return .starved
                case .malformed: return .impossible(.malformedRequest)
                case .value(let value):
                    if value < 0 { return .impossible(.malformedRequest) }
                    if value > RESPLimits.bulkLength { return .impossible(.oversized) }
                    beginBody(Int(value))
                }
            case .carriageReturn:
                guard byte == 0x0D else { return .impossible(.malformedRequest) }
                position &+= 1
                state = .lineFeed
            case .lineFeed:
                guard byte == 0x0A else { return .impossible(.malformedRequest) }
                position &+= 1
                state = .argumentEnd
            case .inline:
                if let event = readInline(bytes, &position) { return event }
            case .body, .argumentEnd, .inlineEnd: break
            }
        }
    }

    /// Skips bytes that were not captured.
    ///
    /// - Parameter mayEnd: whether an argument may end with them.
    /// - Returns: false when they reach beyond the body of the argument at hand and its line end, so that it is unknown
    ///   where the next one starts.
    mutating func skipLost(_ count: Int, mayEnd: Bool) -> Bool {
        let toLineEnd: Int
        switch state {
        case .body: toLineEnd = remaining
        case .carriageReturn: toLineEnd = 0
        case .lineFeed: toLineEnd = -1
        default: return false
        }
        let beyond = count - toLineEnd
        guard beyond < 2 || beyond == 2 && mayEnd else { return false }
        if state == .body {
            remaining -= Swift.min(count, remaining)
            hasHole = true
        }
        if beyond > 0 { state = beyond == 2 ? .argumentEnd : .lineFeed }
        size += count
        return true
    }

    @inline(__always)
    private mutating func begin(inline isInline: Bool) {
        state = isInline ? .inline : .count
        if isInline { inline = InlineWords() }
        index = 0
        wanted = 0
        argumentCount = 0
        size = 0
    }

    @inline(__always)
    private mutating func beginBody(_ count: Int) {
        length = count
        remaining = count
        isKeeping = index == wanted
        hasHole = false
        if isKeeping && !kept.isEmpty { kept.removeAll(keepingCapacity: true) }
        state = .body
    }

    /// Skips the body, or shows it. Nil when it was passed without an event.
    @inline(__always)
    private mutating func readBody(_ bytes: Span<UInt8>, _ position: inout Int) -> Event? {
        let available = Swift.min(remaining, bytes.count &- position)
        let isWhole = available == length
        let begin = position
        position &+= available
        remaining &-= available
        if isKeeping && !isWhole && !hasHole { keep(bytes, begin..<position) }
        guard remaining == 0 else { return .starved }
        state = .carriageReturn
        guard isKeeping else { return nil }
        isKeeping = false
        return isWhole ? .argument(begin..<position) : .keptArgument
    }

    private mutating func keep(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        for index in range.prefix(Swift.max(0, RESPLimits.keptArgument - kept.count)) { kept.append(bytes[index]) }
    }

    /// Reads the words of an inline command.
    private mutating func readInline(_ bytes: Span<UInt8>, _ position: inout Int) -> Event? {
        while position < bytes.count {
            switch inline.take(bytes[position]) {
            case .nothing: break
            case .wordStarts(let byte):
                index = inline.words - 1
                length = 0
                isKeeping = index == wanted
                if isKeeping { kept.removeAll(keepingCapacity: true) }
                if let byte { keepInline(byte) }
            case .byte(let byte): keepInline(byte)
            case .earlierByte(let byte):
                keepInline(byte)
                continue
            case .wordEnds:
                guard isKeeping else { continue }
                isKeeping = false
                return .keptArgument
            case .lineEnds:
                position += 1
                argumentCount = inline.words
                state = .inlineEnd
                return nil
            case .unbalanced: return .impossible(.malformedRequest)
            }
            position += 1
            if inline.size > RESPLimits.line { return .impossible(.oversized) }
        }
        return .starved
    }

    private mutating func keepInline(_ byte: UInt8) {
        length += 1
        if isKeeping && kept.count < RESPLimits.keptArgument { kept.append(byte) }
    }
}

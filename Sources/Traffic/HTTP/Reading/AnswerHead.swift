// What a server answers: the status, and what tells how long the answer goes on.

/// The meaning of an answer's head.
struct AnswerHead: HeadMeaning {
    /// What an answer is that goes on for as long as somebody listens.
    enum Kind: UInt8, BitwiseCopyable {
        case ordinary, events, parts
    }

    /// What a connection is to speak from here on.
    enum Upgrade: UInt8, BitwiseCopyable {
        case none, webSocket, http2, other
    }

    private(set) var status: UInt16 = 0
    private(set) var length = BodyLength()
    private(set) var kind = Kind.ordinary
    private(set) var upgrade = Upgrade.none
    /// The field before, which may go on in the next line.
    private var last = HeadField.other

    init() {}

    /// Whether the status is one that another follows (RFC 9110 section 15.2).
    var isInterim: Bool { status < 200 && status != 101 }

    @inline(__always)
    mutating func takeStart(_ line: Span<UInt8>, isWhole: Bool, _ books: inout HTTPBooks) -> Bool {
        guard line.count >= 12, line.isVersion, line[8] == 0x20 else { return false }
        var number: UInt16 = 0
        for place in 9..<12 {
            let digit = line[place] &- UInt8(ascii: "0")
            guard digit < 10 else { return false }
            number = number &* 10 &+ UInt16(digit)
        }
        guard line.count == 12 || line[12] == 0x20, number >= 100 else { return false }
        status = number
        return true
    }

    @inline(__always)
    static func fields(ofRequests: FieldFilter) -> FieldFilter { wanted }

    private static let wanted = FieldFilter("content-length", "content-type", "transfer-encoding", "upgrade")

    @inline(__always)
    mutating func passField() { last = .other }

    mutating func loseFields(_ books: borrowing HTTPBooks) {}

    static func mayWant(_ line: Span<UInt8>, _ books: borrowing HTTPBooks) -> Bool {
        line.isFold || HeadField.find(line).field != .other
    }

    @inline(__always)
    mutating func takeField(_ line: Span<UInt8>, isWhole: Bool, _ books: inout HTTPBooks) {
        switch line[0] | 0x20 {
        case UInt8(ascii: "c"), UInt8(ascii: "t"), UInt8(ascii: "u"): takeWanted(line, isWhole)
        case 0x20, 0x29: if line.isFold { take(line.extracting(line.trimmed(0..<line.count)), isWhole) }
        default: last = .other
        }
    }

    @inline(__always)
    private mutating func takeWanted(_ line: Span<UInt8>, _ isWhole: Bool) {
        let (field, start) = HeadField.find(line)
        last = field
        if field != .other { take(line.extracting(line.trimmed(start..<line.count)), isWhole) }
    }

    private mutating func take(_ value: Span<UInt8>, _ isWhole: Bool) {
        if value.isEmpty { return }
        switch last {
        case .length: isWhole ? length.takeCount(value) : length.loseCount()
        case .codings: length.takeCodings(value)
        case .type:
            if value.startsIgnoringCase("text/event-stream") { kind = .events }
            if value.startsIgnoringCase("multipart/x-mixed-replace") { kind = .parts }
        case .upgrade:
            upgrade = value.startsIgnoringCase("websocket") ? .webSocket : .other
            if value.startsIgnoringCase("h2c") { upgrade = .http2 }
        case .other, .trace, .credential: break
        }
    }
}

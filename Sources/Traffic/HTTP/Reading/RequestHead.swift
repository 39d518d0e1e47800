// What a client asks for: method, path, how long its body is, whose key it shows, which trace it belongs to. All other
// fields are passed over.

/// The meaning of a request's head.
struct RequestHead: HeadMeaning {
    private(set) var method = HTTPMethod.other
    private(set) var path = GroupHandle.none
    private(set) var length = BodyLength()
    private(set) var key = APIKeyID.none
    private(set) var trace = TraceID.none
    /// The field before, which may go on in the next line; and for a credential its form, and whether it had none yet.
    private var last = HeadField.other
    private var lastForm = Credentials.Form.plain
    private var lastIsEmpty = false
    private var hasTrace = false

    init() {}

    @inline(__always)
    mutating func takeStart(_ line: Span<UInt8>, isWhole: Bool, _ books: inout HTTPBooks) -> Bool {
        let blank = line.blank(from: 0)
        guard blank > 0, blank < line.count else { return false }
        let name = line.extracting(0..<blank)
        method = HTTPMethod(name)
        if method == .other, !Self.mayBeMethod(name) { return false }
        let target = RequestTarget.path(line, from: blank &+ 1)
        let end = line.blank(from: target.upperBound)
        if end &+ 1 < line.count, !line.extracting(end &+ 1..<line.count).isVersion { return false }
        let pathEnds = isWhole || target.upperBound < line.count
        path = books.group(of: line.extracting(target), method, isWhole: pathEnds)
        return true
    }

    /// Whether all bytes may be in a token (RFC 9110 section 5.6.2), nearly.
    private static func mayBeMethod(_ name: Span<UInt8>) -> Bool {
        name.indices.allSatisfy { place in
            let byte = name[place]
            return byte > 0x20 && byte < 0x7F && !"\"/:".utf8.contains(byte)
        }
    }

    @inline(__always)
    static func fields(ofRequests: FieldFilter) -> FieldFilter { ofRequests }

    @inline(__always)
    mutating func passField() { last = .other }

    mutating func loseFields(_ books: borrowing HTTPBooks) {
        if books.credentials.areWanted { key = key.better(.unreadable) }
    }

    static func mayWant(_ line: Span<UInt8>, _ books: borrowing HTTPBooks) -> Bool {
        line.isFold || mayMean(line, books) && field(line, books).field != .other
    }

    @inline(__always)
    private static func mayMean(_ line: Span<UInt8>, _ books: borrowing HTTPBooks) -> Bool {
        books.credentials.filter.mayHold(UInt32(truncatingIfNeeded: line.word(at: 0, count: line.count)))
    }

    /// The field that a line is of, and where its value may start.
    @inline(__always)
    private static func field(_ line: Span<UInt8>, _ books: borrowing HTTPBooks) -> (field: HeadField, value: Int) {
        let found = HeadField.find(line)
        if found.field != .other { return found }
        return books.credentials.mayBeCredential(line) ? (.credential, 0) : found
    }

    @inline(__always)
    mutating func takeField(_ line: Span<UInt8>, isWhole: Bool, _ books: inout HTTPBooks) {
        if line.isFold { return takeFold(line.extracting(line.trimmed(0..<line.count)), isWhole, &books) }
        last = .other
        if Self.mayMean(line, books) { takeWanted(line, isWhole, &books) }
    }

    @inline(__always)
    private mutating func takeWanted(_ line: Span<UInt8>, _ isWhole: Bool, _ books: inout HTTPBooks) {
        var (field, start) = Self.field(line, books)
        if field == .other { return }
        if field == .credential {
            guard let found = books.credentials.field(of: line) else { return }
            (lastForm, start) = found
        }
        last = field
        let value = line.trimmed(start..<line.count)
        lastIsEmpty = value.isEmpty
        if !value.isEmpty { take(line.extracting(value), isWhole, &books) }
    }

    /// Takes a line that goes on with the field before it.
    private mutating func takeFold(_ value: Span<UInt8>, _ isWhole: Bool, _ books: inout HTTPBooks) {
        if value.isEmpty { return }
        if last == .credential && !lastIsEmpty {
            key = key.better(.unreadable)  // a token in two pieces is none that anybody has hashed
        } else {
            take(value, isWhole, &books)
        }
        lastIsEmpty = false
    }

    private mutating func take(_ value: Span<UInt8>, _ isWhole: Bool, _ books: inout HTTPBooks) {
        switch last {
        case .length: isWhole ? length.takeCount(value) : length.loseCount()
        case .codings: length.takeCodings(value)
        case .trace:
            trace = hasTrace ? .none : TraceID(traceparent: value)
            hasTrace = true
        case .credential: key = key.better(books.credentials.key(value, lastForm, isWhole: isWhole))
        case .other, .type, .upgrade: break
        }
    }
}

extension Span<UInt8> {
    /// Whether a first line's last word is a version that is read here: `HTTP/1.1` and its like.
    @inline(__always)
    var isVersion: Bool {
        count >= 7 && word(at: 0, count: 7) == HTTPMethod.word("HTTP/1.")
    }
}

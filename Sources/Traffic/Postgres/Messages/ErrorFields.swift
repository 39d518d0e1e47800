// An error is a row of fields, each a letter and a text ("Error and Notice Message Fields" in the manual). Two are
// read: the severity that is not translated, and the code. The text of a message may hold anything, and is not looked
// at.

/// An SQLSTATE: five digits and capitals.
struct SQLState: Hashable, Sendable {
    private let packed: UInt64

    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        guard range.count == 5 else { return nil }
        packed = bytes.word(at: range.lowerBound, count: 5)
    }

    /// A code of the program text.
    init(_ text: StaticString) {
        packed = "\(text)".utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    var text: String {
        String(decoding: (0..<5).map { UInt8(truncatingIfNeeded: packed >> (UInt64($0) * 8)) }, as: UTF8.self)
    }
}

/// What is read of an error.
struct ErrorFields {
    /// Nil when there is none.
    private(set) var code: SQLState?
    /// Whether the server ends the session with it.
    private(set) var isFatal = false

    init(_ body: Span<UInt8>) {
        var place = 0
        while place < body.count, body[place] != 0, let text = body.string(at: place + 1) {
            switch body[place] {
            case UInt8(ascii: "V"): isFatal = body.holds("FATAL", at: text) || body.holds("PANIC", at: text)
            case UInt8(ascii: "C"): code = SQLState(body, text)
            default: break
            }
            place = text.upperBound + 1
        }
    }
}

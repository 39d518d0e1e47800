// Methods are words that a client chooses freely, so only known ones are shown.

/// The methods of RFC 9110 section 9, PATCH (RFC 5789) and QUERY; all others are one.
enum HTTPMethod: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case get, head, post, put, delete, connect, options, trace, patch, query, other

    /// The value of `method`.
    var label: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .connect: "CONNECT"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .patch: "PATCH"
        case .query: "QUERY"
        case .other: "_OTHER"
        }
    }

    /// The method of this name. Methods are told apart by case.
    @inline(__always)
    init(_ name: Span<UInt8>) {
        guard name.count <= 8 else {
            self = .other
            return
        }
        switch name.word(at: 0, count: name.count) {
        case Self.word("GET"): self = .get
        case Self.word("POST"): self = .post
        case Self.word("HEAD"): self = .head
        case Self.word("PUT"): self = .put
        case Self.word("DELETE"): self = .delete
        case Self.word("CONNECT"): self = .connect
        case Self.word("OPTIONS"): self = .options
        case Self.word("TRACE"): self = .trace
        case Self.word("PATCH"): self = .patch
        case Self.word("QUERY"): self = .query
        default: self = .other
        }
    }

    /// Whether a request with a known method may start here: where nothing else is certain, this is what tells.
    static func startsRequest(_ bytes: Span<UInt8>) -> Bool {
        guard let blank = (0..<Swift.min(9, bytes.count)).first(where: { bytes[$0] == UInt8(ascii: " ") }) else {
            return false
        }
        return HTTPMethod(bytes.extracting(0..<blank)) != .other
    }

    /// Up to eight characters as ``Span/word(at:count:)`` has them.
    @inline(__always)
    static func word(_ text: StaticString) -> UInt64 {
        text.withUTF8Buffer { characters in
            var word: UInt64 = 0
            for place in 0..<characters.count { unsafe word |= UInt64(characters[place]) << UInt64(place * 8) }
            return word
        }
    }
}

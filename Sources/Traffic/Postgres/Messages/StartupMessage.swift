// The first message of a client has no letter: a length, a code, and for a session the names of its user and database.
// SSLRequest and GSSENCRequest ask for encryption first; a CancelRequest is all that its connection is for.

/// What a client begins a connection with.
enum StartupMessage: Equatable {
    /// SSLRequest or GSSENCRequest: the server answers with one letter.
    case encryptionRequest
    case cancelRequest
    /// A session. Its parameters stand in the body.
    case session
    /// TLS from the first byte on (Postgres 17, `sslnegotiation=direct`).
    case tls
    /// Nothing that a client of Postgres sends.
    case foreign

    private static let sslRequest: UInt32 = 80_877_103
    private static let gssRequest: UInt32 = 80_877_104
    private static let cancel: UInt32 = 80_877_102
    private static let tlsHandshake: UInt8 = 0x16

    /// Bytes of the length and the code.
    static var headerLength: Int { 8 }

    /// The kind of a message.
    ///
    /// - Parameters:
    ///   - first: its first byte.
    ///   - header: its first eight bytes in network order; nil before they are there.
    ///   - Returns: nil when more bytes are needed.
    static func kind(first: UInt8, header: UInt64?) -> StartupMessage? {
        if first == tlsHandshake { return .tls }
        guard first == 0 else { return .foreign }  // no length is that long
        guard let header else { return nil }
        let (length, code) = (Int(header >> 32), UInt32(truncatingIfNeeded: header))
        guard headerLength...PostgresLimits.startup ~= length else { return .foreign }
        switch code {
        case Self.sslRequest, Self.gssRequest: return length == headerLength ? .encryptionRequest : .foreign
        case Self.cancel: return .cancelRequest
        default: return code >> 16 == 3 ? .session : .foreign  // libpq 19 asks for 3.9999
        }
    }
}

/// The user who starts a session, and the database.
struct SessionNames: Equatable {
    private(set) var user: Range<Int> = 0..<0
    private(set) var database: Range<Int> = 0..<0
    /// Whether it is a replica's or a reader's of the log, which are not questions and answers.
    private(set) var isReplication = false

    /// Reads the parameters: names and values, each ended by a zero. One that is cut off is not there.
    init(_ body: Span<UInt8>) {
        var place = 0
        while let name = body.string(at: place), !name.isEmpty, let value = body.string(at: name.upperBound + 1) {
            place = value.upperBound + 1
            if body.holds("user", at: name) {
                user = value
            } else if body.holds("database", at: name) {
                database = value
            } else if body.holds("replication", at: name) {
                isReplication = !Self.isNo(body, value)
            }
        }
        if database.isEmpty { database = user }
    }

    /// Whether a value is a Boolean's false, as the server reads it (parse_bool in utils/adt/bool.c).
    private static func isNo(_ body: Span<UInt8>, _ value: Range<Int>) -> Bool {
        ["false", "off", "no", "0", "f", "n", ""].contains { body.holds($0, at: value) }
    }
}

extension Span<UInt8> {
    /// The bytes from a place on up to the next zero; nil when there is none.
    @inline(__always)
    func string(at place: Int) -> Range<Int>? {
        var end = place
        while end < count {
            if self[end] == 0 { return place..<end }
            end &+= 1
        }
        return nil
    }

    /// Whether these bytes are the text.
    func holds(_ text: String, at range: Range<Int>) -> Bool {
        range.count == text.utf8.count && zip(range, text.utf8).allSatisfy { self[$0] == $1 }
    }
}

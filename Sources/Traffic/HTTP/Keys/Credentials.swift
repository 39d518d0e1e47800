// `--http.api-keys-file` and `--http.api-key-headers`: whose key a request shows. A token is hashed where it lies in
// the packet, and nothing of it is kept but a short hash under a key that this process has drawn.

/// The fields that hold keys, and the keys that are known.
struct Credentials: Sendable {
    /// How a field's value holds a token.
    enum Form: UInt8, BitwiseCopyable, Sendable {
        /// Behind a scheme: `Bearer <token>`.
        case scheme
        /// Nothing but the token.
        case plain
    }

    /// The names of fields, in lower case.
    private var fields: [(name: [UInt8], form: Form)] = []
    /// Their first eight bytes, and which of those count.
    private var leadings: [(word: UInt64, mask: UInt64)] = []
    /// All fields that mean anything in a request's head.
    private(set) var filter = FieldFilter("content-length", "transfer-encoding", "traceparent")
    private let hasher: Hasher64
    private var digests = HashIndex()
    private var keys: [(digest: SHA256, key: APIKeyID)] = []
    private var recent = [Recent](repeating: Recent(), count: Self.mostRecent)

    /// A token that was seen lately, by two hashes of it.
    private struct Recent: Sendable, BitwiseCopyable {
        var first: UInt64 = 0
        var second: UInt64 = 0
        var key = APIKeyID.none
    }

    private static let mostRecent = 256
    /// Schemes that prove a password and show no token (RFC 7616, 7486, 4559 and others).
    private static let proofs: [StaticString] = [
        "digest", "negotiate", "ntlm", "hoba", "mutual", "scram-sha-1", "scram-sha-256", "aws4-hmac-sha256", "vapid",
    ]

    init(fields names: [String], hasher: Hasher64) {
        self.hasher = hasher
        for name in names {
            let bytes = Array(name.lowercased().utf8)
            if bytes.isEmpty { continue }
            let isScheme = bytes == Array("authorization".utf8) || bytes == Array("proxy-authorization".utf8)
            fields.append((bytes, isScheme ? .scheme : .plain))
            let mask = bytes.count < 8 ? (1 << UInt64(bytes.count * 8)) - 1 : UInt64.max
            leadings.append((bytes.span.word(at: 0, count: bytes.count), mask))
            filter.add(bytes)
        }
    }

    /// Whether requests are looked at for keys.
    var areWanted: Bool { !fields.isEmpty }

    /// Knows these keys from now on, and no others.
    mutating func learn(_ listed: [(digest: SHA256, key: APIKeyID)]) {
        keys = listed
        digests.removeAll()
        for (position, entry) in listed.enumerated() { digests.insert(entry.digest.leading, position) }
        recent = [Recent](repeating: Recent(), count: Self.mostRecent)
    }

    /// Whether a line may be of a field that holds a key.
    @inline(__always)
    func mayBeCredential(_ line: Span<UInt8>) -> Bool {
        if leadings.isEmpty { return false }
        let word = line.lowercaseWord(at: 0)
        for leading in leadings where word & leading.mask == leading.word { return true }
        return false
    }

    /// How the field of a line holds a key, and where its value may start; nil for a field that holds none.
    func field(of line: Span<UInt8>) -> (form: Form, value: Int)? {
        for field in fields where field.name.count < line.count && line[field.name.count] == UInt8(ascii: ":") {
            if line.startsIgnoringCase(field.name) { return (field.form, field.name.count + 1) }
        }
        return nil
    }

    /// The key that a field's value shows.
    ///
    /// - Parameter isWhole: false when the value goes on after these bytes.
    mutating func key(_ value: Span<UInt8>, _ form: Form, isWhole: Bool) -> APIKeyID {
        guard form == .scheme, let blank = value.indices.first(where: { value[$0] == 0x20 }) else {
            return isWhole ? find(value) : .unreadable
        }
        let scheme = value.extracting(0..<blank)
        if Self.proofs.contains(where: { scheme.equalsIgnoringCase($0) }) { return .none }
        guard isWhole else { return .unreadable }
        let token = value.extracting(value.trimmed(blank..<value.count))
        return scheme.equalsIgnoringCase("basic") ? findUser(token) : find(token)
    }

    @inline(__always)
    private mutating func find(_ token: Span<UInt8>) -> APIKeyID {
        let first = hasher.hash(token, 0..<token.count, after: 0x6B65_7973)
        let second = hasher.hash(token, 0..<token.count, after: first ^ 0x746F_6B65_6E73)
        let slot = Int(truncatingIfNeeded: first >> 16) & (Self.mostRecent - 1)
        if recent[slot].first == first, recent[slot].second == second { return recent[slot].key }
        let digest = SHA256(token)
        let position = digests.find(digest.leading) { keys[$0].digest == digest }
        let key = position.map { keys[$0].key } ?? .unknown
        recent[slot] = Recent(first: first, second: second, key: key)
        return key
    }

    /// The key that the user name of Basic is (RFC 7617); the password is not looked at.
    private mutating func findUser(_ credentials: Span<UInt8>) -> APIKeyID {
        var user: [UInt8] = []
        user.reserveCapacity(credentials.count)
        var (bits, count): (UInt32, UInt32) = (0, 0)
        for place in credentials.indices {
            guard let value = Self.base64(credentials[place]) else { break }
            (bits, count) = (bits << 6 | UInt32(value), count + 6)
            guard count >= 8 else { continue }
            count -= 8
            let byte = UInt8(truncatingIfNeeded: bits >> count)
            if byte == UInt8(ascii: ":") { break }
            user.append(byte)
        }
        let key = find(user.span)
        for place in user.indices { user[place] = 0 }
        return key
    }

    private static func base64(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}

extension Span<UInt8> {
    /// Whether the bytes start with a name in lower case, in whatever case.
    fileprivate func startsIgnoringCase(_ name: [UInt8]) -> Bool {
        guard count >= name.count else { return false }
        for place in name.indices {
            let byte = self[place]
            guard (byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte) == name[place] else { return false }
        }
        return true
    }
}

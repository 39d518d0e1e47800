// What a client shows of itself in `Authorization`.

/// A credential as a request carries it.
enum Credential: Equatable {
    /// The request has none.
    case none
    /// Basic authentication, RFC 7617.
    case password(user: String, password: [UInt8])
    /// A bearer token, RFC 6750.
    case token([UInt8])
    /// Another scheme, or one of the two that cannot be read.
    case unreadable

    /// - Parameter field: the value of `Authorization`.
    init(_ field: String?) {
        guard let field else {
            self = .none
            return
        }
        // RFC 9110, section 11.4: one blank or more between the two.
        let words = field.split(separator: " ", maxSplits: 1)
        let value = Array((words.count > 1 ? words[1].drop { $0 == " " } : "").utf8)
        switch words.first?.lowercased() {
        case "basic": self = Self.password(value)
        case "bearer": self = value.isEmpty ? .unreadable : .token(value)
        default: self = .unreadable
        }
    }

    private static func password(_ encoded: [UInt8]) -> Credential {
        guard let bytes = Base64.decode(encoded), let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
            return .unreadable
        }
        let user = String(decoding: bytes[..<colon], as: UTF8.self)
        return .password(user: user, password: Array(bytes[(colon + 1)...]))
    }
}

/// Base64, RFC 4648 section 4.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The bytes, or nil for a text that is not Base64 with its padding.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let padding = text.suffix(2).count { $0 == UInt8(ascii: "=") }
        let digits = text.dropLast(padding)
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for digit in digits {
            guard let value = alphabet.firstIndex(of: digit) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> count))
        }
        return bytes
    }
}

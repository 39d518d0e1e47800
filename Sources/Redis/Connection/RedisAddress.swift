// Where a Redis is: the one thing an operator always has to say. All the forms that other Redis tools take are
// understood, and what is not understood is refused with a sentence, before anything is started.

import Metrics

/// Where a Redis listens, and what the address itself says of credentials and TLS.
public struct RedisAddress: Sendable, Equatable {
    /// How the server is reached.
    public enum Endpoint: Sendable, Equatable {
        /// A host name or a literal IPv4 or IPv6 address (without brackets), and a port.
        case tcp(host: String, port: UInt16)
        /// A socket in the file system.
        case unix(path: String)
    }

    public let endpoint: Endpoint
    /// `rediss://`: the connection is under TLS.
    public let usesTLS: Bool
    /// User and password that stood in the URL.
    public let user: String?
    let password: String?

    /// Why a text is no address. The text itself may hold a password and is not repeated.
    public struct Malformed: Error, Sendable, Equatable, CustomStringConvertible {
        public let description: String
    }

    /// Redis' own port.
    public static let defaultPort: UInt16 = 6379

    /// Reads `host`, `host:port`, `[::1]:6379`, `redis://[user[:password]@]host[:port][/db]`, `rediss://…` and
    /// `unix:///path`.
    ///
    /// `valkey://` and `valkeys://` are the same as `redis://` and `rediss://`. A database number is accepted and has
    /// no meaning: everything that is read concerns the whole server.
    public init(_ text: String) throws(Malformed) {
        if let path = Self.rest(of: text, after: "unix://") ?? Self.rest(of: text, after: "redis+unix://") {
            guard path.hasPrefix("/"), path.utf8.count < Self.longestPath else {
                throw Malformed(description: "a unix socket is written unix:///path, at most 107 bytes of path")
            }
            self.init(endpoint: .unix(path: path), usesTLS: false, user: nil, password: nil)
        } else if let rest = Self.rest(of: text, after: "rediss://") ?? Self.rest(of: text, after: "valkeys://") {
            try self.init(authorityAndPath: rest, usesTLS: true)
        } else if let rest = Self.rest(of: text, after: "redis://") ?? Self.rest(of: text, after: "valkey://") {
            try self.init(authorityAndPath: rest, usesTLS: false)
        } else if text.mentions("://") {
            throw Malformed(description: "the scheme must be redis://, rediss:// or unix://")
        } else {
            let (host, port) = try Self.hostAndPort(text)
            self.init(endpoint: .tcp(host: host, port: port), usesTLS: false, user: nil, password: nil)
        }
    }

    private init(endpoint: Endpoint, usesTLS: Bool, user: String?, password: String?) {
        self.endpoint = endpoint
        self.usesTLS = usesTLS
        self.user = user
        self.password = password
    }

    private init(authorityAndPath text: String, usesTLS: Bool) throws(Malformed) {
        var rest = Substring(text)
        var user: String?
        var password: String?
        // The last @ ends the credentials: a password that was not percent-encoded may hold one.
        if let at = rest.lastIndex(of: "@") {
            let credentials = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = try Self.decoded(credentials[0])
            password = credentials.count == 2 ? try Self.decoded(credentials[1]) : nil
            rest = rest[rest.index(after: at)...]
        }
        if let slash = rest.firstIndex(of: "/") {
            let database = rest[rest.index(after: slash)...]
            guard database.isEmpty || UInt16(database) != nil else {
                throw Malformed(description: "after the host only /database may stand, with a whole number")
            }
            rest = rest[..<slash]
        }
        let (host, port) = try Self.hostAndPort(String(rest))
        self.init(
            endpoint: .tcp(host: host, port: port), usesTLS: usesTLS, user: user?.isEmpty == true ? nil : user,
            password: password)
    }

    /// The longest path that fits into `sockaddr_un`, its end mark included.
    private static let longestPath = 108
}

extension RedisAddress: CustomStringConvertible {
    /// The address without credentials, fit for logs.
    public var description: String {
        switch endpoint {
        case .tcp: "\(usesTLS ? "rediss" : "redis")://\(label)"
        case .unix(let path): "unix://\(path)"
        }
    }

    /// The value of the `target` label: `host:port`, or the path of the socket.
    public var label: String {
        switch endpoint {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): path
        }
    }
}

extension RedisAddress {
    private static func rest(of text: String, after prefix: String) -> String? {
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }

    private static func hostAndPort(_ text: String) throws(Malformed) -> (host: String, port: UInt16) {
        let host: Substring
        let tail: Substring
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else {
                throw Malformed(description: "an IPv6 address is written [::1] or [::1]:6379")
            }
            host = text[text.index(after: text.startIndex)..<end]
            tail = text[text.index(after: end)...]
        } else if text.filter({ $0 == ":" }).count > 1 {
            throw Malformed(description: "an IPv6 address is written in brackets, as in [::1]:6379")
        } else {
            let colon = text.firstIndex(of: ":") ?? text.endIndex
            host = text[..<colon]
            tail = text[colon...]
        }
        guard !host.isEmpty, host.allSatisfy(isHostCharacter) else {
            throw Malformed(description: "the host is missing or has a character that no host name has")
        }
        if tail.isEmpty { return (String(host), defaultPort) }
        let digits = tail.dropFirst()
        guard tail.first == ":", digits.allSatisfy(\.isWholeNumber), let port = UInt16(digits), port > 0 else {
            throw Malformed(description: "the port must be a number from 1 to 65535")
        }
        return (String(host), port)
    }

    private static func isHostCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "-._:%".contains(character))
    }

    /// Undoes percent-encoding (RFC 3986, section 2.1).
    private static func decoded(_ text: Substring) throws(Malformed) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.count == 2, digits.allSatisfy(\.isHexDigit), let value = UInt8(digits, radix: 16) else {
                throw Malformed(description: "a % in user or password must be followed by two hexadecimal digits")
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

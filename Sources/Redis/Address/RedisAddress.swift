// Where a Redis is: the one thing an operator always has to say. All the forms that other Redis tools take are
// understood, and what is not understood is refused with a sentence, before anything is started.

import Metrics

/// Where a Redis listens, and what the address itself says of credentials and TLS.
public struct RedisAddress: Sendable, Equatable {
    /// How the server is reached.
    public enum Endpoint: Sendable, Hashable {
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
    /// `unix://[user[:password]@]/path`.
    ///
    /// `valkey://` and `valkeys://` are the same as `redis://` and `rediss://`. A database number, also as `?db=`, is
    /// accepted and has no meaning: everything that is read concerns the whole server.
    public init(_ text: String) throws(Malformed) {
        if let rest = Self.rest(of: text, after: ["unix://", "redis+unix://"]) {
            try self.init(socket: rest)
        } else if let rest = Self.rest(of: text, after: ["rediss://", "valkeys://"]) {
            try self.init(url: RedisURL(rest), usesTLS: true)
        } else if let rest = Self.rest(of: text, after: ["redis://", "valkey://"]) {
            try self.init(url: RedisURL(rest), usesTLS: false)
        } else if text.mentions("://") {
            throw Malformed(description: "the scheme must be \(RedisPlace.schemes)")
        } else {
            let (host, port) = try RedisURL.host(text, port: Self.defaultPort)
            self.init(.tcp(host: host, port: port))
        }
    }

    init(_ endpoint: Endpoint, usesTLS: Bool = false, user: String? = nil, password: String? = nil) {
        self.endpoint = endpoint
        self.usesTLS = usesTLS
        self.user = user
        self.password = password
    }

    private init(url: RedisURL, usesTLS: Bool) throws(Malformed) {
        guard url.path?.isEmpty ?? true || url.path.flatMap({ UInt16($0) }) != nil else {
            throw Malformed(description: "after the host only /database may stand, with a whole number")
        }
        let (host, port) = try RedisURL.host(String(url.authority), port: Self.defaultPort)
        self.init(.tcp(host: host, port: port), usesTLS: usesTLS, user: url.user, password: url.password)
    }

    /// `/path` or `user:password@/path`. An @ in a path belongs to the path.
    private init(socket text: String) throws(Malformed) {
        var credentials: (user: String?, password: String?) = (nil, nil)
        var rest = Substring(text)
        if !text.hasPrefix("/"), let at = text.firstIndex(of: "@") {
            credentials = try RedisURL.credentials(rest[..<at])
            rest = rest[rest.index(after: at)...]
        }
        let path = String(try RedisURL.withoutQuery(rest))
        guard path.hasPrefix("/"), path.utf8.count < Self.longestPath else {
            throw Malformed(
                description: "a unix socket is written unix:///path or unix://user:password@/path, with at most "
                    + "107 bytes of path; an @ in user or password is written %40")
        }
        self.init(.unix(path: path), user: credentials.user, password: credentials.password)
    }

    /// The same credentials and the same protection, at another place.
    func moved(to endpoint: Endpoint) -> RedisAddress {
        RedisAddress(endpoint, usesTLS: usesTLS, user: user, password: password)
    }

    private static func rest(of text: String, after prefixes: [String]) -> String? {
        prefixes.lazy.compactMap { RedisURL.rest(of: text, after: $0) }.first
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

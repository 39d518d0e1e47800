// Which clients may ask this server, how often, and how: everything that a web configuration says. A server without
// rules serves everyone, in the clear.

/// The rules of a server. They can be replaced while it runs.
public struct AccessRules: Sendable {
    /// How connections over TCP are encrypted; nil is plain HTTP. A unix socket is always plain: its file's permissions
    /// say which clients may connect.
    public var tls: TLSSettings?
    /// Header fields that every answer carries.
    public var fields: [(name: String, value: String)] = []
    /// The users of basic authentication.
    public var users: [String: PasswordHash] = [:]
    public var keys: [APIKey] = []
    /// The clients that may connect; empty is everyone. A unix socket's clients always may.
    public var allowed: [AddressRange] = []
    /// How often all clients together may ask.
    public var everyone: RateLimit?
    /// How often each client address may ask; an IPv6 client is its network of 64 bits.
    public var client: RateLimit?
    /// How often each client address may begin to encrypt: that costs a signature, a millisecond with RSA. A connection
    /// beyond is closed before its handshake.
    public var handshakes = RateLimit(perSecond: 20, burst: 200)
    /// Paths that need no credential and are not counted against any rate, because a refusal costs as much as their
    /// answer. Such are the probes of an orchestrator, which would otherwise restart a process that is merely popular.
    public var openPaths: Set<String> = []

    public init() {}

    /// Whether a server could go by these rules.
    ///
    /// - Throws: what is wrong with the TLS settings, or that there is no library for them or for digests.
    public func check() throws(TLSProblem) {
        if let tls { try TLSLibrary.check(tls) }
        if needsCredential { try TLSLibrary.load() }
    }

    /// Whether a request must have credentials.
    var needsCredential: Bool { !users.isEmpty || !keys.isEmpty }

    func admits(_ client: ClientAddress) -> Bool {
        allowed.isEmpty || client == .local || allowed.contains { $0.contains(client) }
    }
}

/// A bearer token, known by its digest.
public struct APIKey: Sendable {
    public let name: String
    /// SHA-256 of the token: 32 bytes.
    let digest: [UInt8]
    /// Its own limit, which then counts instead of its client's.
    let limit: RateLimit?

    /// - Returns: nil unless the digest has 32 bytes.
    public init?(name: String, digest: [UInt8], limit: RateLimit?) {
        guard digest.count == 32 else { return nil }
        self.name = name
        self.digest = digest
        self.limit = limit
    }
}

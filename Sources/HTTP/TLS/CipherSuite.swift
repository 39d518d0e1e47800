// The cipher suites that Prometheus' web configuration can name, and GnuTLS' words for them. GnuTLS takes lists of key
// exchanges, ciphers and checksums and allows every combination, so not every list of suites can be said in its words.

/// A cipher suite, by its IANA name.
public struct CipherSuite: Sendable, Hashable {
    public let name: String
    /// nil for the suites of TLS 1.3, which leave the key exchange open.
    let keyExchange: String?
    let cipher: String
    let checksum: String

    /// The suites that Go counts as safe.
    public static let all: [CipherSuite] = [
        CipherSuite("TLS_AES_128_GCM_SHA256", nil, "AES-128-GCM", "AEAD"),
        CipherSuite("TLS_AES_256_GCM_SHA384", nil, "AES-256-GCM", "AEAD"),
        CipherSuite("TLS_CHACHA20_POLY1305_SHA256", nil, "CHACHA20-POLY1305", "AEAD"),
        CipherSuite("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "ECDHE-ECDSA", "AES-128-CBC", "SHA1"),
        CipherSuite("TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "ECDHE-ECDSA", "AES-256-CBC", "SHA1"),
        CipherSuite("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA", "AES-128-CBC", "SHA1"),
        CipherSuite("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "ECDHE-RSA", "AES-256-CBC", "SHA1"),
        CipherSuite("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA", "AES-128-GCM", "AEAD"),
        CipherSuite("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA", "AES-256-GCM", "AEAD"),
        CipherSuite("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA", "AES-128-GCM", "AEAD"),
        CipherSuite("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA", "AES-256-GCM", "AEAD"),
        CipherSuite("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA", "CHACHA20-POLY1305", "AEAD"),
        CipherSuite("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA", "CHACHA20-POLY1305", "AEAD"),
    ]

    /// Those that authenticate what they encrypt (AEAD), with keys of their own for each connection.
    public static let modern = all.filter { $0.checksum == "AEAD" }

    private init(_ name: String, _ keyExchange: String?, _ cipher: String, _ checksum: String) {
        self.name = name
        self.keyExchange = keyExchange
        self.cipher = cipher
        self.checksum = checksum
    }

    /// - Returns: nil for a name that is not in ``all``.
    public init?(_ name: String) {
        guard let known = Self.all.first(where: { $0.name == name }) else { return nil }
        self = known
    }
}

extension TLSSettings {
    /// What GnuTLS is told about versions, ciphers and curves (gnutls_priority_init(3)).
    ///
    /// - Throws: where it cannot be said in its words.
    var priorities: String {
        get throws(TLSProblem) {
            var words = ["NORMAL", "-VERS-ALL"]
            words += TLSVersion.allCases.reversed().filter(versions.contains).map { "+" + $0.priority }
            words += try Self.words(for: cipherSuites ?? CipherSuite.modern, versions)
            if let curves { words += ["-GROUP-ALL"] + curves.map { "+" + $0.priority } }
            if prefersOwnOrder { words.append("%SERVER_PRECEDENCE") }
            return words.joined(separator: ":")
        }
    }

    private static func words(
        for suites: [CipherSuite], _ versions: ClosedRange<TLSVersion>
    ) throws(TLSProblem) -> [String] {
        let exchanges = suites.compactMap(\.keyExchange).unique
        let ciphers = suites.map(\.cipher).unique
        let checksums = suites.map(\.checksum).unique
        if versions.contains(.v12) {
            guard !exchanges.isEmpty else {
                throw TLSProblem(.cipherSuites, "none of them is for TLS 1.2; add one, or set min_version to TLS13")
            }
            let allowed = CipherSuite.all.filter { suite in
                suite.keyExchange.map(exchanges.contains) == true && ciphers.contains(suite.cipher)
                    && checksums.contains(suite.checksum)
            }
            if let more = allowed.first(where: { !suites.contains($0) }) {
                throw TLSProblem(
                    .cipherSuites,
                    "GnuTLS combines key exchanges and ciphers, and would allow \(more.name) as well; add it, or leave "
                        + "out what it is made of")
            }
        }
        if versions.contains(.v13) && !suites.contains(where: { $0.checksum == "AEAD" }) {
            throw TLSProblem(
                .cipherSuites, "none of them has a cipher of TLS 1.3; add one, or set max_version to TLS12")
        }
        // The order of the ciphers is the order of preference.
        return ["-KX-ALL"] + exchanges.map { "+" + $0 } + ["-CIPHER-ALL"] + ciphers.map { "+" + $0 } + ["-MAC-ALL"]
            + checksums.map { "+" + $0 }
    }
}

extension [String] {
    /// Each of them once, in order.
    fileprivate var unique: [String] {
        reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}

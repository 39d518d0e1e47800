// How the server encrypts: its certificate, what it asks of clients' certificates, versions and ciphers.

/// The TLS settings of a server. Certificates and keys are texts in PEM form.
public struct TLSSettings: Sendable, Equatable {
    /// The certificate, followed by those between it and its authority.
    public var certificate: String
    /// Its key, without a passphrase.
    public var key: String
    /// The authorities that sign clients' certificates.
    public var clientAuthority: String?
    public var clientCertificate = ClientCertificate.none
    /// Names of which a client's certificate must carry one, in its subject alternative names; empty is any.
    public var clientNames: [String] = []
    public var versions = TLSVersion.v12...TLSVersion.v13
    /// nil is ``CipherSuite/modern``.
    public var cipherSuites: [CipherSuite]?
    /// In order of preference; nil is what GnuTLS thinks is good.
    public var curves: [TLSCurve]?
    /// Whether the server's order of cipher suites and curves counts, or the client's.
    public var prefersOwnOrder = true

    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    /// What is asked of a client's certificate, with Prometheus' names, which are Go's.
    public enum ClientCertificate: String, Sendable, CaseIterable {
        case none = "NoClientCert"
        /// Asked for, and not looked at.
        case requested = "RequestClientCert"
        /// Needed, and not looked at.
        case required = "RequireAnyClientCert"
        /// Not needed; verified where there is one.
        case verifiedIfGiven = "VerifyClientCertIfGiven"
        case verified = "RequireAndVerifyClientCert"

        /// Whether the authority's signature is checked.
        public var isVerified: Bool { self == .verified || self == .verifiedIfGiven }
        /// Whether a client without one is sent away.
        var isRequired: Bool { self == .verified || self == .required }
    }
}

/// The versions that are spoken. Older ones are not, RFC 8996.
public enum TLSVersion: String, Sendable, CaseIterable, Comparable {
    case v12 = "TLS12"
    case v13 = "TLS13"

    public static func < (left: TLSVersion, right: TLSVersion) -> Bool { left == .v12 && right == .v13 }

    var priority: String { self == .v12 ? "VERS-TLS1.2" : "VERS-TLS1.3" }
}

/// The curves for the exchange of keys, with Go's names.
public enum TLSCurve: String, Sendable, CaseIterable {
    case p256 = "CurveP256"
    case p384 = "CurveP384"
    case p521 = "CurveP521"
    case x25519 = "X25519"

    var priority: String {
        switch self {
        case .p256: "GROUP-SECP256R1"
        case .p384: "GROUP-SECP384R1"
        case .p521: "GROUP-SECP521R1"
        case .x25519: "GROUP-X25519"
        }
    }
}

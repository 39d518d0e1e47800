// What the client side of TLS needs to know: whom to trust, and what to show.

/// Settings for connections that this program opens.
public struct TLSClientSettings: Sendable, Equatable {
    /// The name that the server's certificate must carry; nil takes any certificate.
    public var serverName: String?
    /// Authorities to trust, as PEM; nil for the system's.
    public var authorities: String?
    /// The client's certificate and its key, as PEM; both or none.
    public var certificate: String?
    public var key: String?

    /// Takes any certificate and shows none.
    public init(serverName: String? = nil, authorities: String? = nil, certificate: String? = nil, key: String? = nil) {
        self.serverName = serverName
        self.authorities = authorities
        self.certificate = certificate
        self.key = key
    }
}

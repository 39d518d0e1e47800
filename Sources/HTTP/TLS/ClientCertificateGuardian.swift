// Which clients' certificates are good enough.

/// Decides about a client by its verified certificate, and tells of those that it sends away.
final class ClientCertificateGuardian: Sendable {
    /// The subject alternative names of a client's certificate.
    enum Names: Equatable {
        /// The client shows no certificate; where it must, the handshake has failed before.
        case absent
        case present([String])
    }

    let wanted: TLSSettings.ClientCertificate
    private let allowed: Set<String>
    private let tellOfRefusal: @Sendable () -> Void

    /// - Parameter tellOfRefusal: called for each client that is sent away.
    init(_ settings: TLSSettings, tellOfRefusal: @escaping @Sendable () -> Void) {
        wanted = settings.clientCertificate
        // An address may be written in several ways.
        allowed = Set(settings.clientNames.map { ClientAddress($0).map { "\($0)" } ?? $0 })
        self.tellOfRefusal = tellOfRefusal
    }

    func admits(_ names: Names) -> Bool {
        guard case .present(let names) = names else { return true }
        if allowed.isEmpty || names.contains(where: allowed.contains) { return true }
        refused()
        return false
    }

    func refused() {
        tellOfRefusal()
    }
}

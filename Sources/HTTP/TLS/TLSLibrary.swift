// GnuTLS, which libmicrohttpd encrypts with: whether it takes the settings, and what it asks of clients during the
// handshake.

import CGnuTLS

/// What the server needs of GnuTLS beside what libmicrohttpd does.
enum TLSLibrary {
    /// Why GnuTLS cannot be used. It is loaded when something needs it first, so that it costs no memory before.
    private static let loadFailure = unsafe sidelong_load_gnutls().map { unsafe String(cString: $0) }

    /// Loads GnuTLS, unless that has been done.
    static func load() throws(TLSProblem) {
        if let loadFailure { throw TLSProblem(.library, "GnuTLS cannot be loaded: \(loadFailure)") }
    }

    /// SHA-256, FIPS 180-4: 32 bytes. For rules that were checked.
    static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        precondition(loadFailure == nil, "rules that need a digest are checked, and the check loads the library")
        var digest = [UInt8](repeating: 0, count: 32)
        _ = unsafe gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes, bytes.count, &digest)
        return digest
    }

    /// Whether GnuTLS can read the texts and they belong together; costs about a millisecond.
    ///
    /// An expired certificate is fine: clients will say so, and louder than a server that does not start.
    static func check(_ settings: TLSSettings) throws(TLSProblem) {
        try load()
        let priorities = try settings.priorities
        var cache: gnutls_priority_t?
        let status = unsafe gnutls_priority_init(&cache, priorities, nil)
        guard status == 0 else { throw TLSProblem(.cipherSuites, text(status)) }
        unsafe gnutls_priority_deinit(cache)
        let store = try CredentialStore()
        try store.checkCertificates(settings.certificate, .certificate)
        try store.checkKey(settings.key, of: settings.certificate)
        if let authority = settings.clientAuthority { try store.checkCertificates(authority, .clientAuthority) }
    }

    /// Prepares a server's session before its handshake.
    ///
    /// - Parameter guardian: must outlive the session.
    @unsafe
    static func prepare(_ session: UnsafeMutableRawPointer, _ guardian: ClientCertificateGuardian) {
        let session = OpaquePointer(session)
        let wanted = guardian.wanted
        if wanted == .none { return }
        unsafe gnutls_certificate_server_set_request(
            session, wanted.isRequired ? GNUTLS_CERT_REQUIRE : GNUTLS_CERT_REQUEST)
        guard wanted.isVerified else { return }
        // The server keeps no sessions for later, so the place for their store's context is free.
        unsafe gnutls_db_set_ptr(session, Unmanaged.passUnretained(guardian).toOpaque())
        unsafe gnutls_session_set_verify_function(session, verifyCallback)
    }

    fileprivate static func text(_ status: Int32) -> String {
        unsafe String(cString: gnutls_strerror(status))
    }
}

/// Certificates and keys as GnuTLS holds them; freed with their owner.
@safe
private struct CredentialStore: ~Copyable {
    private let handle: gnutls_certificate_credentials_t

    init() throws(TLSProblem) {
        var handle: gnutls_certificate_credentials_t?
        let status = unsafe gnutls_certificate_allocate_credentials(&handle)
        guard let handle = unsafe handle else { throw TLSProblem(.certificate, TLSLibrary.text(status)) }
        unsafe self.handle = handle
    }

    deinit {
        unsafe gnutls_certificate_free_credentials(handle)
    }

    func checkCertificates(_ pem: String, _ part: TLSProblem.Setting) throws(TLSProblem) {
        let count = unsafe withDatum(pem) {
            unsafe gnutls_certificate_set_x509_trust_mem(handle, $0, GNUTLS_X509_FMT_PEM)
        }
        guard count > 0 else { throw TLSProblem(part, "no certificate in PEM form can be read from it") }
    }

    func checkKey(_ key: String, of certificate: String) throws(TLSProblem) {
        let status = unsafe withDatum(certificate) { certificate in
            unsafe withDatum(key) { key in
                unsafe gnutls_certificate_set_x509_key_mem(handle, certificate, key, GNUTLS_X509_FMT_PEM)
            }
        }
        switch status {
        case 0...: return
        case GNUTLS_E_CERTIFICATE_KEY_MISMATCH: throw TLSProblem(.key, "it is not the key of the certificate")
        case GNUTLS_E_DECRYPTION_FAILED: throw TLSProblem(.key, "it wants a passphrase; allowed: a key without one")
        default: throw TLSProblem(.key, "no key in PEM form can be read from it: \(TLSLibrary.text(status))")
        }
    }

    private func withDatum<R>(_ text: String, _ body: (UnsafePointer<gnutls_datum_t>) -> R) -> R {
        var bytes = Array(text.utf8)
        return unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            var datum = unsafe gnutls_datum_t(data: buffer.baseAddress, size: UInt32(buffer.count))
            return unsafe body(&datum)
        }
    }
}

// The check of a client's certificate, which GnuTLS asks for in the middle of the handshake.

private func verifyCallback(session: gnutls_session_t?) -> Int32 {
    guard let context = unsafe gnutls_db_get_ptr(session) else { return GNUTLS_E_INTERNAL_ERROR }
    let guardian = unsafe Unmanaged<ClientCertificateGuardian>.fromOpaque(context).takeUnretainedValue()
    guard let names = unsafe verifiedNames(in: session) else {
        guardian.refused()
        return GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR
    }
    return guardian.admits(names) ? 0 : GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR
}

/// What the client's certificate says about its names; `.absent` where it shows none, nil where it is not to be
/// trusted.
@unsafe
private func verifiedNames(in session: gnutls_session_t?) -> ClientCertificateGuardian.Names? {
    var count: UInt32 = 0
    guard let chain = unsafe gnutls_certificate_get_peers(session, &count), count > 0 else { return .absent }
    var purpose = Array("1.3.6.1.5.5.7.3.2".utf8CString.map { UInt8(bitPattern: $0) })
    var status: UInt32 = 0
    // RFC 5280 section 4.2.1.12: a certificate that has purposes must have that of a client.
    let outcome = unsafe purpose.withUnsafeMutableBufferPointer { purpose in
        var wanted = unsafe gnutls_typed_vdata_st(type: GNUTLS_DT_KEY_PURPOSE_OID, data: purpose.baseAddress, size: 0)
        return unsafe gnutls_certificate_verify_peers(session, &wanted, 1, &status)
    }
    guard outcome == 0, status == 0 else { return nil }
    var certificate: gnutls_x509_crt_t?
    guard unsafe gnutls_x509_crt_init(&certificate) == 0 else { return nil }
    defer { unsafe gnutls_x509_crt_deinit(certificate) }
    guard unsafe gnutls_x509_crt_import(certificate, chain, GNUTLS_X509_FMT_DER) == 0 else { return nil }
    return .present(unsafe alternativeNames(of: certificate))
}

@unsafe
private func alternativeNames(of certificate: gnutls_x509_crt_t?) -> [String] {
    var names: [String] = []
    var name = [UInt8](repeating: 0, count: 1024)
    for index in 0..<UInt32(128) {
        var size = name.count
        let kind = unsafe gnutls_x509_crt_get_subject_alt_name(certificate, index, &name, &size, nil)
        if kind == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE { break }
        guard kind >= 0 else { continue }
        switch UInt32(kind) {
        case GNUTLS_SAN_IPADDRESS.rawValue: names.append("\(ClientAddress(bytes: Array(name.prefix(size))))")
        case GNUTLS_SAN_DNSNAME.rawValue, GNUTLS_SAN_RFC822NAME.rawValue, GNUTLS_SAN_URI.rawValue:
            names.append(String(decoding: name.prefix(size), as: UTF8.self))
        default: break
        }
    }
    return names
}

// TLS for `rediss://`. The session never touches the socket: it turns plain bytes into records and back in memory, and
// the connection carries the records. Certificates are read on every connect, and no OpenSSL context exists before
// that, because one costs more memory than all the rest of the connection.

import COpenSSL
import Metrics

/// One TLS client session.
///
/// `@safe`: the only pointer is the session, which this struct alone owns and frees; its two buffers belong to it.
@safe struct TLSSession: ~Copyable {
    private let session: OpaquePointer
    private let serverName: String

    /// A session that has not yet said anything.
    ///
    /// - Parameter host: the host of the address; checked against the certificate unless the settings name another.
    /// - Throws: `.tls` or `.unreadable` with the file that is at fault.
    static func begin(_ settings: RedisTLSSettings, host: String) throws(CollectorFailure) -> TLSSession {
        if let loadFailure { throw CollectorFailure(.tls, "OpenSSL cannot be used: \(loadFailure)") }
        guard let context = unsafe SSL_CTX_new(TLS_client_method()) else { throw Self.failure("no TLS context") }
        defer { unsafe SSL_CTX_free(context) }
        try unsafe Self.prepare(context, settings)
        guard let handle = unsafe SSL_new(context) else { throw Self.failure("no TLS session") }
        var session = unsafe TLSSession(handle, serverName: settings.serverName ?? host)
        try session.setExpectedName(verifies: !settings.skipsVerification)
        return session
    }

    /// Why OpenSSL cannot be used. The first session loads it, so that without TLS it costs no memory.
    private static let loadFailure = unsafe sidelong_load_openssl().map { unsafe String(cString: $0) }

    private init(_ handle: OpaquePointer, serverName: String) {
        unsafe session = handle
        self.serverName = serverName
        unsafe SSL_set_bio(session, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()))
        unsafe SSL_set_connect_state(session)
    }

    deinit {
        unsafe SSL_free(session)
    }

    /// What a step of the session leaves to be done.
    enum Step: Equatable {
        case done
        /// Nothing more can be said before the peer's next bytes.
        case needsInput
        case closed
    }

    /// Goes on with the handshake as far as the received bytes allow.
    mutating func handshake() throws(CollectorFailure) -> Step {
        ERR_clear_error()
        let status = unsafe SSL_do_handshake(session)
        if status == 1 { return .done }
        if unsafe SSL_get_error(session, status) == SSL_ERROR_WANT_READ { return .needsInput }
        let verdict = unsafe SSL_get_verify_result(session)
        guard verdict == Int(X509_V_OK) else {
            let reason = unsafe String(cString: X509_verify_cert_error_string(verdict))
            throw CollectorFailure(.tls, "the certificate of \(serverName) is not accepted: \(reason)")
        }
        throw Self.failure("no TLS handshake with \(serverName)")
    }

    /// Turns plain bytes into records, which `takeRecords()` then gives.
    mutating func encrypt(_ plain: [UInt8]) throws(CollectorFailure) {
        guard !plain.isEmpty else { return }
        ERR_clear_error()
        let count = unsafe plain.withUnsafeBytes {
            unsafe SSL_write(session, $0.baseAddress, Int32(clamping: $0.count))
        }
        guard count == plain.count else { throw Self.failure("the TLS session broke") }
    }

    /// Turns received records into plain bytes.
    ///
    /// - Returns: how many bytes stand at the buffer's start; `.needsInput` or `.closed` where there are none.
    mutating func decrypt(into buffer: inout [UInt8]) throws(CollectorFailure) -> (count: Int, step: Step) {
        ERR_clear_error()
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe SSL_read(session, $0.baseAddress, Int32(clamping: $0.count))
        }
        if count > 0 { return (Int(count), .done) }
        switch unsafe SSL_get_error(session, count) {
        case SSL_ERROR_WANT_READ: return (0, .needsInput)
        case SSL_ERROR_ZERO_RETURN: return (0, .closed)
        default: throw Self.failure("the TLS session broke")
        }
    }

    /// Whether decrypted bytes wait to be read.
    var hasPlainBytes: Bool { unsafe SSL_pending(session) > 0 }

    /// Hands over the first `count` bytes of what the peer sent.
    mutating func receive(_ records: [UInt8], count: Int) {
        _ = unsafe records.withUnsafeBytes { buffer in
            unsafe BIO_write(SSL_get_rbio(session), buffer.baseAddress, Int32(clamping: min(count, buffer.count)))
        }
    }

    /// The records that wait to be sent.
    mutating func takeRecords() -> [UInt8] {
        let output = unsafe SSL_get_wbio(session)
        return unsafe Array(unsafeUninitializedCapacity: BIO_ctrl_pending(output)) { buffer, count in
            let read = unsafe BIO_read(output, buffer.baseAddress, Int32(clamping: buffer.count))
            count = max(0, Int(read))
        }
    }

    /// Sends the name as SNI, and asks for a certificate that carries it, as a name or as an IP address.
    private mutating func setExpectedName(verifies: Bool) throws(CollectorFailure) {
        let isAddress = unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), serverName) == 1
        if !isAddress {
            unsafe serverName.withCString { name in
                // SSL_set_tlsext_host_name is a macro over this.
                _ = unsafe SSL_ctrl(
                    session, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name),
                    UnsafeMutableRawPointer(mutating: name))
            }
            guard unsafe SSL_set1_host(session, serverName) == 1 else {
                throw Self.failure("\(serverName) is no name for a certificate")
            }
        }
        unsafe SSL_set_verify(session, verifies ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nil)
    }

    /// Loads what the settings name into a fresh context.
    private static func prepare(_ context: OpaquePointer, _ settings: RedisTLSSettings) throws(CollectorFailure) {
        // SSL_CTX_set_min_proto_version and SSL_CTX_set_mode are macros over this.
        unsafe SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        unsafe SSL_CTX_ctrl(context, SSL_CTRL_MODE, Int(SSL_MODE_RELEASE_BUFFERS), nil)
        // SSL_OP_NO_RENEGOTIATION, a macro that Swift cannot read: no server has a reason to begin anew.
        unsafe _ = SSL_CTX_set_options(context, 1 << 30)
        // Without this OpenSSL asks for the passphrase of an encrypted key on the terminal, and waits.
        unsafe SSL_CTX_set_default_passwd_cb(context) { _, _, _, _ in 0 }
        if let file = settings.caFile {
            guard unsafe SSL_CTX_load_verify_locations(context, file, nil) == 1 else {
                throw failure("the CA file \(file) cannot be used", .unreadable)
            }
        } else if !settings.skipsVerification {
            guard unsafe SSL_CTX_set_default_verify_paths(context) == 1 else {
                throw failure("the system's CA certificates cannot be read", .unreadable)
            }
        }
        switch (settings.certificateFile, settings.keyFile) {
        case (nil, nil): break
        case (let certificate?, let key?):
            guard unsafe SSL_CTX_use_certificate_chain_file(context, certificate) == 1 else {
                throw failure("the client certificate \(certificate) cannot be used", .unreadable)
            }
            guard unsafe SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1 else {
                throw failure("the client key \(key) cannot be used with \(certificate)", .unreadable)
            }
        default:
            throw CollectorFailure(.unreadable, "a client certificate and its key are given together or not at all")
        }
    }

    /// A failure with the reason that OpenSSL recorded first.
    private static func failure(_ what: String, _ reason: CollectorFailure.Reason = .tls) -> CollectorFailure {
        let code = ERR_get_error()
        if ERR_GET_REASON(code) == SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED {
            return CollectorFailure(reason, "the server wants a client certificate, and none is given")
        }
        guard code != 0, let text = unsafe ERR_reason_error_string(code) else {
            return CollectorFailure(reason, what)
        }
        return CollectorFailure(reason, unsafe "\(what): \(String(cString: text))")
    }
}

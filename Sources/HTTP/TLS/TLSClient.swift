// The other end of TLS, for the questions that this program asks of another Sidelong or of a Prometheus.

import CGnuTLS
import Glibc

/// A TLS connection over a connected socket, which stays its owner's and does not block any more.
@safe
final class TLSClient {
    private let descriptor: Int32
    private let session: gnutls_session_t
    private let credentials: gnutls_certificate_credentials_t
    /// The name that the certificate must carry, for as long as there is a session.
    private var verifiedName: UnsafeMutablePointer<CChar>?

    /// Why there is no connection.
    struct Refused: Error, CustomStringConvertible {
        let description: String
    }

    /// Shakes hands before the deadline, however little the other end says at a time.
    ///
    /// - Throws: why there is no connection: the other end speaks no TLS, is not to be trusted, or wants a certificate.
    init(
        over descriptor: Int32, _ settings: TLSClientSettings = TLSClientSettings(),
        before deadline: ContinuousClock.Instant
    ) throws(Refused) {
        do throws(TLSProblem) {
            try TLSLibrary.load()
        } catch {
            throw Refused(description: "\(error)")
        }
        var credentials: gnutls_certificate_credentials_t?
        guard unsafe gnutls_certificate_allocate_credentials(&credentials) == 0, let credentials = unsafe credentials
        else { throw Refused(description: "not enough memory for TLS") }
        var session: gnutls_session_t?
        guard unsafe gnutls_init(&session, UInt32(GNUTLS_CLIENT | GNUTLS_NO_SIGNAL)) == 0,
            let session = unsafe session
        else {
            unsafe gnutls_certificate_free_credentials(credentials)
            throw Refused(description: "not enough memory for TLS")
        }
        self.descriptor = descriptor
        unsafe self.session = session
        unsafe self.credentials = credentials
        try prepare(settings)
        unsafe gnutls_transport_set_int2(session, descriptor, descriptor)
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        let status = finish(before: deadline) { unsafe Int(gnutls_handshake(session)) }
        guard status == 0 else { throw Refused(description: refusal(Int32(status))) }
    }

    deinit {
        unsafe gnutls_deinit(session)
        unsafe gnutls_certificate_free_credentials(credentials)
        unsafe free(verifiedName)
    }

    /// Whether all of it was sent in time.
    func send(_ bytes: [UInt8], before deadline: ContinuousClock.Instant) -> Bool {
        finish(before: deadline) { unsafe gnutls_record_send(session, bytes, bytes.count) } == bytes.count
    }

    /// The next bytes; empty at the end, nil when none came in time.
    func receive(before deadline: ContinuousClock.Instant) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 16384)
        let count = finish(before: deadline) { unsafe gnutls_record_recv(session, &buffer, buffer.count) }
        // Many servers end without saying so; the length of the answer tells whether all of it came.
        if count == Int(GNUTLS_E_PREMATURE_TERMINATION) { return [] }
        return count < 0 ? nil : Array(buffer.prefix(count))
    }

    /// Takes a step again and again until something comes of it or the time is over. It may wait for the other end,
    /// have had a ticket or a warning instead of data, or be interrupted by a signal.
    private func finish(before deadline: ContinuousClock.Instant, _ step: () -> Int) -> Int {
        while true {
            let status = step()
            switch Int32(clamping: status) {
            case GNUTLS_E_AGAIN, GNUTLS_E_INTERRUPTED, GNUTLS_E_WARNING_ALERT_RECEIVED: break
            default: return status
            }
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { return status }
            guard Int32(clamping: status) == GNUTLS_E_AGAIN else { continue }
            let events = unsafe gnutls_record_get_direction(session) == 0 ? POLLIN : POLLOUT
            var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            unsafe poll(&entry, 1, Int32(clamping: Int64(left / .milliseconds(1)) + 1))
        }
    }

    private func prepare(_ settings: TLSClientSettings) throws(Refused) {
        unsafe gnutls_set_default_priority(session)
        if let certificate = settings.certificate, let key = settings.key {
            let status = unsafe Self.withDatum(certificate) { certificate in
                unsafe Self.withDatum(key) { key in
                    unsafe gnutls_certificate_set_x509_key_mem(credentials, certificate, key, GNUTLS_X509_FMT_PEM)
                }
            }
            guard status >= 0 else {
                throw Refused(description: "the client's certificate and key: \(Self.text(status))")
            }
        }
        if let name = settings.serverName {
            let trusted =
                if let authorities = settings.authorities {
                    unsafe Self.withDatum(authorities) {
                        unsafe gnutls_certificate_set_x509_trust_mem(credentials, $0, GNUTLS_X509_FMT_PEM)
                    }
                } else {
                    unsafe gnutls_certificate_set_x509_system_trust(credentials)
                }
            guard trusted > 0 else { throw Refused(description: "there is no certificate authority to trust") }
            // RFC 6066, section 3: a name, not an address.
            if name.contains(where: \.isLetter), !name.contains(":") {
                unsafe gnutls_server_name_set(session, GNUTLS_NAME_DNS, name, name.utf8.count)
            }
            // GnuTLS keeps the pointer.
            unsafe verifiedName = strdup(name)
            unsafe gnutls_session_set_verify_cert(session, verifiedName, 0)
        }
        unsafe gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(credentials))
    }

    private func refusal(_ status: Int32) -> String {
        switch status {
        case GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR:
            "the server's certificate is not to be trusted: it is not signed by a known authority, has expired, or is "
                + "made out to another name"
        case GNUTLS_E_AGAIN, GNUTLS_E_INTERRUPTED: "no TLS handshake in time"
        case GNUTLS_E_UNEXPECTED_PACKET_LENGTH, GNUTLS_E_UNSUPPORTED_VERSION_PACKET: "the server speaks no TLS"
        default: "no TLS connection; the server may want a client certificate (\(Self.text(status)))"
        }
    }

    private static func text(_ status: Int32) -> String { unsafe String(cString: gnutls_strerror(status)) }

    private static func withDatum<R>(_ text: String, _ body: (UnsafePointer<gnutls_datum_t>) -> R) -> R {
        var bytes = Array(text.utf8)
        return unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            var datum = unsafe gnutls_datum_t(data: buffer.baseAddress, size: UInt32(buffer.count))
            return unsafe body(&datum)
        }
    }
}

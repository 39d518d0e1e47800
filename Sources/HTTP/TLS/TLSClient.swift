// The other end of TLS, just enough of it for the own health check.

import CGnuTLS

/// A TLS connection over a connected socket, which stays its owner's.
///
/// It does not verify the server's certificate: it is for questions that carry no secret and whose answer is only
/// whether somebody answers. A class, because its beginning can fail when it holds the handles already.
@safe
final class TLSClient {
    private let session: gnutls_session_t
    private let credentials: gnutls_certificate_credentials_t

    /// Shakes hands. The socket's own time limits apply.
    ///
    /// - Returns: nil where the other end speaks no TLS, wants a certificate or takes too long.
    init?(over descriptor: Int32) {
        var session: gnutls_session_t?
        var credentials: gnutls_certificate_credentials_t?
        guard unsafe gnutls_init(&session, UInt32(GNUTLS_CLIENT | GNUTLS_NO_SIGNAL)) == 0,
            let session = unsafe session
        else { return nil }
        guard unsafe gnutls_certificate_allocate_credentials(&credentials) == 0, let credentials = unsafe credentials
        else {
            unsafe gnutls_deinit(session)
            return nil
        }
        unsafe self.session = session
        unsafe self.credentials = credentials
        unsafe gnutls_set_default_priority(session)
        unsafe gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(credentials))
        unsafe gnutls_transport_set_int2(session, descriptor, descriptor)
        var status = unsafe gnutls_handshake(session)
        while status == GNUTLS_E_WARNING_ALERT_RECEIVED { status = unsafe gnutls_handshake(session) }
        guard status == 0 else { return nil }
    }

    deinit {
        unsafe gnutls_deinit(session)
        unsafe gnutls_certificate_free_credentials(credentials)
    }

    /// Whether all of it was sent.
    func send(_ bytes: [UInt8]) -> Bool {
        unsafe gnutls_record_send(session, bytes, bytes.count) == bytes.count
    }

    /// The next bytes; empty at the end, nil when none came in time.
    func receive(before deadline: ContinuousClock.Instant) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 512)
        var count = unsafe gnutls_record_recv(session, &buffer, buffer.count)
        // Also said when something came that is no data, such as a ticket of TLS 1.3.
        while count == Int(GNUTLS_E_AGAIN) && .now < deadline {
            count = unsafe gnutls_record_recv(session, &buffer, buffer.count)
        }
        return count < 0 ? nil : Array(buffer.prefix(count))
    }
}

// Until when the certificates of a server with TLS are good, since Valkey 9.1. A server without one says 0 seconds and
// the serial number `none`, which is no certificate that has expired.

import Metrics

/// The server's certificates, as far as a reply names them.
struct CertificateExpiry {
    static let server = descriptor("server", "the server's certificate expires, negative once it has")
    static let client = descriptor("client", "the certificate expires that the server shows to others as a client")
    static let authority = descriptor("ca", "the first certificate of the server's CAs expires")

    static let descriptors = [server, client, authority]

    private static func descriptor(_ kind: String, _ what: String) -> Descriptor {
        let field = "tls_\(kind)_cert_expires_in_seconds"
        return Descriptor(.gauge, "redis_\(field)", help: "Time until \(what) (INFO \(field)).")
    }

    /// The middle of the names, and the family of each.
    private static let kinds = [("server", server), ("client", client), ("ca", authority)]
    private static let prefix = Array("tls_".utf8)

    private var seconds: [String: Double] = [:]
    private var absent: Set<String> = []

    /// Takes `tls_server_cert_expires_in_seconds:86400` or `tls_server_cert_serial:none`; nil when the line is neither,
    /// false when it makes no sense.
    mutating func take(_ line: InfoValue) -> Bool? {
        guard line.rest(after: Self.prefix) != nil else { return nil }
        let name = line.text(line.name)
        guard let kind = Self.kinds.first(where: { name.hasPrefix("tls_\($0.0)_cert_") })?.0 else { return nil }
        if name.hasSuffix("_serial"), line.text == "none" { absent.insert(kind) }
        guard name.hasSuffix("_expires_in_seconds") else { return true }
        guard let value = InfoNumber.parse(line.bytes, line.value) else { return false }
        seconds[kind] = value
        return true
    }

    func finish(into samples: inout Samples) {
        for (kind, descriptor) in Self.kinds where !absent.contains(kind) {
            samples.add(descriptor, ifKnown: seconds[kind])
        }
    }
}

import Foundation

/// A certificate authority of one test's own, and certificates it has signed, as PEM files made by openssl.
public struct Certificates: Sendable {
    private let folder: TemporaryFolder
    private let name: String

    /// The authority's own certificate.
    public var authority: String { folder.path("\(name).crt") }

    /// Makes the authority.
    public init(_ name: String = "ca", in folder: TemporaryFolder) throws {
        self.folder = folder
        self.name = name
        try Self.openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=\(name)", "-keyout", folder.path("\(name).key"), "-out", folder.path("\(name).crt"))
    }

    /// A certificate with its key, signed by the authority.
    ///
    /// - Parameters:
    ///   - names: subject alternative names, such as `DNS:localhost` or `IP:127.0.0.1`.
    ///   - isExpired: the certificate's time is over.
    public func sign(
        _ file: String, names: [String], isExpired: Bool = false
    ) throws -> (certificate: String, key: String) {
        let key = folder.path("\(file).key")
        let certificate = folder.path("\(file).crt")
        let request = folder.path("\(file).csr")
        try Self.openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(file)", "-keyout",
            key,
            "-out", request)
        let extensions = try folder.write("subjectAltName=\(names.joined(separator: ","))\n", to: "\(file).ext")
        // `x509 -req` takes a number of days only; a negative one ends before it begins, which is as invalid.
        try Self.openssl(
            "x509", "-req", "-in", request, "-CA", authority, "-CAkey", folder.path("\(name).key"), "-CAcreateserial",
            "-days", isExpired ? "-1" : "2", "-extfile", extensions, "-out", certificate)
        return (certificate, key)
    }

    /// A copy of a key that wants a passphrase.
    public func encrypt(_ key: String) throws -> String {
        try Self.openssl("pkey", "-in", key, "-aes256", "-passout", "pass:secret", "-out", key + ".encrypted")
        return key + ".encrypted"
    }

    private static func openssl(_ arguments: String...) throws {
        let (status, text) = try ServerProcess.run("openssl", arguments)
        guard status == 0 else { throw NeverHappened(description: "openssl: \(text)") }
    }
}

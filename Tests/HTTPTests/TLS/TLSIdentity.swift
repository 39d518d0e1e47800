import TestKit

/// An authority, what it has signed, and a client that another has signed.
struct TLSIdentity {
    let folder: TemporaryFolder
    let authority: Certificates
    let server: (certificate: String, key: String)
    let client: (certificate: String, key: String)
    let stranger: (certificate: String, key: String)

    init() throws {
        folder = try TemporaryFolder()
        authority = try Certificates(in: folder)
        server = try authority.sign("server", names: ["DNS:localhost", "IP:127.0.0.1"])
        client = try authority.sign("client", names: ["DNS:client"])
        stranger = try Certificates("other-ca", in: folder).sign("stranger", names: ["DNS:client"])
    }
}

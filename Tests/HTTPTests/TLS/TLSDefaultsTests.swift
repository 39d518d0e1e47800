import Foundation
import TestKit
import Testing

@testable import HTTP

/// What holds for TLS where the web configuration says nothing of it.
@Suite struct TLSDefaultsTests {
    private static let identity = Result { try TLSIdentity() }

    private func rules() throws -> AccessRules {
        let (certificate, key) = try Self.identity.get().server
        var rules = AccessRules()
        rules.tls = TLSSettings(
            certificate: try String(contentsOfFile: certificate, encoding: .utf8),
            key: try String(contentsOfFile: key, encoding: .utf8))
        return rules
    }

    /// The exit status of curl, 0 where it got the page.
    private func curl(_ test: TestServer, _ arguments: String...) throws -> Int32 {
        let common = ["-sSk", "--max-time", "30", "https://localhost:\(test.port)/"]
        return try ServerProcess.run("curl", common + arguments).status
    }

    /// Neither a cipher whose checksum comes after it, nor keys that the server's own key gives away.
    @Test(arguments: ["ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384", "AES128-GCM-SHA256"])
    func onlyAuthenticatedEncryptionIsSpoken(cipher: String) throws {
        let test = try TestServer(rules: try rules())
        #expect(try curl(test, "--tls-max", "1.2", "--ciphers", cipher + ":@SECLEVEL=0") != 0)
        #expect(try curl(test, "--tls-max", "1.2", "--ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256") == 0)
    }

    @Test func handshakesOfOneAddressAreBounded() throws {
        var rules = try rules()
        rules.handshakes = RateLimit(perSecond: 0.0001, burst: 3)
        let test = try TestServer(rules: rules)
        for _ in 1...3 { #expect(try curl(test) == 0) }
        #expect(try curl(test) != 0)
        #expect(test.counts.refused == 1)
    }
}

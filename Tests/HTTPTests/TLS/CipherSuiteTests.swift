import Testing

@testable import HTTP

/// What is said to GnuTLS, and what cannot be said.
@Suite struct CipherSuiteTests {
    private func settings(_ suites: [String], _ versions: ClosedRange<TLSVersion> = .v12 ... .v13) throws -> TLSSettings
    {
        var settings = TLSSettings(certificate: "", key: "")
        settings.versions = versions
        settings.cipherSuites = try suites.map { try #require(CipherSuite($0)) }
        return settings
    }

    @Test func theDefaultHasForwardSecrecyAndAuthenticatedEncryption() throws {
        let modern =
            "-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:-MAC-ALL:+AEAD"
        var plain = TLSSettings(certificate: "", key: "")
        #expect(
            try plain.priorities == "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:\(modern):%SERVER_PRECEDENCE")
        plain.prefersOwnOrder = false
        #expect(try plain.priorities == "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:\(modern)")
        plain.versions = .v13 ... .v13
        plain.curves = [.x25519, .p256]
        #expect(
            try plain.priorities
                == "NORMAL:-VERS-ALL:+VERS-TLS1.3:\(modern):-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1")
    }

    @Test func suitesBecomeTheirParts() throws {
        let one = try settings(["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"])
        #expect(
            try one.priorities.hasSuffix(
                "-KX-ALL:+ECDHE-RSA:-CIPHER-ALL:+AES-256-GCM:-MAC-ALL:+AEAD:%SERVER_PRECEDENCE"))
    }

    @Test(arguments: [
        // The two would bring the other two combinations along.
        (["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"], "would allow"),
        (["TLS_AES_128_GCM_SHA256"], "none of them is for TLS 1.2"),
        (["TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"], "none of them has a cipher of TLS 1.3"),
    ])
    func whatCannotBeSaidIsRefused(suites: [String], reason: String) throws {
        let settings = try settings(suites)
        let problem = #expect(throws: TLSProblem.self) { try settings.priorities }
        #expect(problem?.setting == .cipherSuites)
        #expect(problem?.description.contains(reason) == true)
    }

    @Test func theVersionDecidesWhatIsNeeded() throws {
        #expect(throws: Never.self) {
            _ = try self.settings(["TLS_AES_128_GCM_SHA256"], .v13 ... .v13).priorities
            _ = try self.settings(["TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"], .v12 ... .v12).priorities
        }
    }
}

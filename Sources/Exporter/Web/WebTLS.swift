// The section tls_server_config.

import HTTP

enum WebTLS {
    private static let keys = [
        "cert", "cert_file", "key", "key_file", "client_ca", "client_ca_file", "client_auth_type",
        "client_allowed_sans", "min_version", "max_version", "cipher_suites", "prefer_server_cipher_suites",
        "curve_preferences",
    ]

    /// The settings of the section, known to work together; nil where there is none.
    ///
    /// - Parameter path: the file's own path: relative paths in it begin at its folder.
    static func settings(
        in root: WebSection, besides path: String, _ files: inout WebFiles
    ) throws(ConfigurationError) -> TLSSettings? {
        guard let section = try root.section("tls_server_config", allowed: keys), !section.entries.isEmpty else {
            return nil
        }
        let certificate = try pem("cert", in: section, besides: path, &files)
        let key = try pem("key", in: section, besides: path, &files)
        guard let certificate else { throw section.error("a certificate is missing; allowed: cert_file or cert") }
        guard let key else { throw section.error("the certificate's key is missing; allowed: key_file or key") }
        let authority = try pem("client_ca", in: section, besides: path, &files)
        var settings = TLSSettings(certificate: certificate.pem, key: key.pem)
        settings.clientAuthority = authority?.pem
        try readClients(of: section, into: &settings)
        settings.versions = try versions(in: section)
        settings.cipherSuites = try suites(in: section)
        settings.curves = try curves(in: section)
        settings.prefersOwnOrder = try section.value("prefer_server_cipher_suites")?.flag() ?? true
        try check(settings, section, [.certificate: certificate, .key: key, .clientAuthority: authority])
        return settings
    }

    /// A text in PEM form and the value that it came from.
    private struct Material {
        let pem: String
        let value: WebValue
    }

    /// `NAME` with the text itself or `NAME_file` with its path; nil without both.
    private static func pem(
        _ name: String, in section: WebSection, besides path: String, _ files: inout WebFiles
    ) throws(ConfigurationError) -> Material? {
        let inline = try section.value(name)
        guard let file = try section.value(name + "_file") else {
            return inline.map { Material(pem: $0.text, value: $0) }
        }
        guard inline == nil else { throw file.problem("\(name) is given as well; allowed: one of the two") }
        // With the two keys mixed up a secret stands here, which no error may show.
        guard !file.text.utf8.contains(where: { $0 < 0x20 }), !file.text.hasPrefix("-----BEGIN") else {
            throw file.problem("this is no path; allowed: a path, or the text itself as \(name)")
        }
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        let target = file.text.hasPrefix("/") ? file.text : folder + file.text
        do {
            return Material(pem: try files.read(target), value: file)
        } catch {
            throw file.problem("\(error)")
        }
    }

    private static func readClients(
        of section: WebSection, into settings: inout TLSSettings
    ) throws(ConfigurationError) {
        let type = try section.value("client_auth_type")
        if let type, !type.text.isEmpty {
            // The old name of the same, which Prometheus takes too.
            settings.clientCertificate =
                type.text == "RequireClientCert" ? .required : try type.choice(TLSSettings.ClientCertificate.self)
        }
        settings.clientNames = try section.values("client_allowed_sans").map(\.text)
        let isVerified = settings.clientCertificate.isVerified
        if settings.clientAuthority != nil && settings.clientCertificate == .none {
            throw section.error(
                "client_ca is given, but client_auth_type asks for no certificate; allowed: RequireAndVerifyClientCert")
        }
        if settings.clientAuthority == nil && isVerified {
            throw section.error(
                "client_auth_type needs an authority to verify with; allowed: client_ca_file or client_ca")
        }
        if !settings.clientNames.isEmpty && !isVerified {
            throw section.error("client_allowed_sans needs client_auth_type; allowed: RequireAndVerifyClientCert")
        }
    }

    private static func versions(in section: WebSection) throws(ConfigurationError) -> ClosedRange<TLSVersion> {
        let lowest = try section.value("min_version")?.choice(TLSVersion.self) ?? .v12
        let highest = try section.value("max_version")?.choice(TLSVersion.self) ?? .v13
        guard lowest <= highest else {
            throw section.error("min_version is above max_version; allowed: at most the same")
        }
        return lowest...highest
    }

    private static func suites(in section: WebSection) throws(ConfigurationError) -> [CipherSuite]? {
        var suites: [CipherSuite] = []
        for value in try section.values("cipher_suites") {
            guard let suite = CipherSuite(value.text) else {
                throw value.refused(allowed: CipherSuite.all.map(\.name).joined(separator: ", "))
            }
            suites.append(suite)
        }
        return suites.isEmpty ? nil : suites
    }

    private static func curves(in section: WebSection) throws(ConfigurationError) -> [TLSCurve]? {
        var curves: [TLSCurve] = []
        for value in try section.values("curve_preferences") { curves.append(try value.choice(TLSCurve.self)) }
        return curves.isEmpty ? nil : curves
    }

    /// Whether GnuTLS takes the settings; its complaint is brought to the key that it is about.
    private static func check(
        _ settings: TLSSettings, _ section: WebSection, _ sources: [TLSProblem.Setting: Material?]
    ) throws(ConfigurationError) {
        var rules = AccessRules()
        rules.tls = settings
        do throws(TLSProblem) {
            try rules.check()
        } catch {
            guard let source = sources[error.setting] ?? nil else {
                throw section.error(error.setting == .library ? "\(error)" : "cipher_suites: \(error)")
            }
            throw source.value.problem("\(error)")
        }
    }
}

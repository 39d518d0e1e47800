import Foundation
import HTTP
import TestKit
import Testing

@testable import Exporter

/// The web configuration file: what it may say, and how it is told what it may not.
@Suite(.serialized) struct WebConfigurationTests {
    /// The same for all tests: making certificates is what takes long.
    private static let certificates = Result {
        let folder = try TemporaryFolder()
        _ = try Certificates(in: folder).sign("server", names: ["DNS:localhost"])
        return folder
    }

    private let folder: TemporaryFolder

    init() throws {
        folder = try Self.certificates.get()
    }

    static let hash = "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
    static let digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    private static let tls = "tls_server_config: {cert_file: server.crt, key_file: server.key"

    private func read(_ text: String) throws -> (rules: AccessRules, files: WebFiles) {
        let path = try folder.write(text, to: "web.yml")
        var files = WebFiles()
        let settings = try Settings(flags: ["web.config.file": [path]])
        return (try WebConfiguration.rules(for: settings, &files), files)
    }

    private func error(_ text: String) throws -> String {
        let error = #expect(throws: ConfigurationError.self, "\(text)") { _ = try self.read(text) }
        // Everything before the line number is the same for all: the option and the file.
        let message = error.map { "\($0)" } ?? ""
        let prefix = "--web.config.file: \(folder.path("web.yml")) "
        #expect(message.hasPrefix(prefix), "\(message)")
        #expect(!message.contains("\n"))
        return String(message.dropFirst(prefix.count))
    }

    @Test func everySectionIsRead() throws {
        let rules = try read(
            """
            tls_server_config:
              cert_file: server.crt
              key_file: \(folder.path("server.key"))
              client_ca_file: ca.crt
              client_auth_type: RequireAndVerifyClientCert
              client_allowed_sans: [prometheus.example]
              min_version: TLS12
              max_version: TLS13
              cipher_suites:
                - TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
              prefer_server_cipher_suites: false
              curve_preferences: [CurveP256, X25519]
            http_server_config:
              http2: true
              headers:
                X-Frame-Options: deny
                Strict-Transport-Security: max-age=31536000
            basic_auth_users:
              prometheus: \(Self.hash)
            rate_limit:
              interval: 10ms
              burst: 20
            api_keys:
              - name: grafana
                sha256: \(Self.digest)
                requests_per_second: 2.5
            allow: [127.0.0.0/8, "::1"]
            """
        ).rules
        let tls = try #require(rules.tls)
        #expect(tls.certificate.contains("BEGIN CERTIFICATE"))
        #expect(tls.clientCertificate == .verified)
        #expect(tls.clientNames == ["prometheus.example"])
        #expect(tls.cipherSuites?.map(\.name) == ["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"])
        #expect(tls.curves == [.p256, .x25519])
        #expect(!tls.prefersOwnOrder)
        #expect(rules.fields.map(\.name) == ["X-Frame-Options", "Strict-Transport-Security"])
        #expect(rules.users.keys.sorted() == ["prometheus"])
        #expect(rules.everyone == RateLimit(perSecond: 100, burst: 20))
        #expect(rules.client == RateLimit(perSecond: 100, burst: 200))
        #expect(rules.keys.map(\.name) == ["grafana"])
        #expect(rules.allowed.map(\.description) == ["127.0.0.0/8", "::1/128"])
        #expect(rules.openPaths == ["/health/live", "/health/ready"])
    }

    @Test func textsMayStandInTheFileItself() throws {
        let certificate = try indented("server.crt")
        let key = try indented("server.key")
        let tls = try read("tls_server_config:\n  cert: |\n\(certificate)\n  key: |\n\(key)\n").rules.tls
        #expect(tls?.key.contains("PRIVATE KEY") == true)
    }

    private func indented(_ name: String) throws -> String {
        try String(contentsOfFile: folder.path(name), encoding: .utf8).split(separator: "\n").map { "    \($0)" }
            .joined(separator: "\n")
    }

    @Test(arguments: ["{}", "http_server_config:\n", "rate_limit:\n", "rate_limit: {interval: 0}"])
    func whatRestrictsNobodyMayBeEmpty(text: String) throws {
        let rules = try read(text).rules
        #expect(rules.tls == nil && rules.users.isEmpty && rules.keys.isEmpty && rules.everyone == nil)
    }

    /// As a template leaves it whose values were not there.
    @Test(
        arguments: ["tls_server_config", "basic_auth_users", "api_keys", "allow"], [":", ": {}", ": []", ": ''", ": ~"])
    func whatSaysWhoMayAskNamesSomebody(key: String, nothing: String) {
        #expect(throws: ConfigurationError.self) { try read("rate_limit: {interval: 0}\n\(key)\(nothing)\n") }
    }

    @Test(arguments: ["", "\n", "# nothing but a comment\n", "---\n", "~\n"])
    func aFileThatSaysNothingIsRefused(text: String) throws {
        #expect(try error(text).hasSuffix("sets nothing; write {} into it to let everybody in"))
    }

    @Test func withoutAFileThereIsARateOnly() throws {
        var files = WebFiles()
        let rules = try WebConfiguration.rules(for: Settings(flags: ["web.rate-limit": ["0"]]), &files)
        #expect(rules.client == nil && rules.tls == nil && rules.users.isEmpty)
        #expect(files.seen.isEmpty)
    }

    @Test(arguments: [
        (
            "tls_server_confg: {}",
            "line 1: tls_server_confg: unknown key; allowed: tls_server_config, http_server_config"
        ),
        ("\n\ntls_server_config:\n  cert_fil: x", "line 4: tls_server_config.cert_fil: unknown key; allowed: cert,"),
        (
            "http_server_config: {headers: {X-Other: a}}",
            "line 1: http_server_config.headers.X-Other: unknown key; allowed:"
        ),
        (
            "http_server_config: {headers: {X-Frame-Options: never}}",
            "\"never\" is not allowed; allowed: deny or sameorigin"
        ),
        (
            "http_server_config: {http2: maybe}",
            "line 1: http_server_config.http2: \"maybe\" is not allowed; allowed: true or false"
        ),
        (
            "basic_auth_users: {a: plain-password}",
            "line 1: basic_auth_users.a: the value is not a bcrypt hash; allowed:"
        ),
        ("basic_auth_users: {a: [b]}", "line 1: basic_auth_users.a: needs one plain value"),
        ("basic_auth_users: [a]", "line 1: basic_auth_users: needs keys below it"),
        ("rate_limit: {interval: 1s}", "line 1: rate_limit: burst is missing; allowed: a whole number"),
        ("rate_limit: {interval: soon, burst: 1}", "\"soon\" is not allowed; allowed: a duration"),
        ("rate_limit: {interval: 1s, burst: 0}", "line 1: rate_limit.burst: \"0\" is not allowed"),
        ("rate_limit: {rate: 1}", "line 1: rate_limit.rate: unknown key; allowed: interval, burst"),
        ("allow:\n  - 10.0.0.0/8\n  - ten", "line 3: allow: \"ten\" is not allowed; allowed: an address or a range"),
        ("allow: 10.0.0.0/8", "line 1: allow: needs a list"),
        ("api_keys: [{name: a}]", "line 1: api_keys: sha256 is missing; allowed: 64 hexadecimal digits"),
        ("api_keys: [{sha256: a}]", "line 1: api_keys: name is missing"),
        ("api_keys: [{name: a, token: b}]", "line 1: api_keys.token: unknown key; allowed: name, sha256, requests"),
        ("api_keys: [{name: a, sha256: secret}]", "line 1: api_keys.sha256: not the digest of a token; allowed:"),
        ("a: b: c", "line 1: "), ("\u{1}", "line 1: "), ("- a", "line 1: : needs keys below it"),
    ])
    func whatIsWrongIsSaidWithItsLine(text: String, expected: String) throws {
        let message = try error(text)
        #expect(message.contains(expected), "\(message)")
    }

    @Test(arguments: [
        ("", "a certificate is missing"), ("cert_file: server.crt", "the certificate's key is missing"),
        ("key_file: server.key", "a certificate is missing"),
        ("cert_file: none.crt, key_file: server.key", "none.crt: No such file"),
        ("cert_file: server.key, key_file: server.key", "cert_file: no certificate in PEM form"),
        ("cert_file: server.crt, key_file: ca.key", "key_file: it is not the key of the certificate"),
        ("cert_file: server.crt, cert: x, key_file: server.key", "cert is given as well; allowed: one of the two"),
    ])
    func certificatesThatCannotBeUsedAreRefused(section: String, expected: String) throws {
        let section = section.isEmpty ? "min_version: TLS12" : section
        let message = try error("tls_server_config: {\(section)}")
        #expect(message.contains(expected), "\(message)")
    }

    @Test(arguments: [
        ("min_version: TLS11", "\"TLS11\" is not allowed; allowed: TLS12, TLS13"),
        ("min_version: TLS13, max_version: TLS12", "min_version is above max_version"),
        ("client_auth_type: Sometimes", "\"Sometimes\" is not allowed; allowed: NoClientCert, RequestClientCert"),
        ("client_auth_type: RequireAndVerifyClientCert", "client_auth_type needs an authority"),
        ("client_ca_file: ca.crt", "client_auth_type asks for no certificate"),
        ("client_ca_file: server.key, client_auth_type: RequireAndVerifyClientCert", "client_ca_file: no certificate"),
        ("client_allowed_sans: [a]", "client_allowed_sans needs client_auth_type"),
        ("cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]", "\"TLS_RSA_WITH_RC4_128_SHA\" is not allowed; allowed: TLS_AES"),
        ("cipher_suites: [TLS_AES_128_GCM_SHA256]", "cipher_suites: none of them is for TLS 1.2"),
        ("curve_preferences: [X25519MLKEM768]", "\"X25519MLKEM768\" is not allowed; allowed: CurveP256,"),
        ("prefer_server_cipher_suites: 1", "\"1\" is not allowed; allowed: true or false"),
    ])
    func settingsThatCannotBeHonouredAreRefused(setting: String, expected: String) throws {
        let message = try error("\(Self.tls), \(setting)}")
        #expect(message.contains(expected), "\(message)")
    }

    @Test func aSecretIsNotInItsError() throws {
        for text in [
            "basic_auth_users: {a: planted-secret}", "api_keys: [{name: a, sha256: planted-secret}]",
            "tls_server_config: {cert_file: server.crt, key: planted-secret}",
            "tls_server_config: {cert_file: server.crt, key_file: '-----BEGIN PRIVATE KEY----- planted-secret'}",
            "tls_server_config:\n  cert_file: server.crt\n  key_file: |\n    -----BEGIN KEY-----\n    planted-secret\n",
            "tls_server_config: {cert_file: server.crt, key_file: \"two\\nplanted-lines\"}",
        ] {
            #expect(!(try error(text)).contains("planted"))
        }
    }

    @Test func everyFileIsWatchedAlsoAfterAnError() throws {
        let good = try read("\(Self.tls)}").files
        #expect(good.seen.map(\.path) == ["web.yml", "server.crt", "server.key"].map(folder.path))
        #expect(!good.haveChanged)
        var files = WebFiles()
        let path = try folder.write("tls_server_config: {cert_file: later.crt, key_file: server.key}", to: "broken.yml")
        let settings = try Settings(flags: ["web.config.file": [path]])
        #expect(throws: ConfigurationError.self) { _ = try WebConfiguration.rules(for: settings, &files) }
        #expect(!files.haveChanged)
        try folder.write("now it is here", to: "later.crt")
        #expect(files.haveChanged)
    }

    /// What Prometheus' own checker takes is taken here, and what it refuses is refused.
    private static let oracleCases = [
        "tls_server_config: {cert_file: server.crt, key_file: server.key}",
        "tls_server_config: {cert_file: server.crt, key_file: server.key, min_version: TLS13, curve_preferences: [X25519]}",
        "tls_server_config: {cert_file: server.crt, key_file: server.key, client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt}",
        "tls_server_config: {cert_file: server.crt, key_file: server.key, cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]}",
        "basic_auth_users: {prometheus: '\(hash)'}",
        "http_server_config: {http2: false, headers: {X-Frame-Options: deny}}",
        "tls_server_config: {cert_file: server.crt}", "tls_server_config: {cert_file: none, key_file: server.key}",
        "tls_server_config: {cert_file: server.crt, key_file: server.key, min_version: TLS14}",
        "tls_server_config: {cert_file: server.crt, key_file: server.key, client_ca_file: ca.crt}",
        "tls_server_config: {cert_file: server.crt, key_file: server.key, client_auth_type: Never}",
        "tls_server_config: {cert_file: server.crt, key_file: server.key, cipher_suites: [X]}",
        "basic_auth_users: {prometheus: plain}", "http_server_config: {headers: {X-Other: a}}", "unknown: {}",
        "http_server_config: {headers: {X-Content-Type-Options: sniff}}",
        "http_server_config: {http2: True}", "http_server_config: {http2: yes}", "http_server_config: {http2: OFF}",
        "http_server_config: {http2: n}", "http_server_config: {http2: 1}", "http_server_config: {http2: tRue}",
        "http_server_config:\n", "tls_server_config: '~'",
    ]

    @Test func promtoolAgrees() throws {
        let paths = try Self.oracleCases.indices.map { try folder.write(Self.oracleCases[$0], to: "case-\($0).yml") }
        let verdict = try ServerProcess.run("promtool", ["check", "web-config"] + paths, in: folder).output
        for (text, path) in zip(Self.oracleCases, paths) {
            let isFine = verdict.contains("\(path) SUCCESS")
            #expect(isFine != verdict.contains("\(path) FAILED"), "\(verdict)")
            #expect(((try? read(text)) != nil) == isFine, "\(text)")
        }
    }

    @Test func theExampleIsRead() throws {
        let example = try Project.text("deploy/web-config.yaml")
        for name in ["tls.crt", "tls.key"] {
            try folder.write(
                try String(
                    contentsOfFile: folder.path(name == "tls.crt" ? "server.crt" : "server.key"), encoding: .utf8),
                to: name)
        }
        try folder.write(try String(contentsOfFile: folder.path("ca.crt"), encoding: .utf8), to: "clients.crt")
        let rules = try read(example).rules
        #expect(rules.tls != nil && !rules.users.isEmpty && !rules.keys.isEmpty && rules.everyone != nil)
        // Every key of the format stands there, in force or as a comment.
        for key in [
            "client_allowed_sans", "cipher_suites", "curve_preferences", "http2", "allow", "requests_per_second",
        ] {
            #expect(example.contains("\(key):"), "\(key)")
        }
    }
}

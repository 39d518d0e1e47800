import Foundation
import Glibc
import TestKit
import Testing

/// `--web.config.file` and `--web.rate-limit` on the built program.
@Suite struct WebConfigTests {
    private let folder: TemporaryFolder
    private let authority: Certificates
    /// bcrypt of `U*U`.
    static let hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
    private static let tls = "tls_server_config: {cert_file: server.crt, key_file: server.key}\n"

    init() throws {
        folder = try TemporaryFolder()
        authority = try Certificates(in: folder)
        _ = try authority.sign("server", names: ["DNS:localhost", "IP:127.0.0.1"])
    }

    private func start(_ config: String, _ arguments: String...) async throws -> Sidelong {
        let path = try folder.write(config, to: "web.yml")
        return try await Sidelong(["--redis.addr=127.0.0.1:1", "--web.config.file=\(path)"] + arguments)
    }

    /// The page that curl gets, or an empty text.
    private func curl(_ sidelong: Sidelong, _ path: String = "/metrics", _ arguments: [String] = []) throws -> String {
        let common = ["-s", "-f", "--max-time", "30", "--cacert", authority.authority]
        let url = "https://localhost:\(sidelong.port)\(path)"
        return try ServerProcess.run("curl", common + arguments + [url]).output
    }

    @Test(arguments: [
        ("tls_server_config: {cert_file: none.crt, key_file: server.key}", "tls_server_config.cert_file: "),
        ("\nnonsense: {}", "line 2: nonsense: unknown key; allowed: "),
        ("basic_auth_users: {a: planted-secret}", "line 1: basic_auth_users.a: "),
    ])
    func aBadFileEndsTheStartWithTwoAndOneLine(config: String, expected: String) async throws {
        let path = try folder.write(config, to: "web.yml")
        for word in ["serve", "check"] {
            let result = try await Sidelong.run([word, "--web.config.file=\(path)", "--redis.addr=127.0.0.1:1"])
            #expect(result.status == 2)
            #expect(result.output.hasPrefix("sidelong: --web.config.file: \(path) "))
            #expect(result.output.contains(expected), "\(result.output)")
            #expect(result.output.split(separator: "\n").count == 1)
            #expect(!result.output.contains("planted"))
        }
    }

    /// Each certificate has a daemon of libmicrohttpd, which goes with its last connection.
    @Test func renewedCertificatesLeaveNothingBehind() async throws {
        let sidelong = try await start(Self.tls)
        try await eventually("served") { try curl(sidelong).contains("\nsidelong_build_info") }
        func renew(_ number: Int) async throws {
            _ = try authority.sign("server", names: ["DNS:localhost", "IP:127.0.0.1"])
            sidelong.process.send(SIGHUP)
            try await eventually("taken") {
                sidelong.process.output.components(separatedBy: "web configuration read again").count > number
            }
            #expect(try curl(sidelong).contains("\nsidelong_build_info"))
        }
        func descriptors() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/\(sidelong.process.identifier)/fd").count
        }
        for number in 1...2 { try await renew(number) }
        let before = try descriptors()
        for number in 3...12 { try await renew(number) }
        try await eventually("old daemons are gone") { try descriptors() <= before }
    }

    @Test func pagesNeedACredentialAndProbesDoNot() async throws {
        let token = "sesame"
        let digest = try ServerProcess.run("bash", ["-c", "printf %s \(token) | sha256sum"]).output.prefix(64)
        let sidelong = try await start(
            "basic_auth_users: {prometheus: '\(Self.hash)'}\napi_keys: [{name: grafana, sha256: \(digest)}]\n")
        try await sidelong.isReady()
        #expect(try sidelong.get("/health/live").status == 200)
        #expect(try request("HEAD", port: sidelong.port, "/health/ready").status == 200)
        for path in ["/metrics", "/health", "/health/redis", "/health/live/", "/"] {
            #expect(try sidelong.get(path).status == 401, "\(path)")
        }
        let basic = ["Authorization": "Basic " + Data("prometheus:U*U".utf8).base64EncodedString()]
        #expect(try sidelong.get("/metrics", headers: basic).status == 200)
        let page = try sidelong.get("/metrics", headers: ["Authorization": "Bearer \(token)"]).text
        #expect(page.contains("\nsidelong_api_key_requests_total{name=\"grafana\"} 1\n"))
        #expect(page.contains("\nsidelong_auth_failures_total{reason=\"missing\"} 5\n"))
        #expect(page.contains("\nsidelong_auth_failures_total{reason=\"password\"} 0\n"))
    }

    @Test func tooManyRequestsAre429() async throws {
        let sidelong = try await Sidelong(
            ["--redis.addr=127.0.0.1:1"], environment: ["RATE_LIMIT_DEFAULT_RPS": "0.01"])
        #expect(try sidelong.get("/metrics").status == 200)
        let refused = try sidelong.get("/metrics")
        #expect(refused.status == 429)
        #expect(Int(refused.headers["retry-after"] ?? "") ?? 0 > 1)
        #expect(try sidelong.get("/health/live").status == 200)
        let patient = try await Sidelong(["--redis.addr=127.0.0.1:1", "--web.rate-limit=0"])
        for _ in 0..<300 { #expect(try patient.get("/health").status != 429) }
    }

    @Test func hangupBringsAnotherRate() async throws {
        let config = try folder.write("web:\n  rate-limit: 0.01\n", to: "sidelong.yaml")
        let sidelong = try await Sidelong(["--redis.addr=127.0.0.1:1", "--config.file=\(config)"])
        #expect(try sidelong.get("/metrics").status == 200)
        #expect(try sidelong.get("/metrics").status == 429)
        try folder.write("web:\n  rate-limit: 1000\n", to: "sidelong.yaml")
        sidelong.process.send(SIGHUP)
        try await eventually("the new rate") { try sidelong.get("/metrics").status == 200 }
        #expect(try sidelong.value(#"sidelong_rate_limited_requests_total{scope="client"}"#) ?? 0 >= 1)
    }

    @Test func aChangedCertificateIsTakenAndABrokenOneRefused() async throws {
        let sidelong = try await start(Self.tls)
        #expect(try curl(sidelong).contains("\nsidelong_web_config_last_reload_successful 1\n"))
        let next = try authority.sign("next", names: ["DNS:localhost"])
        for (from, to) in [(next.key, "server.key"), (next.certificate, "server.crt")] {
            // As certificate managers do it: a new file takes the name.
            try FileManager.default.copyItem(atPath: from, toPath: folder.path("new"))
            #expect(unsafe rename(folder.path("new"), folder.path(to)) == 0)
        }
        func subject() throws -> String {
            try ServerProcess.run("openssl", ["s_client", "-connect", "localhost:\(sidelong.port)"]).output
        }
        try await eventually("the new certificate") { try subject().contains("CN = next") }
        #expect(try curl(sidelong).contains("\nsidelong_web_config_last_reload_successful 1\n"))
        try folder.write("broken", to: "server.key")
        try await eventually("the refusal") {
            try curl(sidelong).contains("\nsidelong_web_config_last_reload_successful 0\n")
        }
        #expect(try subject().contains("CN = next"))
        let log = sidelong.process.output
        #expect(log.contains("web configuration refused, the old one stays"))
        #expect(log.contains("tls_server_config.key_file: no key in PEM form"))
        try FileManager.default.removeItem(atPath: folder.path("server.key"))
        try FileManager.default.copyItem(atPath: next.key, toPath: folder.path("server.key"))
        try await eventually("all is well") {
            try curl(sidelong).contains("\nsidelong_web_config_last_reload_successful 1\n")
        }
    }

    /// As while it is being written, or on a full disk: what has no rules in it would open everything to everybody.
    @Test(arguments: ["", "# nothing but a comment\n", "{}\n"])
    func aFileThatHasLostItsRulesIsRefused(text: String) async throws {
        let sidelong = try await start("basic_auth_users: {prometheus: '\(Self.hash)'}\n")
        #expect(try sidelong.get("/metrics").status == 401)
        try folder.write(text, to: "web.yml")
        sidelong.process.send(SIGHUP)
        try await eventually("refused") { sidelong.process.output.contains("web.yml: sets nothing any more") }
        #expect(try sidelong.get("/metrics").status == 401)
    }

    @Test func aChangedFileIsTakenWithoutASignal() async throws {
        let sidelong = try await start("{}")
        #expect(try sidelong.get("/metrics").status == 200)
        try folder.write("basic_auth_users: {prometheus: '\(Self.hash)'}\n", to: "web.yml")
        try await eventually("users") { try sidelong.get("/metrics").status == 401 }
        try folder.write("basic_auth_users: {prometheus: nonsense}\n", to: "web.yml")
        try await eventually("the refusal") { sidelong.process.output.contains("web configuration refused") }
        #expect(try sidelong.get("/metrics").status == 401, "the old rules stay")
        let refusals = sidelong.process.output.components(separatedBy: "web configuration refused").count - 1
        #expect(refusals == 1)
    }

    @Test func theHealthCheckFindsItsWay() async throws {
        let sidelong = try await start(Self.tls)
        let own = ["health", "--web.listen-address=127.0.0.1:\(sidelong.port)"]
        let config = "--web.config.file=\(folder.path("web.yml"))"
        #expect(try await Sidelong.run(own + [config]).status == 0)
        #expect(try await Sidelong.run(["health", "https://127.0.0.1:\(sidelong.port)"]).status == 0)
        #expect(try await Sidelong.run(own).status == 1, "without the option it is plain HTTP")
        try folder.write("broken: [", to: "web.yml")
        #expect(try await Sidelong.run(own + [config]).status == 0, "a broken file is no dead exporter")
        let plain = try await Sidelong(["--redis.addr=127.0.0.1:1"])
        let other = ["health", "--web.listen-address=127.0.0.1:\(plain.port)", config]
        #expect(try await Sidelong.run(other).status == 0)
    }

    @Test func withClientCertificatesTheHealthCheckTakesTheUnixSocket() async throws {
        let socket = "--web.listen-address=unix://\(folder.path("s"))"
        let sidelong = try await start(
            """
            tls_server_config: {cert_file: server.crt, key_file: server.key, client_ca_file: ca.crt,
              client_auth_type: RequireAndVerifyClientCert}
            basic_auth_users: {prometheus: '\(Self.hash)'}
            """, socket)
        let config = "--web.config.file=\(folder.path("web.yml"))"
        let address = "--web.listen-address=127.0.0.1:\(sidelong.port)"
        #expect(try await Sidelong.run(["health", config, address, socket]).status == 0)
        let result = try await Sidelong.run(["health", config, address])
        #expect(result.status == 1)
        #expect(!result.output.isEmpty)
    }

    @Test func prometheusScrapesWithEverythingAtOnce() async throws {
        let client = try authority.sign("prometheus", names: ["DNS:prometheus.example"])
        let sidelong = try await start(
            """
            tls_server_config:
              cert_file: server.crt
              key_file: server.key
              client_ca_file: ca.crt
              client_auth_type: RequireAndVerifyClientCert
              client_allowed_sans: [prometheus.example]
            basic_auth_users: {prometheus: '\(Self.hash)'}
            rate_limit: {interval: 10ms, burst: 50}
            allow: [127.0.0.1]
            """)
        let prometheus = try await PrometheusServer(
            targets: ["localhost:\(sidelong.port)"],
            scrape: """
                    scheme: https
                    basic_auth: {username: prometheus, password: 'U*U'}
                    tls_config:
                      ca_file: \(authority.authority)
                      cert_file: \(client.certificate)
                      key_file: \(client.key)
                """)
        try await eventually("a scrape") { try prometheus.query("up == 1") == 1 }
        #expect(try prometheus.query("sidelong_system_call_filter_active == \(Sidelong.hasFilter ? 1 : 0)") == 1)
        #expect(try curl(sidelong) == "", "nobody else")
    }
}

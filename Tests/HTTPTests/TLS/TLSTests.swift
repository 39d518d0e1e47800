import Foundation
import TestKit
import Testing

@testable import HTTP

/// A server with TLS, asked by curl and by openssl.
@Suite(.serialized) struct TLSTests {
    /// The same for all tests: making certificates is what takes long.
    private static let identity = Result { try TLSIdentity() }

    private let folder: TemporaryFolder
    private let authority: Certificates
    private let server: (certificate: String, key: String)
    private let client: (certificate: String, key: String)
    private let stranger: (certificate: String, key: String)

    init() throws {
        let identity = try Self.identity.get()
        folder = identity.folder
        authority = identity.authority
        (server, client, stranger) = (identity.server, identity.client, identity.stranger)
    }

    private func rules(_ change: (inout TLSSettings) throws -> Void = { _ in }) throws -> AccessRules {
        var settings = TLSSettings(certificate: try text(server.certificate), key: try text(server.key))
        try change(&settings)
        var rules = AccessRules()
        rules.tls = settings
        return rules
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }

    /// What curl makes of a request: its exit status, and the page or the error.
    private func curl(_ test: TestServer, _ arguments: String..., path: String = "/") throws -> (Int32, String) {
        let common = ["-sS", "--max-time", "30", "--cacert", authority.authority]
        return try ServerProcess.run("curl", common + arguments + ["https://localhost:\(test.port)\(path)"])
    }

    // MARK: The server's own side

    @Test func aPageComesOverEitherVersion() throws {
        let test = try TestServer(rules: try rules())
        #expect(try curl(test).1 == "hello 127.0.0.1\n")
        #expect(try curl(test, "--tls-max", "1.2").1 == "hello 127.0.0.1\n")
        #expect(try curl(test, "--tlsv1.3").1 == "hello 127.0.0.1\n")
        #expect(try curl(test, "--http2").1 == "hello 127.0.0.1\n")
    }

    @Test func largeBodiesAndManyClients() async throws {
        let test = try TestServer(rules: try rules())
        let file = folder.path("big")
        #expect(try curl(test, "-o", file, path: "/big").0 == 0)
        let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
        #expect(size == TestServer.bigSize)
        let urls = (0..<20).map { _ in "https://localhost:\(test.port)/" }
        let parallel = ["-sS", "--parallel", "--parallel-immediate", "--cacert", authority.authority] + urls
        let (status, output) = try ServerProcess.run("curl", parallel)
        #expect(status == 0)
        #expect(output.components(separatedBy: "hello").count == 21)
        try await eventually("all connections closed") { test.counts.open == 0 }
    }

    @Test func versionsAndCiphersAreThoseThatWereAskedFor() throws {
        let test = try TestServer(rules: try rules { $0.versions = .v13 ... .v13 })
        #expect(try curl(test, "--tls-max", "1.2").0 != 0)
        #expect(try curl(test).0 == 0)
        let narrow = try TestServer(
            rules: try rules {
                $0.versions = .v12 ... .v12
                $0.cipherSuites = [CipherSuite("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")!]
                $0.curves = [.p384]
            })
        #expect(try curl(narrow, "--tlsv1.3").0 != 0)
        #expect(try curl(narrow, "--ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256").0 != 0)
        #expect(try curl(narrow, "--curves", "X25519").0 != 0)
        let connection = try ServerProcess.run(
            "openssl", ["s_client", "-brief", "-connect", "127.0.0.1:\(narrow.port)"])
        #expect(connection.output.contains("Ciphersuite: ECDHE-ECDSA-AES256-GCM-SHA384"), "\(connection.output)")
        #expect(connection.output.contains("ECDH, secp384r1, 384 bits"), "\(connection.output)")
    }

    @Test(arguments: ["-tls1", "-tls1_1", "-ssl3"])
    func oldVersionsAreNotSpoken(flag: String) throws {
        let test = try TestServer(rules: try rules())
        let result = try ServerProcess.run(
            "openssl", ["s_client", "-brief", flag, "-cipher", "ALL@SECLEVEL=0", "-connect", "127.0.0.1:\(test.port)"])
        #expect(!result.output.contains("CONNECTION ESTABLISHED"))
    }

    @Test func plainHTTPAndGarbageGetNothing() throws {
        let test = try TestServer(rules: try rules())
        #expect((try? request(port: test.port, "/").status) == nil)
        let client = try RawSocket(port: test.port)
        try client.send((0..<500).map { _ in UInt8.random(in: 0...255) })
        _ = client.countUntilClosed()
        #expect(try curl(test).0 == 0)
    }

    @Test func aSilentHandshakeIsCut() async throws {
        let test = try TestServer(rules: try rules()) { $0.requestTime = .milliseconds(200) }
        let client = try RawSocket(port: test.port)
        #expect(client.countUntilClosed() == 0)
        try await eventually("it is counted") { test.counts.cut == 1 }
        #expect(try curl(test).0 == 0)
    }

    @Test func aUnixSocketStaysPlain() throws {
        let path = folder.path("socket")
        let test = try TestServer("unix://\(path)", rules: try rules())
        let client = try RawSocket.connected(to: SocketAddress(path: path))
        try client.get()
        #expect(try client.answer().status == 200)
        #expect(test.counts.accepted == 1)
    }

    @Test func theProbeAsksOverTLS() throws {
        let test = try TestServer(rules: try rules())
        let server = HTTPProbe.Server(test.server.addresses[0], tls: TLSClientSettings())
        #expect(try HTTPProbe.status(of: "/empty", at: server) == 200)
    }

    /// As when a server sends a client away whose certificate it does not like.
    @Test func writingToAServerThatIsGoneIsNoSignal() async throws {
        let test = try TestServer(rules: try rules())
        let socket = try RawSocket(port: test.port)
        let patience = ContinuousClock.now + .seconds(60)
        let client = try TLSClient(over: socket.descriptor, before: patience)
        test.server.stop(within: .zero)
        try await eventually("the end of the connection") {
            !client.send(Array("GET / HTTP/1.1\r\n".utf8), before: patience)
        }
    }

    @Test func passwordsAreCheckedOverTLSToo() throws {
        var rules = try rules()
        rules.users["user"] = PasswordHash("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")
        let test = try TestServer(rules: rules)
        #expect(try curl(test, "-u", "user:U*U").1 == "hello 127.0.0.1\n")
        #expect(try curl(test, "-u", "user:U*U", "--tls-max", "1.2").1 == "hello 127.0.0.1\n")
        #expect(try curl(test, "-f", "-u", "user:wrong").0 == 22)
    }

    // MARK: Clients' certificates

    private func withClients(
        _ wanted: TLSSettings.ClientCertificate, names: [String] = []
    ) throws -> TestServer {
        let ca = try text(authority.authority)
        return try TestServer(
            rules: try rules {
                $0.clientAuthority = ca
                $0.clientCertificate = wanted
                $0.clientNames = names
            })
    }

    @Test(arguments: ["1.2", "1.3"])
    func onlyAVerifiedCertificateIsServed(version: String) throws {
        let test = try withClients(.verified)
        let expired = try authority.sign("late", names: ["DNS:client"], isExpired: true)
        func answer(_ identity: (certificate: String, key: String)?) throws -> String {
            let shown = identity.map { ["--cert", $0.certificate, "--key", $0.key] } ?? []
            let common = ["-s", "--max-time", "30", "--cacert", authority.authority, "--tls-max", version]
            return try ServerProcess.run("curl", common + shown + ["https://localhost:\(test.port)/"]).output
        }
        #expect(try answer(client) == "hello 127.0.0.1\n")
        #expect(try answer(nil) == "")
        #expect(try answer(stranger) == "")
        #expect(try answer(expired) == "")
        #expect(test.exchanges.count <= 1, "nothing of the others was even read")
        #expect(test.server.accessCounts.failures == [.certificate: 2])
    }

    /// A server's refusal comes before the answer, or while a long question is still on its way.
    @Test(arguments: [0, 8 << 20])
    func aProbeThatLacksACertificateSaysSo(length: Int) throws {
        let test = try withClients(.verified)
        let address = test.server.addresses[0]
        let server = HTTPProbe.Server(address, tls: TLSClientSettings())
        let more = [("More", String(repeating: "x", count: length))]
        let failure = HTTPProbe.Failure("\(address): no answer; the server may want a client certificate")
        #expect(throws: failure) { try HTTPProbe.answer(to: "/", at: server, fields: more, within: .seconds(60)) }
    }

    @Test func theOtherKindsOfAskingAreWhatTheySay() throws {
        func served(_ test: TestServer, _ identity: (certificate: String, key: String)?) throws -> Bool {
            guard let identity else { return try curl(test).0 == 0 }
            return try curl(test, "--cert", identity.certificate, "--key", identity.key).0 == 0
        }
        let ifGiven = try withClients(.verifiedIfGiven)
        #expect(try served(ifGiven, nil))
        #expect(try served(ifGiven, client))
        #expect(try !served(ifGiven, stranger))
        let any = try withClients(.required)
        #expect(try !served(any, nil))
        #expect(try served(any, stranger))
        let requested = try withClients(.requested)
        #expect(try served(requested, nil))
        #expect(try served(requested, stranger))
    }

    @Test(arguments: [
        ("DNS:prometheus.example", "prometheus.example", true), ("DNS:other.example", "prometheus.example", false),
        ("IP:192.0.2.7", "192.0.2.7", true), ("IP:2001:db8::1", "2001:0db8:0:0::1", true),
        ("email:ops@example.org", "ops@example.org", true),
        ("URI:spiffe://example/prometheus", "spiffe://example/prometheus", true),
        ("URI:spiffe://example/prometheus", "spiffe://example", false),
    ])
    func aClientCarriesAnAllowedName(name: String, allowed: String, isServed: Bool) throws {
        let test = try withClients(.verified, names: ["nobody", allowed])
        let client = try authority.sign("named", names: [name, "DNS:also"])
        let status = try curl(test, "--cert", client.certificate, "--key", client.key).0
        #expect((status == 0) == isServed)
        #expect(test.server.accessCounts.failures == (isServed ? [:] : [.certificate: 1]))
    }

    // MARK: Changes

    @Test func aNewCertificateServesNewConnectionsAndTheOldOnesStay() async throws {
        let test = try TestServer(rules: try rules())
        let old = try ServerProcess(
            "openssl",
            [
                "s_client", "-quiet", "-CAfile", authority.authority, "-connect",
                "localhost:\(test.port)",
            ],
            in: folder)
        try await eventually("connected") { test.counts.open == 1 }
        let next = try authority.sign("next", names: ["DNS:localhost"])
        var rules = try rules()
        rules.tls = TLSSettings(certificate: try text(next.certificate), key: try text(next.key))
        try test.server.replaceRules(with: rules)
        try await eventually("the new certificate") {
            let shown = try ServerProcess.run(
                "openssl", ["s_client", "-showcerts", "-connect", "localhost:\(test.port)"])
            return shown.output.contains("CN = next")
        }
        #expect(old.isRunning)
        try await eventually("only the old connection is left") { test.counts.open == 1 }
        #expect(try curl(test).0 == 0)
        old.kill()
        try await eventually("and then none") { test.counts.open == 0 }
    }

    @Test func anOldConnectionIsServedAfterTheChange() async throws {
        let test = try TestServer(rules: try rules())
        let next = try authority.sign("next", names: ["DNS:localhost"])
        // curl asks twice over one connection, and slowly enough for the change to come in between.
        let url = "https://localhost:\(test.port)/"
        let slow = try ServerProcess(
            "curl", ["-sS", "-v", "--rate", "30/m", "--cacert", authority.authority, url, url], in: folder)
        try await eventually("the first answer") { slow.output.contains("hello") }
        var rules = try rules()
        rules.tls = TLSSettings(certificate: try text(next.certificate), key: try text(next.key))
        try test.server.replaceRules(with: rules)
        #expect(try await slow.exitStatus() == 0)
        #expect(slow.output.components(separatedBy: "hello 127").count == 3)
        #expect(slow.output.contains("Re-using existing connection"), "\(slow.output)")
        #expect(test.counts.accepted == 1)
    }

    @Test func encryptionCanBeSwitchedOnAndOff() async throws {
        let test = try TestServer(rules: AccessRules())
        let plain = try RawSocket(port: test.port)
        try plain.get()
        #expect(try plain.answer().status == 200)
        try test.server.replaceRules(with: try rules())
        try await eventually("encrypted") { try curl(test).0 == 0 }
        try plain.get()
        #expect(try plain.answer().status == 200, "an open connection goes on as it is")
        try test.server.replaceRules(with: AccessRules())
        try await eventually("plain again") { (try? request(port: test.port, "/").status) == 200 }
    }

    @Test func whatDoesNotBelongTogetherIsRefused() throws {
        let other = try authority.sign("other", names: ["DNS:localhost"])
        let encrypted = try authority.encrypt(server.key)
        let test = try TestServer(rules: try rules())
        func problem(_ change: (inout TLSSettings) throws -> Void) throws -> TLSProblem? {
            let rules = try rules(change)
            return #expect(throws: TLSProblem.self) { try test.server.replaceRules(with: rules) }
        }
        #expect(try problem { $0.key = try text(other.key) }?.setting == .key)
        #expect(try problem { $0.key = try text(encrypted) }?.setting == .key)
        #expect(try problem { $0.key = "nothing" }?.setting == .key)
        #expect(try problem { $0.certificate = "nothing" }?.setting == .certificate)
        #expect(try problem { $0.clientAuthority = "nothing" }?.setting == .clientAuthority)
        #expect(try curl(test).0 == 0, "the old rules stay")
    }
}

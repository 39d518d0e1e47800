import Foundation
import Metrics
import TestKit
import Testing

@testable import Redis

/// TLS between us and the server, and who trusts whom.
struct LiveTLSTests {
    /// A server that speaks TLS on a second port, and asks for client certificates where that is wanted.
    private struct Setting {
        let server: RedisServer
        let authority: Certificates
        let client: (certificate: String, key: String)
        let port: Int

        init(names: [String] = ["DNS:localhost", "IP:127.0.0.1"], isExpired: Bool = false, wantsClient: Bool = false)
            async throws
        {
            let folder = try TemporaryFolder()
            authority = try Certificates(in: folder)
            client = try authority.sign("client", names: ["DNS:client"])
            let own = try authority.sign("server", names: names, isExpired: isExpired)
            port = try freePort()
            server = try await RedisServer(
                "redis-server",
                [
                    "tls-port \(port)", "tls-cert-file \(own.certificate)", "tls-key-file \(own.key)",
                    "tls-ca-cert-file \(authority.authority)", "tls-auth-clients \(wantsClient ? "yes" : "no")",
                ], in: folder)
        }

        /// Settings that trust the server's authority.
        var trusting: RedisSettings {
            var settings = RedisSettings.patient
            settings.tls.caFile = authority.authority
            return settings
        }

        func target(
            _ settings: RedisSettings, host: String = "localhost", counting connections: Connections = Connections()
        ) throws -> RedisTarget {
            try server.target(settings, address: "rediss://\(host):\(port)", counting: connections)
        }
    }

    @Test func aTrustedServerIsPolledOverOneConnection() async throws {
        let setting = try await Setting()
        let connections = Connections()
        let target = try setting.target(setting.trusting, counting: connections)
        for _ in 0..<3 { _ = try await target.poll() }
        #expect(connections.count == 1)
        _ = try await setting.target(setting.trusting, host: "127.0.0.1").poll()
    }

    @Test func aClientCertificateIsShown() async throws {
        let setting = try await Setting(wantsClient: true)
        var settings = setting.trusting
        for _ in 0..<20 {
            let failure = try await setting.target(settings).failure()
            #expect(failure?.reason == .tls)
            #expect(failure?.message.contains("wants a client certificate") == true, "\(String(describing: failure))")
        }
        settings.tls.certificateFile = setting.client.certificate
        settings.tls.keyFile = setting.client.key
        _ = try await setting.target(settings).poll()
    }

    @Test func anUnknownAuthorityIsRefused() async throws {
        let setting = try await Setting()
        let other = try Certificates("other", in: setting.server.folder)
        var settings = setting.trusting
        settings.tls.caFile = other.authority
        let failure = try await setting.target(settings).failure()
        #expect(failure?.reason == .tls)
        #expect(failure?.message.contains("certificate") == true)
        let unset = try await setting.target(.patient).failure()
        #expect(unset?.reason == .tls)
    }

    @Test func anExpiredCertificateIsRefused() async throws {
        let setting = try await Setting(isExpired: true)
        let failure = try await setting.target(setting.trusting).failure()
        #expect(failure?.reason == .tls)
        #expect(failure?.message.contains("expired") == true)
    }

    @Test func aCertificateForAnotherNameIsRefused() async throws {
        let setting = try await Setting(names: ["DNS:redis.example"])
        let failure = try await setting.target(setting.trusting).failure()
        #expect(failure?.reason == .tls)
        #expect(failure?.message.lowercased().contains("hostname") == true)
        #expect(try await setting.target(setting.trusting, host: "127.0.0.1").failure()?.reason == .tls)
        var settings = setting.trusting
        settings.tls.serverName = "redis.example"
        _ = try await setting.target(settings).poll()
    }

    @Test func verificationCanBeSwitchedOff() async throws {
        let setting = try await Setting(names: ["DNS:redis.example"], isExpired: true)
        var settings = RedisSettings.patient
        settings.tls.skipsVerification = true
        _ = try await setting.target(settings).poll()
    }

    @Test func aReplacedCertificateFileIsUsedOnTheNextConnect() async throws {
        let setting = try await Setting()
        let file = setting.server.folder.path("trusted.crt")
        let other = try Certificates("other", in: setting.server.folder)
        try FileManager.default.copyItem(atPath: other.authority, toPath: file)
        var settings = setting.trusting
        settings.tls.caFile = file
        let target = try setting.target(settings)
        #expect(await target.failure()?.reason == .tls)
        try FileManager.default.removeItem(atPath: file)
        try FileManager.default.copyItem(atPath: setting.authority.authority, toPath: file)
        _ = try await target.poll()
    }

    @Test func filesThatCannotBeUsedAreNamed() async throws {
        let setting = try await Setting()
        var settings = setting.trusting
        settings.tls.caFile = "/no/such/ca.crt"
        let noAuthority = try await setting.target(settings).failure()
        #expect(noAuthority?.reason == .unreadable)
        #expect(noAuthority?.message.contains("/no/such/ca.crt") == true)
        settings = setting.trusting
        settings.tls.certificateFile = setting.client.certificate
        #expect(try await setting.target(settings).failure()?.reason == .unreadable)
        settings.tls.keyFile = setting.authority.authority
        #expect(try await setting.target(settings).failure()?.reason == .unreadable)
        settings.tls.keyFile = try setting.authority.encrypt(setting.client.key)
        #expect(try await setting.target(settings).failure()?.reason == .unreadable)
    }

    @Test func aServerWithoutTLSSaysSo() async throws {
        let server = try await RedisServer()
        let impatient = RedisSettings(connectTimeout: .milliseconds(500), timeout: .milliseconds(500))
        let failure = try await server.target(impatient, address: "rediss://127.0.0.1:\(server.port)").failure()
        #expect(failure?.reason == .timeout)
        #expect(failure?.message.contains("TLS") == true)
    }

    @Test func aRestartUnderTLSIsNoFailure() async throws {
        let setting = try await Setting()
        let connections = Connections()
        let target = try setting.target(setting.trusting, counting: connections)
        _ = try await target.poll()
        try await setting.server.restart()
        _ = try await target.poll()
        #expect(connections.count == 2)
    }
}

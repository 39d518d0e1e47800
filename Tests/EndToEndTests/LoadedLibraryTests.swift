import Foundation
import TestKit
import Testing

/// Libraries that only some configurations need are loaded when one of them does.
@Suite struct LoadedLibraryTests {
    /// Which of the two libraries the process has loaded.
    private func loaded(by sidelong: Sidelong) throws -> Set<String> {
        let file = try #require(FileHandle(forReadingAtPath: "/proc/\(sidelong.process.identifier)/maps"))
        let maps = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
        #expect(maps.contains("[stack]"), "the end is there")
        return Set(["libpq.so", "libssl.so"].filter { maps.contains("/\($0)") })
    }

    @Test func withoutPostgresAndTLSNeitherIsLoaded() async throws {
        let redis = try await RedisServer()
        let sidelong = try await Sidelong(["--redis.addr=\(redis.address)", "--wire.interfaces=off"])
        try await sidelong.isReady()
        #expect(try sidelong.value("redis_up") == 1)
        #expect(try loaded(by: sidelong).isEmpty)
    }

    @Test func postgresBringsLibpq() async throws {
        let sidelong = try await Sidelong([
            "--redis.addr=127.0.0.1:1", "--postgres.dsn=postgres://nobody@127.0.0.1:1/none", "--wire.interfaces=off",
        ])
        #expect(try loaded(by: sidelong).contains("libpq.so"))
    }

    @Test func aSessionWithTLSBringsOpenSSL() async throws {
        let server = try FakeServer { $0.send("-ERR not TLS\r\n") }
        let sidelong = try await Sidelong(["--redis.addr=rediss://127.0.0.1:\(server.port)", "--wire.interfaces=off"])
        try await eventually("OpenSSL is loaded") { try loaded(by: sidelong) == ["libssl.so"] }
    }

    /// A library that is not one stands before the system's.
    @Test func withoutLibpqTheConfigurationIsRefused() async throws {
        let folder = try TemporaryFolder()
        try folder.write("no library", to: "libpq.so.5")
        let result = try await Sidelong.run(
            ["--postgres.dsn=postgres://nobody@127.0.0.1:1/none"], environment: ["LD_LIBRARY_PATH": folder.url.path])
        #expect(result.status == 2)
        #expect(result.output.contains("libpq5"))
        #expect(result.output.split(separator: "\n").count == 1)
    }

    @Test func withoutOpenSSLThePollSaysSo() async throws {
        let folder = try TemporaryFolder()
        try folder.write("no library", to: "libssl.so.3")
        let server = try FakeServer { $0.send("-ERR not TLS\r\n") }
        let sidelong = try await Sidelong(
            ["--redis.addr=rediss://127.0.0.1:\(server.port)", "--wire.interfaces=off"],
            environment: ["LD_LIBRARY_PATH": folder.url.path])
        try await eventually("the log names OpenSSL") { sidelong.process.output.contains("OpenSSL cannot be used") }
        #expect(try sidelong.value("redis_up") == 0)
    }
}

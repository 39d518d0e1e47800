import Metrics
import TestKit
import Testing

@testable import Redis

/// Which of several passwords a server is shown.
struct PasswordFileTests {
    private static func password(_ file: String, for address: String, user: String? = nil) throws -> String? {
        try PasswordFile(file).password(for: RedisAddress(address), user: user)
    }

    @Test(arguments: ["secret", "{secret}", "{", "[\"a\"]", " {secret"])
    func anyOtherTextIsThePasswordItself(text: String) throws {
        #expect(try Self.password(text, for: "host") == text)
    }

    @Test func aJSONObjectHasOneForEachAddress() throws {
        let file = """
            { "redis://a:6379": "one", "rediss://b:7000" : "t\\u0077o\\n\\"\\ud83d\\ude00", "c": "three",
              "redis://joe@d:6379": "joe's", "redis://d:6379": "anybody's", "unix:///run/redis.sock": "socket",
              "redis://e:6379": "" }

            """
        #expect(try Self.password(file, for: "redis://a:6379") == "one")
        #expect(try Self.password(file, for: "redis://a/0") == "one")
        #expect(try Self.password(file, for: "rediss://b:7000") == "two\n\"\u{1F600}")
        #expect(try Self.password(file, for: "redis://c:6379") == "three")
        #expect(try Self.password(file, for: "redis://d", user: "joe") == "joe's")
        #expect(try Self.password(file, for: "redis://d", user: "ann") == "anybody's")
        #expect(try Self.password(file, for: "redis://d") == "anybody's")
        #expect(try Self.password(file, for: "unix:///run/redis.sock") == "socket")
        for address in ["e", "f", "a:7000"] { #expect(try Self.password(file, for: address) == nil) }
        #expect(try Self.password("{}", for: "a") == nil)
    }

    @Test(arguments: [
        "{\"a\"", "{\"a\":1}", "{\"a\":\"secret\",}", "{\"a\":\"secret\"} x", "{\"a\":\"\\ud83d\"}", "{\"a\":\"\\x\"}",
        "{\"http://a\":\"secret\"}", "{\"redis://u:secret@a:0\":\"secret\"}",
    ])
    func aBrokenFileIsRefusedWithoutRepeatingIt(text: String) {
        let error = #expect(throws: PasswordFile.Malformed.self) { try PasswordFile(text) }
        #expect(error?.description.contains("secret") == false)
    }

    @Test func aPasswordInTheURLGoesBeforeTheGeneralOne() async throws {
        let server = try await RedisServer("redis-server", ["requirepass own", "user ann on >hers +@all ~*"])
        var settings = RedisSettings.patient
        settings.password = "general"
        _ = try await server.target(settings, address: "redis://:own@127.0.0.1:\(server.port)").poll()
        settings.user = "somebody"
        _ = try await server.target(settings, address: "redis://ann:hers@127.0.0.1:\(server.port)").poll()
        settings.user = nil
        settings.password = nil
        settings.passwordFile = try server.folder.write("general\n", to: "password")
        _ = try await server.target(settings, address: "redis://:own@127.0.0.1:\(server.port)").poll()
        #expect(await (try server.target(settings)).failure()?.reason == .auth)
        try server.folder.write("{\"redis://127.0.0.1:\(server.port)\": \"own\"}\n", to: "password")
        _ = try await server.target(settings).poll()
        try server.folder.write("{\"redis://127.0.0.1:\(server.port)\": own}\n", to: "password")
        let broken = await (try server.target(settings)).failure()
        #expect(broken?.reason == .unreadable)
        #expect(broken?.message.contains("own") == false)
    }

    @Test func aSocketTakesThePasswordOfItsURL() async throws {
        let folder = try TemporaryFolder()
        let server = try await RedisServer(
            "redis-server", ["requirepass own", "unixsocket \(folder.path("redis.sock"))"], in: folder)
        _ = try await server.target(address: "unix://:own@\(folder.path("redis.sock"))?db=1").poll()
    }
}

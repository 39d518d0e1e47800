import Testing

@testable import Redis

struct RedisAddressTests {
    @Test(
        arguments: [
            ("localhost", "localhost", 6379, false), ("redis.example:7000", "redis.example", 7000, false),
            ("10.0.0.1:6379", "10.0.0.1", 6379, false), ("[::1]", "::1", 6379, false),
            ("[::1]:7000", "::1", 7000, false),
            ("redis://localhost", "localhost", 6379, false), ("redis://host:7000/3", "host", 7000, false),
            ("redis://host/", "host", 6379, false), ("rediss://host:7000", "host", 7000, true),
            ("[fe80::1%eth0]:7000", "fe80::1%eth0", 7000, false), ("valkeys://host", "host", 6379, true),
            ("redis://host/?db=3", "host", 6379, false), ("redis://host:7000?database=3", "host", 7000, false),
            ("redis://user:secret@host:7000", "host", 7000, false), ("redis://:secret@[::1]", "::1", 6379, false),
        ] as [(String, String, UInt16, Bool)])
    func reads(text: String, host: String, port: UInt16, usesTLS: Bool) throws {
        let address = try RedisAddress(text)
        #expect(address.endpoint == .tcp(host: host, port: port))
        #expect(address.usesTLS == usesTLS)
        #expect(!address.description.contains("secret"))
    }

    @Test func readsUnixSockets() throws {
        let address = try RedisAddress("unix:///run/redis/redis.sock")
        #expect(address.endpoint == .unix(path: "/run/redis/redis.sock"))
        #expect(address.label == "/run/redis/redis.sock")
        #expect(address.description == "unix:///run/redis/redis.sock")
    }

    @Test func readsUnixSocketsWithCredentials() throws {
        let address = try RedisAddress("unix://us%40er:secret@/run/redis@1.sock?db=2")
        #expect(address.endpoint == .unix(path: "/run/redis@1.sock"))
        #expect(address.user == "us@er")
        #expect(address.password == "secret")
        let passwordOnly = try RedisAddress("unix://:secret@/run/redis.sock")
        #expect(passwordOnly.user == nil)
        #expect(passwordOnly.password == "secret")
        #expect(!passwordOnly.description.contains("secret"))
    }

    @Test(arguments: [
        ("redis://host?family=6", "?family= has no meaning here"), ("unix:///a.sock?timeout=5", "?timeout="),
        ("redis://host?db=x", "?db= must have"), ("rediss://host/0?a%20secret", "?a"),
        ("unix://secret/path", "unix://user:password@/path"), ("unix://p@ss:secret@/path", "%40"),
        ("http://user:secret@host", "sentinel://"),
    ])
    func saysWhatIsWrong(text: String, message: String) {
        let error = #expect(throws: RedisAddress.Malformed.self) { try RedisAddress(text) }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
        #expect(error?.description.contains("secret") == false)
    }

    @Test func readsCredentials() throws {
        let both = try RedisAddress("redis://us%40er:p%3A@ss@host")
        #expect(both.user == "us@er")
        #expect(both.password == "p:@ss")
        let passwordOnly = try RedisAddress("redis://:secret@host")
        #expect(passwordOnly.user == nil)
        #expect(passwordOnly.password == "secret")
        let userOnly = try RedisAddress("redis://user@host")
        #expect(userOnly.user == "user")
        #expect(userOnly.password == nil)
    }

    @Test func printsNoPassword() throws {
        let address = try RedisAddress("redis://user:secret@host")
        let settings = RedisSettings(user: "user", password: "secret")
        for text in ["\(address)", String(reflecting: address), "\(settings)", String(reflecting: [settings])] {
            #expect(!text.contains("secret"))
        }
    }

    @Test func labelsIPv6InBrackets() throws {
        #expect(try RedisAddress("[::1]:7000").label == "[::1]:7000")
        #expect(try RedisAddress("rediss://u:p@[::1]:7000").description == "rediss://[::1]:7000")
    }

    @Test(arguments: [
        "", ":6379", "host:", "host:0", "host:65536", "host:+80", "host:6379x", "::1", "[::1", "[::1]x", "http://host",
        "redis://", "redis://host/db", "redis://host:port", "redis://user:%zz@host", "redis://us%4@host", "a b",
        "host/x",
        "unix://relative", "redis://host:1:2",
    ])
    func refuses(text: String) {
        let error = #expect(throws: RedisAddress.Malformed.self) { try RedisAddress(text) }
        #expect(error?.description.isEmpty == false)
    }

    @Test func refusesWithoutRepeatingSecrets() {
        let error = #expect(throws: RedisAddress.Malformed.self) { try RedisAddress("redis://user:secret@host:0") }
        #expect(error?.description.contains("secret") == false)
    }

    @Test func refusesPathsThatNoSocketCanHave() {
        #expect(throws: RedisAddress.Malformed.self) {
            try RedisAddress("unix:///" + String(repeating: "x", count: 107))
        }
    }
}

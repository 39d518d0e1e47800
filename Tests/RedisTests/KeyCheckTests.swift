import Metrics
import TestKit
import Testing

@testable import Redis

/// Keys that an operator wants to see, on real servers.
struct KeyCheckTests {
    private static func settings(_ change: (inout KeySettings) -> Void) -> RedisSettings {
        var settings = RedisSettings.patient
        settings.keys.interval = .zero
        change(&settings.keys)
        return settings
    }

    @Test(arguments: [
        ("user:1", KeyPattern("user:1")), ("db3=q", KeyPattern(database: 3, "q")),
        ("3=q", KeyPattern(database: 3, "q")),
        ("a%2Cb%3Dc", KeyPattern("a,b=c")), ("a+b", KeyPattern("a b")), (" x ", KeyPattern("x")), ("a=b=c", nil),
        ("dbx=q", nil), ("db-1=q", nil), ("", nil), ("db1=", nil), ("%zz", nil),
    ])
    func theFormIsRedisExporters(text: String, pattern: KeyPattern?) {
        #expect(KeyPattern(parsing: text) == pattern)
    }

    @Test func everyTypeHasItsSize() async throws {
        let server = try await RedisServer()
        for command in [
            ["set", "s", "hello"], ["set", "n", "42.5"], ["set", "empty", ""], ["rpush", "l", "a", "b"],
            ["sadd", "set", "a"], ["zadd", "z", "1", "a", "2", "b", "3", "c"], ["hset", "h", "f", "v"],
            ["xadd", "x", "*", "f", "v"], ["pfadd", "hll", "a", "b"], ["setrange", "large", "100000", "x"],
            ["set", "full", String(repeating: "7", count: 32)],
        ] { try server.cli(command) }
        let target = try server.target(
            Self.settings {
                $0.checked = [KeyPattern("*")]
                $0.checkedSingly = [KeyPattern("absent")]
            })
        let samples = try await target.poll().samples
        let sizes = [
            "s": 5, "n": 4, "empty": 0, "l": 2, "set": 1, "z": 3, "h": 1, "x": 1, "large": 100_001, "absent": 0,
            "full": 32,
        ]
        for (key, size) in sizes { #expect(samples.number(KeyChecks.size, "db0", key) == Double(size), "\(key)") }
        #expect(samples.number(KeyChecks.value, "db0", "n") == 42.5)
        #expect(samples[KeyChecks.value].count == 1)
        #expect(samples.number(KeyChecks.memory, "db0", "large").map { $0 > 100_000 } == true)
        #expect(samples.number(KeyChecks.memory, "db0", "absent") == nil)
        #expect(samples.first(KeyChecks.leftOut) == 0)
        // PFCOUNT would write its result into the key: it is shown once somebody else has asked for it.
        #expect(samples.number(KeyChecks.size, "db0", "hll") == nil)
        #expect(try server.cli("pfcount", "hll") == "2")
        #expect(try await target.poll().samples.number(KeyChecks.size, "db0", "hll") == 2)
        let asked = try server.cli("info", "commandstats")
        #expect(!asked.contains("cmdstat_get:") && !asked.contains("cmdstat_keys"))
        // Of a short string the beginning tells the length: two of two polls were asked for it.
        #expect(asked.contains("cmdstat_strlen:calls=4,"))
        #expect(!(try server.cli("info", "errorstats").contains("WRONGTYPE")))
    }

    /// A value is read only where somebody wants it.
    @Test func noValueIsReadUnlessAskedFor() async throws {
        let server = try await RedisServer()
        for command in [
            ["set", "n", "42"], ["set", "text", "hello"], ["rpush", "l", "a"], ["xadd", "x", "*", "f", "v"],
        ] {
            try server.cli(command)
        }
        let settings = Self.settings {
            $0.checked = [KeyPattern("*")]
            $0.checkedSingly = [KeyPattern("n")]
            $0.counted = [KeyPattern("*")]
            $0.streams = [KeyPattern("*")]
            $0.samplesSizes = true
            $0.excludes = { $0 == "redis_key_value" }
        }
        let samples = try await server.target(settings).poll().samples
        #expect(samples.number(KeyChecks.size, "db0", "n") == 2)
        #expect(samples.number(KeyChecks.size, "db0", "text") == 5)
        #expect(samples[KeyChecks.value].isEmpty)
        let asked = try server.cli("info", "commandstats")
        #expect(!asked.contains("cmdstat_getrange:") && !asked.contains("cmdstat_get:"))
        #expect(asked.contains("cmdstat_strlen:calls=2,"))
        // Nor is one read for what shows no values.
        let others = Self.settings {
            $0.counted = [KeyPattern("*")]
            $0.streams = [KeyPattern("*")]
            $0.samplesSizes = true
            $0.ownQueues = ["mine=l", "log=x", "number=n"].compactMap(OwnQueue.init)
        }
        _ = try await server.target(others).poll()
        #expect(!(try server.cli("info", "commandstats").contains("cmdstat_getrange:")))
    }

    @Test func aWalkGoesOnWhereItStopped() async throws {
        let server = try await RedisServer("redis-server", ["enable-debug-command yes"])
        // More than one poll may look at.
        try server.cli("debug", "populate", "150000")
        try server.cli("-n", "2", "set", "other", "x")
        let target = try server.target(
            Self.settings {
                $0.counted = [KeyPattern("key:*"), KeyPattern(database: 2, "*")]
                $0.checked = [KeyPattern("key:*")]
            })
        let first = try await target.poll().samples
        #expect(first.number(KeyCounts.count, "db0", "key:*") == nil)
        #expect(first.number(KeyCounts.count, "db2", "*") == 1)
        #expect(first[KeyChecks.size].count == KeyWalk.mostNames)
        try await eventually("the end of the walk") {
            try await target.poll().samples.number(KeyCounts.count, "db0", "key:*") == 150_000
        }
        try await eventually("the end of the other walk") {
            try await target.poll().samples.first(KeyChecks.leftOut) == 149_000
        }
    }

    @Test func aSlowTimerOfTheirOwn() async throws {
        let server = try await RedisServer()
        let target = try server.target(
            Self.settings {
                $0.checkedSingly = [KeyPattern("l")]
                $0.interval = .seconds(3600)
            })
        #expect(try await target.poll().samples.number(KeyChecks.size, "db0", "l") == 0)
        try server.cli("rpush", "l", "x")
        let later = try await target.poll()
        #expect(later.skipped.contains(KeyChecks.name))
        #expect(later.samples.number(KeyChecks.size, "db0", "l") == 0)
    }

    @Test func aDenialIsSaidWithItsRemedy() async throws {
        let server = try await RedisServer("redis-server", ["user watcher on nopass +@all -memory ~*"])
        var settings = Self.settings { $0.checkedSingly = [KeyPattern("l")] }
        settings.user = "watcher"
        let collected = try await server.target(settings).poll()
        #expect(collected.reason(KeyChecks.name) == .denied)
        #expect(collected.remedy?.contains("+memory|usage") == true)
    }

    /// A server that says something else than a SCAN or a size does no harm.
    @Test func nonsenseIsPassedOver() async throws {
        let info = "redis_version:7.0.0\r\nrun_id:a\r\ncmdstat_get:calls=1,usec=1\r\n"
        for nonsense in [":1\r\n", "*2\r\n$1\r\n7\r\n*0\r\n", "+none\r\n", "$3\r\nabc\r\n", "*0\r\n"] {
            let server = try RedisImitation { command in
                switch command[0] {
                case "PING": "+PONG\r\n"
                case "INFO": RedisImitation.bulk(info)
                default: nonsense
                }
            }
            let target = try server.target(
                Self.settings {
                    $0.checked = [KeyPattern("*")]
                    $0.checkedSingly = [KeyPattern(database: 1, "k")]
                    $0.streams = [KeyPattern("*")]
                    $0.streamsSingly = [KeyPattern("k")]
                    $0.counted = [KeyPattern("*")]
                })
            for _ in 0..<2 { _ = try await target.poll() }
            #expect(server.count("SCAN") <= 3 * 2 * KeyWalk.callsPerPoll)
        }
    }
}

import Metrics
import TestKit
import Testing

@testable import Redis

/// Streams and their groups, on real servers.
struct StreamTests {
    private static func settings(_ streams: [KeyPattern], singly: [KeyPattern] = []) -> RedisSettings {
        var settings = RedisSettings.patient
        settings.keys.interval = .zero
        settings.keys.streams = streams
        settings.keys.streamsSingly = singly
        return settings
    }

    @Test func aStreamIsShownWithItsGroups() async throws {
        let server = try await RedisServer()
        let hourAgo = try (Int(server.cli("time").split(separator: "\n")[0]) ?? 0) - 3600
        try server.cli("-n", "3", "xadd", "s", "\(hourAgo)000-0", "f", "v")
        try server.cli("-n", "3", "xadd", "s", "\(hourAgo + 1800)000-0", "f", "v")
        try server.cli("-n", "3", "xgroup", "create", "s", "g", "0")
        try server.cli("-n", "3", "xreadgroup", "group", "g", "c", "count", "1", "streams", "s", ">")
        let target = try server.target(Self.settings([KeyPattern(database: 3, "*")]))
        let samples = try await target.poll().samples
        func about(_ descriptor: Descriptor, _ labels: String...) -> Double? {
            samples[descriptor].first { $0.labels == ["db3", "s"] + labels }.flatMap {
                if case .number(let value) = $0.value { value } else { nil }
            }
        }
        #expect(about(StreamFamilies.length) == 2)
        #expect(about(StreamFamilies.added) == 2)
        #expect(about(StreamFamilies.firstID) == Double(hourAgo) * 1000)
        #expect(about(StreamFamilies.groups) == 1)
        #expect(about(StreamFamilies.oldestAge).map { 3600..<3900 ~= $0 } == true)
        #expect(about(StreamFamilies.lag, "g") == 1)
        #expect(about(StreamFamilies.lagKnown, "g") == 1)
        #expect(about(StreamFamilies.pending, "g") == 1)
        #expect(about(StreamFamilies.undeliveredAge, "g").map { 1800..<2100 ~= $0 } == true)
        #expect(about(StreamFamilies.oldestPendingAge, "g").map { 3600..<3900 ~= $0 } == true)
        #expect(about(StreamFamilies.oldestPendingDeliveries, "g") == 1)
        #expect(about(StreamFamilies.consumerPending, "g", "c") == 1)
        #expect(about(StreamFamilies.consumerIdle, "g", "c").map { 0..<300 ~= $0 } == true)
        // All that is read and acknowledged waits no more.
        try server.cli("-n", "3", "xreadgroup", "group", "g", "c", "streams", "s", ">")
        try server.cli("-n", "3", "xack", "s", "g", "\(hourAgo)000-0", "\(hourAgo + 1800)000-0")
        let later = try await target.poll().samples
        #expect(later.number(StreamFamilies.undeliveredAge, "db3", "s", "g") == 0)
        #expect(later.number(StreamFamilies.oldestPendingAge, "db3", "s", "g") == 0)
    }

    @Test func groupsThatHaveReadEquallyFarShareAQuery() async throws {
        let server = try await RedisServer()
        let hourAgo = try (Int(server.cli("time").split(separator: "\n")[0]) ?? 0) - 3600
        for id in ["\(hourAgo)000-0", "\(hourAgo + 1800)000-0"] { try server.cli("xadd", "s", id, "f", "v") }
        for group in ["a", "b", "c"] { try server.cli("xgroup", "create", "s", group, "0") }
        try server.cli("xgroup", "create", "s", "ahead", "\(hourAgo)000-0")
        let target = try server.target(Self.settings([], singly: [KeyPattern("s")]))
        for _ in 1...2 {
            let samples = try await target.poll().samples
            for (group, age) in [("a", 3600.0), ("b", 3600), ("c", 3600), ("ahead", 1800)] {
                let shown = samples.number(StreamFamilies.undeliveredAge, "db0", "s", group)
                #expect(shown.map { age..<age + 300 ~= $0 } == true, "\(group)")
            }
            #expect(try server.cli("info", "commandstats").contains("cmdstat_xrange:calls=2,"))
        }
    }

    /// Which entry is next is asked again where it may be another one.
    @Test func aDeletedEntryIsNextNoMore() async throws {
        let server = try await RedisServer()
        let now = try Int(server.cli("time").split(separator: "\n")[0]) ?? 0
        for age in [3600, 1800, 900] { try server.cli("xadd", "s", "\(now - age)000-0", "f", "v") }
        try server.cli("xgroup", "create", "s", "g", "0")
        let target = try server.target(Self.settings([], singly: [KeyPattern("s")]))
        let steps: [(command: [String], age: Double)] = [
            (["ping"], 3600), (["xadd", "s", "*", "f", "v"], 3600), (["xdel", "s", "\(now - 3600)000-0"], 1800),
            (["xreadgroup", "group", "g", "c", "count", "1", "streams", "s", ">"], 900),
            (["xtrim", "s", "maxlen", "1"], 0), (["xtrim", "s", "maxlen", "0"], 0),
        ]
        for (command, age) in steps {
            try server.cli(command)
            let shown = try await target.poll().samples.number(StreamFamilies.undeliveredAge, "db0", "s", "g")
            #expect(shown.map { age..<age + 300 ~= $0 } == true, "\(command)")
        }
        try server.cli("xadd", "s", "*", "f", "v")
        try await eventually("a new entry") {
            try await target.poll().samples.number(StreamFamilies.undeliveredAge, "db0", "s", "g").map { $0 > 1 }
                == true
        }
    }

    @Test func aLagThatIsUnknownIsAbsent() async throws {
        let server = try await RedisServer()
        for id in ["1-1", "2-1", "3-1"] { try server.cli("xadd", "s", id, "f", "v") }
        try server.cli("xgroup", "create", "s", "g", "1-1")
        try server.cli("xdel", "s", "2-1")
        let samples = try await server.target(Self.settings([], singly: [KeyPattern("s")])).poll().samples
        #expect(samples[StreamFamilies.lag].isEmpty)
        #expect(samples.number(StreamFamilies.lagKnown, "db0", "s", "g") == 0)
        // Identifiers that were counted tell no age.
        #expect(samples[StreamFamilies.oldestAge].isEmpty && samples[StreamFamilies.undeliveredAge].isEmpty)
        #expect(samples.number(StreamFamilies.lastGeneratedID, "db0", "s") == 3)
    }

    @Test func manyConsumersAreLeftOut() async throws {
        let server = try await RedisServer()
        try server.cli("xgroup", "create", "s", "few", "0", "mkstream")
        try server.cli("xgroup", "create", "s", "many", "0")
        let socket = try RawSocket(port: server.port)
        for number in 0...Int(StreamChecks.mostConsumersOfGroup) {
            try socket.send("XGROUP CREATECONSUMER s many c\(number)\r\n")
        }
        try server.cli("xgroup", "createconsumer", "s", "few", "c")
        let target = try server.target(Self.settings([KeyPattern("s*")]))
        try await eventually("all consumers") {
            let samples = try await target.poll().samples
            return samples.first(StreamFamilies.consumersLeftOut) == StreamChecks.mostConsumersOfGroup + 1
                && samples[StreamFamilies.consumerIdle].map(\.labels) == [["db0", "s", "few", "c"]]
        }
    }

    /// What nobody wants is not asked, nor what is known already.
    @Test func questionsAreSaved() async throws {
        let server = try await RedisServer()
        for key in ["s", "alone"] { try server.cli("xadd", key, "*", "f", "v") }
        try server.cli("xgroup", "create", "s", "g", "0")
        try server.cli("xreadgroup", "group", "g", "c", "count", "1", "streams", "s", ">")
        try server.cli("xadd", "s", "*", "f", "v")
        var settings = Self.settings([], singly: [KeyPattern("s"), KeyPattern("alone")])
        _ = try await server.target(settings).poll()
        let asked = try server.cli("info", "commandstats")
        for command in ["xinfo|groups", "xinfo|consumers", "xpending", "xrange"] {
            #expect(asked.contains("cmdstat_\(command):calls=1,"), "\(command)")
        }
        try server.cli("config", "resetstat")
        settings.keys.excludes = { $0.hasPrefix("redis_stream_group_consumer_") || $0.contains("_age_") }
        #expect(try await server.target(settings).poll().samples[StreamFamilies.oldestPendingDeliveries].count == 1)
        let less = try server.cli("info", "commandstats")
        #expect(!less.contains("cmdstat_xinfo|consumers:") && !less.contains("cmdstat_xrange:"))
        #expect(less.contains("cmdstat_xpending:calls=1,"))
    }

    @Test func whatIsNoStreamCostsNoError() async throws {
        let server = try await RedisServer()
        try server.cli("set", "text", "x")
        try server.cli("xadd", "s", "*", "f", "v")
        let target = try server.target(
            Self.settings([KeyPattern("*")], singly: [KeyPattern("text"), KeyPattern("no")]))
        let collected = try await target.poll()
        #expect(collected.samples[StreamFamilies.length].map(\.labels) == [["db0", "s"]])
        #expect(collected.partFailures.isEmpty)
        #expect(!(try server.cli("info", "errorstats").contains("errorstat_")))
    }

    @Test(arguments: [("5-7", "5-8"), ("5-18446744073709551615", "6-0")])
    func theNextIdentifier(text: String, next: String) {
        #expect(StreamEntryID(text)?.successor == next)
    }

    @Test func onlyAutomaticIdentifiersTellAnAge() {
        #expect(StreamEntryID("1700000000000-0")?.age(at: 1_700_000_060) == 60)
        #expect(StreamEntryID("1700000000000-0")?.age(at: 1_699_999_999) == 0)
        #expect(StreamEntryID("1-1")?.age(at: 1_700_000_000) == nil)
        #expect(StreamEntryID("1900000000000-0")?.age(at: 1_700_000_000) == nil)
        #expect(StreamEntryID("1") == nil && StreamEntryID("x-1") == nil && StreamEntryID(nil) == nil)
    }
}

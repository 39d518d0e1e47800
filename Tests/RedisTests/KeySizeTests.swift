import Metrics
import TestKit
import Testing

@testable import Redis

/// Keys that are sampled for their memory, on a real server and by hand.
struct KeySizeTests {
    private static var settings: RedisSettings {
        var settings = RedisSettings.patient
        settings.keys.samplesSizes = true
        settings.keys.interval = .zero
        settings.keys.queues = .off
        return settings
    }

    /// A few large keys weigh more than many small ones, whatever database they are in.
    @Test func theGroupThatFillsRedisIsSeen() async throws {
        let server = try await RedisServer()
        try server.cli("EVAL", "for i = 1, 40 do redis.call('SET', 'small:' .. i, 'x') end", "0")
        try server.cli(
            "-n", "2", "EVAL",
            "for i = 1, 40 do for j = 1, 50 do redis.call('RPUSH', 'large:' .. i, string.rep('x', 200)) end end", "0")
        var companion = RedisCompanion()
        companion.keyGroup = { arguments in
            String(decoding: arguments[1], as: UTF8.self).split(separator: ":").first.map { "\($0):*" }
        }
        var settings = Self.settings
        // A hundred keys in one poll: half of them from either database.
        settings.keys.interval = .seconds(60)
        let target = RedisTarget(try RedisAddress(server.address), settings, companion: companion)
        let samples = try await target.poll().samples
        #expect(samples.number(KeySizes.keys, "small:*", "string") == 50)
        #expect(samples.number(KeySizes.keys, "large:*", "list") == 50)
        let small = try #require(samples.number(KeySizes.bytes, "small:*", "string"))
        let large = try #require(samples.number(KeySizes.bytes, "large:*", "list"))
        let key = try Double(#require(Int(server.cli("-n", "2", "MEMORY", "USAGE", "large:1"))))
        #expect(large == 50 * key && large > 50 * small)
        #expect(try server.cli("info", "commandstats").contains("cmdstat_randomkey:calls=100,"))
    }

    @Test func nothingIsSampledUnlessAskedFor() throws {
        #expect(!RedisTarget(try RedisAddress("localhost"), .patient).parts.contains(KeySizes.name))
        #expect(RedisTarget(try RedisAddress("localhost"), Self.settings).parts.contains(KeySizes.name))
    }

    @Test func everyKeyIsAsLikelyAsAnyOther() {
        func shares(_ count: Int, _ sizes: [(Int, Double)]) -> [[Int]] {
            KeySizes.shares(of: count, sizes.map { (database: $0.0, keys: $0.1) }).map { [$0.database, $0.count] }
        }
        #expect(shares(100, [(0, 750), (3, 250)]) == [[0, 75], [3, 25]])
        #expect(shares(50, [(0, 1_000_000), (1, 1)]) == [[0, 50]])
        #expect(shares(10, [(0, 1), (1, 1), (2, 1)]).map { $0[1] }.reduce(0, +) == 10)
        #expect(shares(10, []).isEmpty && shares(10, [(0, 0)]).isEmpty)
    }

    /// Older keys make place: the sample tells of the server as it is now.
    @Test func theNewestThousandAreKept() {
        var sample = KeySample()
        for _ in 0..<KeySample.capacity { sample.add(group: "old", type: "hash", bytes: 1) }
        for _ in 0..<600 { sample.add(group: "new", type: "hash", bytes: 10) }
        let old = sample.totals[KeySample.Kind(group: "old", type: "hash")]
        let new = sample.totals[KeySample.Kind(group: "new", type: "hash")]
        #expect(old == KeySample.Total(keys: 400, bytes: 400) && new == KeySample.Total(keys: 600, bytes: 6000))
    }
}

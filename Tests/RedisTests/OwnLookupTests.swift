import Foundation
import Metrics
import TestKit
import Testing

@testable import Redis

/// What our own queries add to Redis' counts, beside those counts.
struct OwnLookupTests {
    /// Everything that looks at keys is on; nobody else looks at any.
    @Test(arguments: ["redis-server", Project.root.appending(path: ".build/tools/valkey/usr/bin/valkey-server").path])
    func ourCountsAreThoseOfRedis(program: String) async throws {
        let server = try await RedisServer(program)
        for command in [
            "set s hello", "set n 42", "rpush l a b", "sadd m a", "zadd z 1 a", "hset h f v", "xadd x 1-1 f v",
            "xgroup create x g 0", "xreadgroup group g c streams x >", "pfadd hll a", "-n 2 rpush l a",
            "sadd rq:queues rq:queue:mail rq:queue:sms", "lpush rq:queue:mail 1", "sadd queues mail low",
            "lpush queue:mail {\"created_at\":1}", "sadd processes p:1", "hset p:1 busy 1", "set stat:processed 4",
            "sadd resque:queues mail", "hset bull:mail:meta opts 1", "lpush bull:mail:wait 1",
            "hset bull:mail:1 timestamp 1000", "sadd _kombu.binding.celery a", "lpush celery {}",
        ] { try server.cli(command.split(separator: " ").map(String.init)) }
        for queues in [QueueSystems.auto, .named(["sidekiq", "rq", "celery", "resque", "bullmq"])] {
            let target = RedisTarget(
                try RedisAddress(server.address), Self.everything(queues), companion: Self.companion)
            let before = try Self.counts(server)
            // Each poll shows both as they were before its own look: their difference is what the clients did.
            for poll in 0..<4 {
                let samples = try await target.poll().samples
                let hits = try #require(samples.first(RedisTarget.keyspaceHits)) - before.hits
                let misses = try #require(samples.first(RedisTarget.keyspaceMisses)) - before.misses
                #expect(samples.first(OwnLookups.hits) == hits && samples.first(OwnLookups.misses) == misses)
                #expect(poll == 0 ? hits == 0 : hits > 50 && misses > 0)
            }
        }
    }

    private static func everything(_ queues: QueueSystems) -> RedisSettings {
        var settings = RedisSettings.queues(queues)
        settings.keys.checked = [KeyPattern("*")]
        settings.keys.checkedSingly = [KeyPattern("absent"), KeyPattern(database: 2, "l")]
        settings.keys.counted = [KeyPattern("*")]
        settings.keys.streams = [KeyPattern("x*")]
        settings.keys.streamsSingly = [KeyPattern("absent"), KeyPattern("s")]
        settings.keys.ownQueues = ["mine=l", "log=x", "later=z", "gone=absent"].compactMap(OwnQueue.init)
        settings.keys.samplesSizes = true
        return settings
    }

    private static var companion: RedisCompanion {
        var companion = RedisCompanion()
        companion.busyQueues = { ["l", "x", "s", "z", "absent"].map { BusyKey(name: $0, label: $0) } }
        companion.busyChannels = { [BusyKey(name: "news", label: "news")] }
        companion.probedKeys = ["s", "absent"]
        return companion
    }

    private static func counts(_ server: RedisServer) throws -> (hits: Double, misses: Double) {
        let lines = try server.cli("info", "stats").split(whereSeparator: \.isNewline)
        func number(_ field: String) throws -> Double {
            let line = try #require(lines.first { $0.hasPrefix(field + ":") })
            return try #require(Double(line.dropFirst(field.count + 1)))
        }
        return (try number("keyspace_hits"), try number("keyspace_misses"))
    }

    @Test(
        arguments: [
            ("LLEN", RedisReply.integer(0), false), ("LLEN", .integer(3), true), ("XLEN", .integer(0), true),
            ("TYPE", .status("none"), false), ("TYPE", .status("list"), true), ("HGET", .null, false),
            ("XINFO STREAM", .error("ERR no such key"), false), ("LLEN", .error("WRONGTYPE Operation"), true),
            ("TYPE", .error("NOPERM no"), nil), ("TYPE", .error("MOVED 1 a:1"), nil), ("SCAN", .array([]), nil),
            ("MEMORY USAGE", .null, nil), ("RANDOMKEY", .bulk([1]), nil),
        ] as [(String, RedisReply, Bool?)])
    func whatAReplySays(title: String, reply: RedisReply, isHit: Bool?) {
        #expect(OwnLookups.isHit(RedisQuery(title, "key"), reply) == isHit)
    }
}

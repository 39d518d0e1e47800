import Metrics
import TestKit
import Testing

@testable import Redis

/// Queues and channels that a capture has named, on real servers.
struct WireQueueTests {
    private static func target(
        _ server: RedisServer, queues: [BusyKey] = [], channels: [BusyKey] = [],
        _ change: (inout RedisSettings) -> Void = { _ in }
    ) throws -> RedisTarget {
        var companion = RedisCompanion()
        companion.busyQueues = { queues }
        companion.busyChannels = { channels }
        var settings = RedisSettings.queues()
        change(&settings)
        return RedisTarget(try RedisAddress(server.address), settings, companion: companion)
    }

    private static func jobs(_ samples: Samples, _ queue: String, _ state: String = "waiting") -> Double? {
        samples.number(QueueFamilies.jobs, "wire", queue, state)
    }

    /// Whatever database they are in; without a SCAN, and without a miss for a queue that is empty.
    @Test func theBusiestAreAskedForTheirLength() async throws {
        let server = try await RedisServer()
        let minuteAgo = try (Int(server.cli("time").split(separator: "\n")[0]) ?? 0) - 60
        for command in [
            "rpush queue:mail a b c", "-n 3 rpush inbox:17 a", "-n 3 rpush inbox:18 b", "zadd later \(minuteAgo) m",
            "xadd events \(minuteAgo)000-0 f v", "set text x",
        ] { try server.cli(command.split(separator: " ").map(String.init)) }
        let names = ["queue:mail", "inbox:17", "inbox:18", "later", "events", "text", "gone"]
        let target = try Self.target(
            server, queues: names.map { BusyKey(name: $0, label: $0.hasPrefix("inbox:") ? "inbox:*" : $0) })
        let samples = try await target.poll().samples
        #expect(Self.jobs(samples, "queue:mail") == 3)
        #expect(Self.jobs(samples, "inbox:*") == 2)
        #expect(Self.jobs(samples, "later", "delayed") == 1)
        #expect(Self.jobs(samples, "events") == 1)
        #expect(Self.jobs(samples, "gone") == 0)
        #expect(samples.number(QueueFamilies.oldestAge, "wire", "later").map { 60..<360 ~= $0 } == true)
        // What a stream holds was perhaps read long ago.
        #expect(samples.number(QueueFamilies.oldestAge, "wire", "events") == nil)
        #expect(try server.cli("info", "stats").contains("keyspace_misses:0"))
        #expect(try !server.cli("info", "commandstats").contains("cmdstat_scan"))
        // An empty list has no key, and keeps its state.
        try server.cli("del", "later")
        #expect(Self.jobs(try await target.poll().samples, "later", "delayed") == 0)
    }

    @Test func whatAQueueSystemShowsIsNotShownTwice() async throws {
        let server = try await RedisServer()
        for command in ["sadd resque:queues mail", "rpush resque:queue:mail {}", "rpush mine a", "rpush other a b"] {
            try server.cli(command.split(separator: " ").map(String.init))
        }
        let names = ["resque:queue:mail", "mine", "other"].map { BusyKey(name: $0, label: $0) }
        let target = try Self.target(server, queues: names) {
            $0.keys.ownQueues = [OwnQueue(parsing: "mine=mine")].compactMap(\.self)
        }
        let samples = try await target.poll().samples
        #expect(Self.jobs(samples, "other") == 2)
        #expect(Self.jobs(samples, "resque:queue:mail") == nil && Self.jobs(samples, "mine") == nil)
        #expect(samples.number(QueueFamilies.jobs, "resque", "mail", "waiting") == 1)
        #expect(samples.number(QueueFamilies.jobs, "own", "mine", "waiting") == 1)
    }

    @Test func noMoreThanTwentyAreAsked() async throws {
        let server = try await RedisServer()
        try server.cli("rpush", "q0", "a")
        let many = (0..<30).map { BusyKey(name: "q\($0)", label: "q\($0)") }
        let samples = try await Self.target(server, queues: many, channels: many).poll().samples
        #expect(samples[QueueFamilies.jobs].count == BusyKey.most)
        #expect(samples[ChannelSubscribers.subscribers].count == BusyKey.most)
    }

    @Test func subscribersOfTheBusiestChannels() async throws {
        let server = try await RedisServer()
        let listeners = try [
            "SUBSCRIBE user:1:events\r\n", "SUBSCRIBE user:1:events user:2:events\r\n", "SSUBSCRIBE orders\r\n",
        ].map { command in
            let socket = try RawSocket(port: server.port)
            try socket.send(command)
            _ = try socket.receive()
            return socket
        }
        let channels = ["user:1:events", "user:2:events", "news"].map {
            BusyKey(name: $0, label: $0.hasPrefix("user:") ? "user:*:events" : $0)
        }
        let sharded = BusyKey(name: "orders", label: "orders", isSharded: true)
        let target = try Self.target(server, channels: channels + [sharded])
        try await eventually("all subscriptions") {
            let samples = try await target.poll().samples
            return samples.number(ChannelSubscribers.subscribers, "user:*:events") == 3
        }
        let samples = try await target.poll().samples
        #expect(samples.number(ChannelSubscribers.subscribers, "orders") == 1)
        #expect(samples.number(ChannelSubscribers.subscribers, "news") == 0)
        withExtendedLifetime(listeners) {}
    }

    /// Without a capture, or where queues are switched off or named, nothing is asked.
    @Test(arguments: [QueueSystems.off, .named(["rq"])])
    func theyAreAskedByThemselvesOnly(queues: QueueSystems) async throws {
        let target = RedisTarget(try RedisAddress("localhost"), .queues())
        let other = RedisTarget(
            try RedisAddress("localhost"), .queues(queues),
            companion: {
                var companion = RedisCompanion()
                companion.busyQueues = { [] }
                companion.busyChannels = { [] }
                return companion
            }())
        for parts in [target.parts, other.parts] {
            #expect(!parts.contains(WireQueues.name) && !parts.contains(ChannelSubscribers.name))
        }
    }
}

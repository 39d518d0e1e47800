import Metrics
import TestKit
import Testing

@testable import Redis

/// Queues by their layout, on real servers.
struct QueueTests {
    @Test func bullMQIsFoundWhereItIsNamed() async throws {
        let server = try await RedisServer()
        let minuteAgo = try (Int(server.cli("time").split(separator: "\n")[0]) ?? 0) - 60
        for command in [
            "hset bull:mail:meta paused 1", "lpush bull:mail:wait 1 2", "hset bull:mail:1 timestamp \(minuteAgo)000",
            "lpush bull:mail:active 3", "zadd bull:mail:delayed 1 4", "zadd bull:mail:failed 1 5 2 6",
            "zadd bull:mail:completed 1 7", "zadd bull:mail:prioritized 1 8",
            "hset bull:mail:metrics:completed count 40",
        ] { try server.cli(command.split(separator: " ").map(String.init)) }
        #expect(try await server.target(.queues()).poll().samples[QueueFamilies.jobs].isEmpty)
        let target = try server.target(.queues(.named(["bullmq"])))
        let samples = try await target.poll().samples
        let states = ["waiting": 2, "active": 1, "delayed": 1, "dead": 2, "completed": 1, "prioritized": 1]
        for (state, count) in states {
            #expect(samples.number(QueueFamilies.jobs, "bullmq", "mail", state) == Double(count), "\(state)")
        }
        #expect(samples.number(QueueFamilies.oldestAge, "bullmq", "mail").map { 60..<360 ~= $0 } == true)
        #expect(samples.number(QueueFamilies.paused, "bullmq", "mail") == 1)
        #expect(samples.number(QueueFamilies.processed, "bullmq", "mail") == 40)
        #expect(samples[QueueFamilies.failed].isEmpty)
    }

    @Test func resqueIsFoundByItsRegistry() async throws {
        let server = try await RedisServer()
        for command in [
            "sadd resque:queues mail low", "rpush resque:queue:mail {} {}", "rpush resque:failed {}",
            "set resque:stat:processed 12", "set resque:stat:failed 3", "sadd resque:workers a b",
        ] { try server.cli(command.split(separator: " ").map(String.init)) }
        let samples = try await server.target(.queues()).poll().samples
        #expect(samples.number(QueueFamilies.jobs, "resque", "mail", "waiting") == 2)
        #expect(samples.number(QueueFamilies.jobs, "resque", "low", "waiting") == 0)
        #expect(samples.number(QueueFamilies.jobs, "resque", "", "dead") == 1)
        #expect(samples.number(QueueFamilies.processed, "resque", "") == 12)
        #expect(samples.number(QueueFamilies.failed, "resque", "") == 3)
        #expect(samples.number(QueueFamilies.workers, "resque", "") == 2)
        #expect(samples[QueueFamilies.oldestAge].isEmpty)
    }

    /// The registries of all systems are asked for along with INFO.
    @Test func aLookThatFindsNothingIsNoRoundTripOfItsOwn() async throws {
        let server = try await RedisServer()
        let target = try server.target(.queues())
        let reads = try await target.poll().samples.number(named: "redis_total_reads_processed")
        let next = try await target.poll().samples.number(named: "redis_total_reads_processed")
        #expect(try next == #require(reads) + 1)
        #expect(try Self.calls("memory|usage", server) == 4)
    }

    /// A look that finds nothing costs no miss, and is not repeated at once.
    @Test func whatIsNotThereIsLookedForSeldom() async throws {
        let server = try await RedisServer()
        let target = try server.target(.queues())
        _ = try await target.poll()
        let calls = try Self.calls("memory|usage", server)
        #expect(calls == 4)
        #expect(try server.cli("info", "stats").contains("keyspace_misses:0"))
        try server.cli("sadd", "resque:queues", "mail")
        #expect(try await target.poll().samples[QueueFamilies.jobs].isEmpty)
        #expect(try Self.calls("memory|usage", server) == calls)
        #expect(try Self.calls("scan", server) == 0)
    }

    /// Names of registries are common words. A key of another type is none, and is no error either.
    @Test func whatIsNoRegistryIsLeftAlone() async throws {
        let server = try await RedisServer()
        for command in [
            "rpush queues a", "hset rq:queues f v", "set resque:queues x", "xadd _kombu.binding.celery * f v",
        ] {
            try server.cli(command.split(separator: " ").map(String.init))
        }
        let target = try server.target(.queues())
        for _ in 0..<2 { #expect(try await target.poll().samples[QueueFamilies.jobs].isEmpty) }
        #expect(!(try server.cli("info", "errorstats").contains("errorstat_")))
        #expect(try Self.calls("type", server) == 4)
    }

    /// A set that is called like a registry, with keys that are no queues.
    @Test func aForeignSystemIsAskedOnce() async throws {
        let server = try await RedisServer()
        for command in ["sadd queues a b", "xadd queue:a * f v", "rpush queue:b x"] {
            try server.cli(command.split(separator: " ").map(String.init))
        }
        let target = try server.target(.queues())
        for _ in 0..<3 { #expect(try await target.poll().samples[QueueFamilies.jobs].isEmpty) }
        #expect(try server.cli("info", "errorstats").contains("errorstat_WRONGTYPE:count=1"))
        #expect(try Self.calls("sscan", server) > 0)
    }

    private static func calls(_ command: String, _ server: RedisServer) throws -> Int {
        let lines = try server.cli("info", "commandstats").split(whereSeparator: \.isNewline)
        let line = lines.first { $0.hasPrefix("cmdstat_\(command):calls=") }
        return line.flatMap { Int($0.split(separator: "=")[1].prefix { $0.isNumber }) } ?? 0
    }

    @Test func queuesCanBeSwitchedOff() throws {
        let target = RedisTarget(try RedisAddress("localhost"), .queues(.off))
        #expect(!target.parts.contains { $0.hasPrefix("redis_queues") })
    }

    /// A name that holds what identifies a person or a thing is no label; such queues are added up.
    @Test func namesAreJudged() async throws {
        let server = try await RedisServer()
        for user in 1...3 {
            try server.cli("sadd", "rq:queues", "rq:queue:user:\(user)")
            try server.cli("rpush", "rq:queue:user:\(user)", "a")
        }
        var settings = RedisSettings.queues(.named(["rq"]))
        settings.keys.queueLabel = { $0.hasPrefix("user:") ? "user:*" : $0 }
        let samples = try await server.target(settings).poll().samples
        #expect(samples.number(QueueFamilies.jobs, "rq", "user:*", "waiting") == 3)
    }

    @Test func moreThanAHundredAreLeftOut() async throws {
        let server = try await RedisServer()
        for number in 0..<103 { try server.cli("sadd", "resque:queues", "q\(number)") }
        let samples = try await server.target(.queues()).poll().samples
        #expect(samples[QueueFamilies.jobs].count == 101)
        #expect(samples.number(QueueFamilies.leftOut, "resque") == 3)
    }

    /// SSCAN may show a member on two pages.
    @Test func aProcessOnTwoPagesIsOne() throws {
        var part = QueuePart(.sidekiq, KeySettings(), KnownQueues())
        let poll = RedisPoll(
            server: ServerIdentity(), info: try Fixture.info("redis-7.0"), time: 0, now: .now)
        for (page, next, names) in [(0, "7", ["a", "b"]), (1, "0", ["b", "c"])] {
            let reply = RedisReply.array([
                .bulk(Array(next.utf8)), .array(names.map { .bulk(Array($0.utf8)) }),
            ])
            part.take(reply, for: .set(.processes, key: "processes", page: page), in: poll)
        }
        let queries = part.trips.takeNext()
        #expect(queries.filter { $0.title == "HGET" }.map { $0.words[1] } == ["a", "b", "c"])
        #expect(queries.filter { $0.title == "SSCAN" }.count == 1)
    }

    @Test func listsStreamsAndSortedSetsOfTheOperators() async throws {
        let server = try await RedisServer()
        let minuteAgo = try (Int(server.cli("time").split(separator: "\n")[0]) ?? 0) - 60
        for command in [
            "rpush jobs:a x y", "rpush jobs:b z", "xadd events \(minuteAgo)000-0 f v", "-n 2 zadd later \(minuteAgo) m",
        ] { try server.cli(command.split(separator: " ").map(String.init)) }
        var settings = RedisSettings.queues(.off)
        settings.keys.ownQueues = try ["jobs=jobs:*", "events=events", "later=db2=later", "gone:dead=no"].map {
            try #require(OwnQueue(parsing: $0))
        }
        let samples = try await server.target(settings).poll().samples
        func jobs(_ queue: String, _ state: String) -> Double? {
            samples.number(QueueFamilies.jobs, "own", queue, state)
        }
        #expect(jobs("jobs", "waiting") == 3 && jobs("events", "waiting") == 1 && jobs("later", "delayed") == 1)
        #expect(jobs("gone", "dead") == 0)
        for queue in ["events", "later"] {
            #expect(samples.number(QueueFamilies.oldestAge, "own", queue).map { 60..<360 ~= $0 } == true, "\(queue)")
        }
        #expect(samples.number(QueueFamilies.oldestAge, "own", "jobs") == nil)
        #expect(OwnQueue(parsing: "=x") == nil && OwnQueue(parsing: "x") == nil && OwnQueue(parsing: "x=") == nil)
        #expect(OwnQueue(parsing: "a:b=c")?.name == "a:b")
    }

    @Test(arguments: [
        ("1700000000", 1_700_000_000), ("1700000000123", 1_700_000_000.123), ("1795912673.5", 1_795_912_673.5),
        ("2026-11-28T23:19:13.500000Z", 1_795_907_953.5), ("2024-02-29 00:00:00", 1_709_164_800), ("5", nil),
        ("x", nil),
        ("2026-13-01T00:00:00Z", nil), ("", nil),
    ])
    func timesOfJobs(text: String, seconds: Double?) {
        #expect(JobTime.seconds(Array(text.utf8)) == seconds)
    }

    @Test(arguments: [
        (#"{"args":[{"at":5}],"at":7}"#, "7"), (#"{"a":"\"at\":5","at" : "x"}"#, "x"), (#"{"at":{"at":5}}"#, nil),
        (#"{"b":1.5}"#, nil), (#"{"at":1.5,"at":2}"#, "1.5"), ("", nil), (#"{"at":"#, nil),
        (#"{"at":"unfinished"#, "unfinished"),
        (#"[{"at":5}]"#, nil),
    ])
    func fieldsOfJobs(json: String, value: String?) {
        #expect(JobTime.field("at", of: Array(json.utf8)).map { String(decoding: $0, as: UTF8.self) } == value)
    }

    /// A family whose series stand elsewhere than before is written anew.
    @Test func queuesComeInTheSameOrderEachTime() {
        let orders = Set(
            (0..<20).map { _ in
                var figures = QueueFigures("rq") { $0 }
                for queue in (0..<10).shuffled() {
                    figures.add(jobs: 1, "queue\(queue)", "waiting")
                    figures.add(workers: 1, "queue\(queue)")
                }
                return figures.samples.families.map { $0.samples.map(\.labels) }
            })
        #expect(orders.count == 1)
    }
}

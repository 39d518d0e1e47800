import Metrics
import TestKit
import Testing

@testable import Redis

struct LatencyHistogramTests {
    @Test func givesEveryCommandTheSameBounds() throws {
        let reply = try Fixture.reply("redis-7.0/latency-histogram")
        let usage = try Fixture.info("redis-7.0").commands.usage
        let samples = try LatencyHistograms.decode(reply, usage: usage)
        #expect(samples[LatencyHistograms.full].count > 10)
        for sample in samples[LatencyHistograms.full] {
            guard case .histogram(let value) = sample.value else { continue }
            #expect(
                value.buckets.bounds.map { ($0 * 1_000_000).rounded() } == LatencyHistograms.bounds.map(Double.init))
            #expect(sample.labels[1] == "server")
        }
    }

    @Test func convertsExactly() throws {
        // 28 calls up to 1 µs, 38 up to 2, 40 up to 4, 41 up to 8, 42 up to 16; nothing beyond.
        let set = Self.reply("set", 42, [(1, 28), (2, 38), (4, 40), (8, 41), (16, 42)])
        let samples = try LatencyHistograms.decode(set, usage: ["set": .init(calls: 42, microseconds: 83)])
        let value = try #require(Self.histogram(samples, LatencyHistograms.full))
        #expect(value.counts == [38, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0])
        #expect(value.sum == 0.000083)
        #expect(value.count == 42)
    }

    @Test func countsWhatIsSlowerThanTheLastBound() throws {
        let slow = Self.reply("debug", 3, [(1_073_741, 3)])
        let samples = try LatencyHistograms.decode(slow, usage: ["debug": .init(calls: 3, microseconds: 2_850_000)])
        let value = try #require(Self.histogram(samples, LatencyHistograms.full))
        #expect(value.counts == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3])
    }

    @Test func writesCommandsOfModulesAsTheWireDoes() throws {
        let reply = Self.reply("GRAPH.QUERY", 1, [(8, 1)])
        let samples = try LatencyHistograms.decode(reply, usage: ["GRAPH.QUERY": .init(calls: 1, microseconds: 7)])
        #expect(samples[LatencyHistograms.full].map(\.labels) == [["graph.query", "server"]])
        #expect(samples[LatencyHistograms.sparse].map(\.labels) == [["GRAPH.QUERY"]])
    }

    @Test func keepsTheServersOwnBoundsAndRightSums() throws {
        let reply = Self.reply("georadius_ro", 5, [(8, 2), (33, 5)])
        let samples = try LatencyHistograms.decode(reply, usage: ["georadius_ro": .init(calls: 5, microseconds: 70)])
        let value = try #require(Self.histogram(samples, LatencyHistograms.sparse))
        #expect(value.buckets.bounds == [8, 33])
        #expect(value.counts == [2, 3, 0])
        #expect(value.sum == 70)
    }

    @Test(arguments: Fixture.sevenOrLater)
    func usesOnlyBoundsOfTheGrid(server: String) throws {
        for entry in try LatencyHistograms.entries(try Fixture.reply(server + "/latency-histogram")) {
            for (bound, _) in entry.cumulative { #expect(LatencyHistograms.grid.contains(bound)) }
            #expect(entry.cumulative.last?.count == entry.calls)
        }
    }

    @Test(
        arguments: [
            .integer(1), .array([.bulk([1])]), .array([.bulk([1]), .integer(3)]),
            reply("a", 1, [(4, 1), (2, 2)]), reply("a", 1, [(2, 2), (4, 1)]), reply("a", -1, []),
            reply("a", 1, [(2, 5)]),
            reply("a", 1, [(2, -5)]),
        ] as [RedisReply])
    func refusesNonsense(reply: RedisReply) {
        let error = #expect(throws: CollectorFailure.self) { try LatencyHistograms.decode(reply, usage: [:]) }
        #expect(error?.reason == .malformed)
    }

    /// What was not called since the last answer is not asked for again, and stands as it was.
    @Test func asksAboutWhatWasCalledSince() async throws {
        let server = try await RedisServer()
        var settings = RedisSettings.patient
        settings.histogramInterval = .zero
        let target = try server.target(settings)
        try server.cli("hset", "hash", "field", "1")
        try server.cli("set", "key", "1")
        #expect(try await Self.counts(target.poll().samples)["hset"] == 1)
        // What the first poll has called is new to the second one.
        #expect(try await Self.counts(target.poll().samples)["info"] != nil)
        try server.cli("config", "set", "slowlog-log-slower-than", "0")
        for _ in 0..<3 { try server.cli("set", "key", "2") }
        let counts = try await Self.counts(target.poll().samples)
        #expect(counts["set"] == 4 && counts["hset"] == 1)
        let questions = try server.cli("slowlog", "get", "100").split(separator: "\n").map(String.init)
        let question = try #require(questions.firstIndex(of: "HISTOGRAM"))
        let asked = questions[question...].prefix { !$0.contains(":") }
        #expect(asked.contains("set") && asked.contains("config|set") && !asked.contains("hset"))
        // Of what only the polls have called there is nothing new to tell.
        #expect(!asked.contains("info") && !asked.contains("latency|histogram"))
    }

    /// An idle server is not asked; what the polls themselves call is asked about now and then.
    @Test func asksAboutItsOwnCommandsMoreSeldom() async throws {
        let server = try await RedisServer()
        var settings = RedisSettings.patient
        settings.histogramInterval = .zero
        func polls(_ count: Int) async throws -> (asked: Double, info: HistogramValue?) {
            let target = try server.target(settings)
            for _ in 0..<count - 1 { _ = try await target.poll() }
            let samples = try await target.poll().samples
            let infos = samples[LatencyHistograms.full].filter { $0.labels[0] == "info" }.map(\.value)
            guard case .histogram(let info)? = infos.first else { return (0, nil) }
            return (samples.number(CommandStatistics.calls, "latency|histogram", "latency|histogram") ?? 0, info)
        }
        try server.cli("set", "key", "1")
        // The first poll asks about all; the second about what the first has called and nobody before.
        let seldom = try await polls(8)
        #expect(seldom.asked <= 2)
        #expect(seldom.info.map { $0.count } ?? 9 < 8)
        settings.ownHistogramInterval = .zero
        let often = try await polls(8)
        #expect(often.asked - seldom.asked >= 7)
        let info = try #require(often.info)
        #expect(info.sum > 0 && info.count >= 15)
    }

    /// All counts are shown as the server has them, whatever became of them in between.
    @Test func followsCountsThatGoDown() async throws {
        let server = try await RedisServer()
        var settings = RedisSettings.patient
        settings.histogramInterval = .zero
        let target = try server.target(settings)
        for _ in 0..<5 { try server.cli("set", "key", "1") }
        #expect(try await Self.counts(target.poll().samples)["set"] == 5)
        try server.cli("config", "resetstat")
        #expect(try await Self.counts(target.poll().samples)["set"] == nil)
        for _ in 0..<5 { try server.cli("set", "key", "2") }
        #expect(try await Self.counts(target.poll().samples)["set"] == 5)
    }

    private static func counts(_ samples: Samples) -> [String: UInt64] {
        var counts: [String: UInt64] = [:]
        for sample in samples[LatencyHistograms.full] {
            if case .histogram(let value) = sample.value { counts[sample.labels[0]] = value.count }
        }
        return counts
    }

    private static func reply(_ command: String, _ calls: Int64, _ buckets: [(Int64, Int64)]) -> RedisReply {
        .array([
            .bulk(Array(command.utf8)),
            .array([
                .bulk(Array("calls".utf8)), .integer(calls), .bulk(Array("histogram_usec".utf8)),
                .array(buckets.flatMap { [.integer($0.0), .integer($0.1)] }),
            ]),
        ])
    }

    private static func histogram(_ samples: Samples, _ descriptor: Descriptor) -> HistogramValue? {
        if case .histogram(let value)? = samples[descriptor].first?.value { value } else { nil }
    }
}

import Metrics
import Testing

@testable import Redis

struct SlowlogTests {
    @Test func decodesEntries() throws {
        let entries = try Slowlog.decode(try Fixture.reply("redis-7.0/slowlog-get"))
        let entry = try #require(entries.first)
        #expect(entry.command == "debug")
        #expect(entry.arguments.map { String(decoding: $0, as: UTF8.self) } == ["DEBUG", "SLEEP", "0.02"])
        #expect(entry.microseconds >= 20000)
        #expect(entry.client.hasPrefix("127.0.0.1:"))
    }

    @Test func countsEachEntryOnce() {
        var slowlog = Slowlog(keyGroup: nil)
        #expect(slowlog.take([Self.entry(4), Self.entry(3)], runID: "a").isEmpty)
        #expect(slowlog.take([Self.entry(6), Self.entry(5), Self.entry(4)], runID: "a").map(\.id) == [5, 6])
        #expect(slowlog.take([Self.entry(6), Self.entry(5)], runID: "a").isEmpty)
        #expect(slowlog.samples(length: 3, entries: []).number(Slowlog.commands, "get", "") == 2)
    }

    @Test func countsEverythingAfterARestart() {
        var slowlog = Slowlog(keyGroup: nil)
        _ = slowlog.take([Self.entry(100)], runID: "a")
        #expect(slowlog.take([Self.entry(1), Self.entry(0)], runID: "b").map(\.id) == [0, 1])
        // A server that does not tell its run is known by numbers that go back.
        _ = slowlog.take([Self.entry(50)], runID: "")
        #expect(slowlog.take([Self.entry(2)], runID: "").map(\.id) == [2])
    }

    @Test func countsTheFirstEntriesOfAnEmptyLog() {
        var slowlog = Slowlog(keyGroup: nil)
        #expect(slowlog.take([], runID: "a").isEmpty)
        #expect(slowlog.take([Self.entry(0)], runID: "a").map(\.id) == [0])
        // SLOWLOG RESET empties the log and goes on with the numbers.
        #expect(slowlog.take([], runID: "a").isEmpty)
        #expect(slowlog.take([Self.entry(1)], runID: "a").map(\.id) == [1])
    }

    @Test func asksForMoreWhenMoreWasAdded() {
        var slowlog = Slowlog(keyGroup: nil)
        func newest(_ id: Int64) -> [SlowCommand] { (0..<10).map { Self.entry(id - $0) } }
        #expect(slowlog.missing(after: newest(100), runID: "a") == nil)
        _ = slowlog.take(newest(100), runID: "a")
        #expect(slowlog.missing(after: newest(110), runID: "a") == nil)
        #expect(slowlog.missing(after: newest(130), runID: "a") == 30)
        #expect(slowlog.missing(after: newest(1_000_000), runID: "a") == 1024)
        #expect(slowlog.missing(after: newest(.max), runID: "a") == 1024)
    }

    @Test func countsByKeyGroup() {
        var slowlog = Slowlog { arguments in arguments.count > 1 ? "user:*" : nil }
        _ = slowlog.take([], runID: "a")
        _ = slowlog.take([Self.entry(1, ["KEYS"]), Self.entry(0, ["GET", "user:1"])], runID: "a")
        let samples = slowlog.samples(length: 2, entries: [Self.entry(1)])
        #expect(samples.number(Slowlog.commands, "get", "user:*") == 1)
        #expect(samples.number(Slowlog.commands, "keys", "") == 1)
        #expect(samples.first(Slowlog.lastID) == 1)
        #expect(samples.first(Slowlog.lastDuration) == 0.012)
    }

    @Test func boundsTheKindsItCounts() {
        var slowlog = Slowlog(keyGroup: nil)
        _ = slowlog.take([], runID: "a")
        for id in 0..<600 { _ = slowlog.take([Self.entry(Int64(id), ["C\(id)"])], runID: "a") }
        let samples = slowlog.samples(length: 0, entries: [])
        #expect(samples[Slowlog.commands].count == Slowlog.mostKinds + 1)
        #expect(samples.number(Slowlog.commands, "other", "other") == 100)
    }

    @Test func refusesNonsense() {
        for reply in [Reply.null, .integer(1), .array([.array([.integer(1)])]), .array([.bulk([])])] {
            #expect(throws: CollectorFailure.self) { try Slowlog.decode(reply) }
        }
    }

    private static func entry(_ id: Int64, _ arguments: [String] = ["GET", "key"]) -> SlowCommand {
        SlowCommand(
            id: id, time: 0, microseconds: 12000, arguments: arguments.map { Array($0.utf8) }, client: "",
            clientName: "")
    }
}

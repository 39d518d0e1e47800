import Metrics
import TestKit
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
        #expect(slowlog.look([Self.entry(4), Self.entry(3)], runID: "a").isEmpty)
        #expect(slowlog.look([Self.entry(6), Self.entry(5), Self.entry(4)], runID: "a").map(\.id) == [5, 6])
        #expect(slowlog.look([Self.entry(6), Self.entry(5)], runID: "a").isEmpty)
        #expect(slowlog.samples(length: 3, entries: []).number(Slowlog.commands, "get", "") == 2)
    }

    @Test func countsEverythingAfterARestart() {
        var slowlog = Slowlog(keyGroup: nil)
        _ = slowlog.look([Self.entry(100)], runID: "a")
        #expect(slowlog.look([Self.entry(1), Self.entry(0)], runID: "b").map(\.id) == [0, 1])
        // A server that does not tell its run is known by numbers that go back.
        _ = slowlog.look([Self.entry(50)], runID: "")
        #expect(slowlog.look([Self.entry(2)], runID: "").map(\.id) == [2])
    }

    @Test func countsTheFirstEntriesOfAnEmptyLog() {
        var slowlog = Slowlog(keyGroup: nil)
        #expect(slowlog.look([], runID: "a").isEmpty)
        #expect(slowlog.look([Self.entry(0)], runID: "a").map(\.id) == [0])
        // SLOWLOG RESET empties the log and goes on with the numbers.
        #expect(slowlog.look([], runID: "a").isEmpty)
        #expect(slowlog.look([Self.entry(1)], runID: "a").map(\.id) == [1])
    }

    @Test func asksForMoreWhenMoreWasAdded() {
        var slowlog = Slowlog(keyGroup: nil)
        func newest(_ id: Int64) -> [SlowCommand] { (0..<10).map { Self.entry(id - $0) } }
        #expect(slowlog.missing(after: newest(100), runID: "a") == nil)
        _ = slowlog.look(newest(100), runID: "a")
        #expect(slowlog.missing(after: newest(110), runID: "a") == nil)
        #expect(slowlog.missing(after: newest(130), runID: "a") == 30)
        #expect(slowlog.missing(after: newest(1_000_000), runID: "a") == 1024)
        #expect(slowlog.missing(after: newest(.max), runID: "a") == 1024)
    }

    @Test func countsWhatLeftTheLogUnseen() {
        var slowlog = Slowlog(keyGroup: nil)
        func log(_ ids: ClosedRange<Int64>) -> [SlowCommand] { ids.reversed().map { Self.entry($0) } }
        func lost() -> Double? { slowlog.samples(length: 0, entries: []).first(Slowlog.lost) }
        _ = slowlog.take(log(0...3), length: 4, capacity: 8, runID: "a")
        #expect(lost() == 0)
        _ = slowlog.take(log(4...11), length: 8, capacity: 8, runID: "a")
        #expect(lost() == 0)
        // 12 to 19 had to make room for 20 to 27.
        _ = slowlog.take(log(20...27), length: 8, capacity: 8, runID: "a")
        #expect(lost() == 8)
        // SLOWLOG RESET: 28 and 29 were removed, and the log is not full.
        _ = slowlog.take(log(30...32), length: 3, capacity: 8, runID: "a")
        #expect(lost() == 8)
        // More are in the log than were asked for.
        _ = slowlog.take(log(2000...3023), length: 1800, capacity: 10_000, runID: "a")
        #expect(lost() == 784)
        // A restart, and another server at the same address.
        _ = slowlog.take(log(5...12), length: 8, capacity: 8, runID: "b")
        _ = slowlog.take(log(900_000...900_007), length: 8, capacity: 8, runID: "c")
        _ = slowlog.take(log(100...107), length: 8, capacity: 8, runID: "c")
        #expect(lost() == 784)
    }

    @Test func aLogOfUnknownCapacityIsFullAtItsGreatestLength() {
        var slowlog = Slowlog(keyGroup: nil)
        func log(_ ids: ClosedRange<Int64>) -> [SlowCommand] { ids.reversed().map { Self.entry($0) } }
        func lost() -> Double? { slowlog.samples(length: 0, entries: []).first(Slowlog.lost) }
        _ = slowlog.take(log(0...7), length: 8, capacity: nil, runID: "a")
        _ = slowlog.take(log(10...12), length: 3, capacity: nil, runID: "a")
        #expect(lost() == 0)
        _ = slowlog.take(log(20...27), length: 8, capacity: nil, runID: "a")
        #expect(lost() == 7)
    }

    @Test func numbersBeyondAllReasonAreNoCrash() {
        var slowlog = Slowlog(keyGroup: nil)
        _ = slowlog.take([Self.entry(.min)], length: 1, capacity: 1, runID: "a")
        _ = slowlog.take([Self.entry(.max)], length: 1, capacity: 1, runID: "a")
        _ = slowlog.take([Self.entry(.max)], length: .max, capacity: .min, runID: "a")
        #expect(slowlog.samples(length: 0, entries: []).first(Slowlog.lost) ?? -1 >= 0)
    }

    @Test func entriesThatAServerLosesBetweenPollsAreCounted() async throws {
        let server = try await RedisServer("redis-server", ["slowlog-log-slower-than 0", "slowlog-max-len 16"])
        let target = try server.target()
        _ = try await target.poll()
        func lost() async throws -> Double { try #require(try await target.poll().samples.first(Slowlog.lost)) }
        #expect(try await lost() == 0)
        for index in 0..<40 { try server.cli("set", "k\(index)", "v") }
        #expect(try await lost() >= 24)
        let before = try await lost()
        try server.cli("set", "k", "v")
        try server.cli("slowlog", "reset")
        try server.cli("set", "k", "v")
        #expect(try await lost() == before)
    }

    @Test func countsByKeyGroup() {
        var slowlog = Slowlog { arguments in arguments.count > 1 ? "user:*" : nil }
        _ = slowlog.look([], runID: "a")
        _ = slowlog.look([Self.entry(1, ["KEYS"]), Self.entry(0, ["GET", "user:1"])], runID: "a")
        let samples = slowlog.samples(length: 2, entries: [Self.entry(1)])
        #expect(samples.number(Slowlog.commands, "get", "user:*") == 1)
        #expect(samples.number(Slowlog.commands, "keys", "") == 1)
        #expect(samples.first(Slowlog.lastID) == 1)
        #expect(samples.first(Slowlog.lastDuration) == 0.012)
    }

    @Test func boundsTheKindsItCounts() {
        var slowlog = Slowlog(keyGroup: nil)
        _ = slowlog.look([], runID: "a")
        for id in 0..<600 { _ = slowlog.look([Self.entry(Int64(id), ["C\(id)"])], runID: "a") }
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

extension Slowlog {
    /// A look at a log that holds nothing but these entries.
    fileprivate mutating func look(_ entries: [SlowCommand], runID: String) -> [SlowCommand] {
        take(entries, length: Int64(entries.count), capacity: 128, runID: runID)
    }
}

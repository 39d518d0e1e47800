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
        #expect(slowlog.look([Self.entry(4), Self.entry(3)], from: .run("a")).isEmpty)
        #expect(slowlog.look([Self.entry(6), Self.entry(5), Self.entry(4)], from: .run("a")).map(\.id) == [5, 6])
        #expect(slowlog.look([Self.entry(6), Self.entry(5)], from: .run("a")).isEmpty)
        #expect(slowlog.samples(length: 3, entries: []).number(Slowlog.commands, "get", "") == 2)
    }

    @Test func countsEverythingAfterARestart() {
        var slowlog = Slowlog(keyGroup: nil)
        _ = slowlog.look([Self.entry(100)], from: .run("a"))
        let restarted = SlowlogWriter(runID: "b", uptime: .zero, time: 0)
        #expect(slowlog.look([Self.entry(1), Self.entry(0)], from: restarted).map(\.id) == [0, 1])
        // A server that does not tell its run is known by numbers that go back.
        _ = slowlog.look([Self.entry(50)], from: .run(""))
        #expect(slowlog.look([Self.entry(2)], from: .run("")).map(\.id) == [2])
    }

    @Test func countsNothingOfWhatStoodInTheLogOfAnotherServer() {
        var slowlog = Slowlog(keyGroup: nil)
        func log(_ ids: ClosedRange<Int64>) -> [SlowCommand] { ids.reversed().map { Self.entry($0) } }
        _ = slowlog.look(log(0...3), from: .run("a"))
        #expect(slowlog.look(log(0...15), from: .run("b")).isEmpty)
        #expect(slowlog.look(log(10...17), from: .run("b")).map(\.id) == [16, 17])
        // Back at the first one, which has gone on meanwhile.
        #expect(slowlog.look(log(0...5), from: .run("a")).map(\.id) == [4, 5])
        #expect(slowlog.look(log(10...18), from: .run("b")).map(\.id) == [18])
    }

    @Test func countsNothingThatIsOlderThanTheStartOfAServer() {
        var slowlog = Slowlog(keyGroup: nil)
        _ = slowlog.look([], from: SlowlogWriter(runID: "a", uptime: .seconds(900), time: 1000))
        let other = SlowlogWriter(runID: "b", uptime: .zero, time: 1001)
        #expect(slowlog.look([Self.entry(1, time: 1001), Self.entry(0, time: 990)], from: other).map(\.id) == [1])
    }

    @Test func aServerThatDoesNotTellItsRunIsKnownByTheTimesOfItsEntries() {
        var slowlog = Slowlog(keyGroup: nil)
        _ = slowlog.look([Self.entry(5, time: 500)], from: .run(""))
        let older = (100...116).reversed().map { Self.entry($0, time: 400) }
        #expect(slowlog.look(older, from: .run("")).isEmpty)
        #expect(slowlog.look([Self.entry(117, time: 501)] + older, from: .run("")).map(\.id) == [117])
    }

    /// As Dragonfly has it: each of its threads numbers its own entries.
    @Test func countsEachEntryOnceWhereNumbersDoNotGrow() {
        var slowlog = Slowlog(keyGroup: nil)
        let first = [(2, 110), (0, 109), (1, 108)].map { Self.entry($0, time: $1) }
        _ = slowlog.look(first, from: .run("a"))
        #expect(slowlog.look(first, from: .run("a")).isEmpty)
        let second = [(1, 112), (0, 111), (2, 111)].map { Self.entry($0, time: $1) } + first
        #expect(slowlog.look(second, from: .run("a")).map(\.time) == [111, 111, 112])
        for _ in 0..<5 { #expect(slowlog.look(second, from: .run("a")).isEmpty) }
        #expect(slowlog.samples(length: 0, entries: []).first(Slowlog.lost) == 0)
        // More than were asked for: all of them are needed to know which are new.
        let many = (0..<10).map { Self.entry(Int64($0), time: 120) }
        #expect(slowlog.missing(after: many, length: 40, runID: "a") == 40)
        #expect(slowlog.missing(after: many, length: 10, runID: "a") == nil)
    }

    @Test func theServersOwnCountsAreTheTruthWhereItHasSome() {
        var slowlog = Slowlog { arguments in arguments.count > 1 ? "user:*" : nil }
        func look(_ entries: [SlowCommand], _ served: [String: UInt64], _ run: String = "a") -> Samples {
            _ = slowlog.take(entries, length: 10, capacity: 128, served: served, from: .run(run))
            return slowlog.samples(length: 10, entries: entries)
        }
        _ = look([Self.entry(0)], ["get": 7, "config|get": 0, "set": 0])
        // Of thirty new ones the log still has two.
        let samples = look(
            [Self.entry(31, ["CONFIG", "GET", "*"]), Self.entry(30), Self.entry(0)],
            ["get": 36, "config|get": 1, "set": 0])
        #expect(samples.number(Slowlog.commands, "get", "user:*") == 1)
        #expect(samples.number(Slowlog.commands, "get", "") == 35)
        #expect(samples.number(Slowlog.commands, "config|get", "user:*") == 1)
        #expect(samples[Slowlog.commands].count == 4)
        // CONFIG RESETSTAT, and another server.
        #expect(look([Self.entry(31)], ["get": 2]).number(Slowlog.commands, "get", "") == 2)
        #expect(look([Self.entry(99)], ["get": 500], "b").number(Slowlog.commands, "get", "") == 500)
    }

    @Test func countsTheFirstEntriesOfAnEmptyLog() {
        var slowlog = Slowlog(keyGroup: nil)
        #expect(slowlog.look([], from: .run("a")).isEmpty)
        #expect(slowlog.look([Self.entry(0)], from: .run("a")).map(\.id) == [0])
        // SLOWLOG RESET empties the log and goes on with the numbers.
        #expect(slowlog.look([], from: .run("a")).isEmpty)
        #expect(slowlog.look([Self.entry(1)], from: .run("a")).map(\.id) == [1])
    }

    @Test func asksForMoreWhenMoreWasAdded() {
        var slowlog = Slowlog(keyGroup: nil)
        func newest(_ id: Int64) -> [SlowCommand] { (0..<10).map { Self.entry(id - $0) } }
        #expect(slowlog.missing(after: newest(100), length: 128, runID: "a") == nil)
        _ = slowlog.look(newest(100), from: .run("a"))
        #expect(slowlog.missing(after: newest(110), length: 2000, runID: "a") == nil)
        #expect(slowlog.missing(after: newest(130), length: 2000, runID: "a") == 30)
        #expect(slowlog.missing(after: newest(1_000_000), length: 2000, runID: "a") == 1024)
        #expect(slowlog.missing(after: newest(.max), length: 2000, runID: "a") == 1024)
    }

    @Test func countsWhatLeftTheLogUnseen() {
        var slowlog = Slowlog(keyGroup: nil)
        func log(_ ids: ClosedRange<Int64>) -> [SlowCommand] { ids.reversed().map { Self.entry($0) } }
        func lost() -> Double? { slowlog.samples(length: 0, entries: []).first(Slowlog.lost) }
        _ = slowlog.take(log(0...3), length: 4, capacity: 8, from: .run("a"))
        #expect(lost() == 0)
        _ = slowlog.take(log(4...11), length: 8, capacity: 8, from: .run("a"))
        #expect(lost() == 0)
        // 12 to 19 had to make room for 20 to 27.
        _ = slowlog.take(log(20...27), length: 8, capacity: 8, from: .run("a"))
        #expect(lost() == 8)
        // SLOWLOG RESET: 28 and 29 were removed, and the log is not full.
        _ = slowlog.take(log(30...32), length: 3, capacity: 8, from: .run("a"))
        #expect(lost() == 8)
        // More are in the log than were asked for.
        _ = slowlog.take(log(2000...3023), length: 1800, capacity: 10_000, from: .run("a"))
        #expect(lost() == 784)
        // A restart, and another server at the same address.
        _ = slowlog.take(log(5...12), length: 8, capacity: 8, from: .run("b"))
        _ = slowlog.take(log(900_000...900_007), length: 8, capacity: 8, from: .run("c"))
        _ = slowlog.take(log(100...107), length: 8, capacity: 8, from: .run("c"))
        #expect(lost() == 784)
    }

    @Test func aLogOfUnknownCapacityIsFullAtItsGreatestLength() {
        var slowlog = Slowlog(keyGroup: nil)
        func log(_ ids: ClosedRange<Int64>) -> [SlowCommand] { ids.reversed().map { Self.entry($0) } }
        func lost() -> Double? { slowlog.samples(length: 0, entries: []).first(Slowlog.lost) }
        _ = slowlog.take(log(0...7), length: 8, capacity: nil, from: .run("a"))
        _ = slowlog.take(log(10...12), length: 3, capacity: nil, from: .run("a"))
        #expect(lost() == 0)
        _ = slowlog.take(log(20...27), length: 8, capacity: nil, from: .run("a"))
        #expect(lost() == 7)
    }

    @Test func numbersBeyondAllReasonAreNoCrash() {
        var slowlog = Slowlog(keyGroup: nil)
        _ = slowlog.take([Self.entry(.min)], length: 1, capacity: 1, from: .run("a"))
        _ = slowlog.take([Self.entry(.max)], length: 1, capacity: 1, from: .run("a"))
        _ = slowlog.take([Self.entry(.max)], length: .max, capacity: .min, from: .run("a"))
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
        _ = slowlog.look([], from: .run("a"))
        _ = slowlog.look([Self.entry(1, ["KEYS"]), Self.entry(0, ["GET", "user:1"])], from: .run("a"))
        let samples = slowlog.samples(length: 2, entries: [Self.entry(1)])
        #expect(samples.number(Slowlog.commands, "get", "user:*") == 1)
        #expect(samples.number(Slowlog.commands, "keys", "") == 1)
        #expect(samples.first(Slowlog.lastID) == 1)
        #expect(samples.first(Slowlog.lastDuration) == 0.012)
    }

    @Test func boundsTheKindsItCounts() {
        var slowlog = Slowlog(keyGroup: nil)
        _ = slowlog.look([], from: .run("a"))
        for id in 0..<600 { _ = slowlog.look([Self.entry(Int64(id), ["C\(id)"])], from: .run("a")) }
        let samples = slowlog.samples(length: 0, entries: [])
        #expect(samples[Slowlog.commands].count == SlowCommandCounts.mostKinds + 1)
        #expect(samples.number(Slowlog.commands, "other", "other") == 100)
    }

    @Test func refusesNonsense() {
        for reply in [RedisReply.null, .integer(1), .array([.array([.integer(1)])]), .array([.bulk([])])] {
            #expect(throws: CollectorFailure.self) { try Slowlog.decode(reply) }
        }
    }

    private static func entry(
        _ id: Int64, _ arguments: [String] = ["GET", "key"], time: Int64 = 0
    ) -> SlowCommand {
        SlowCommand(
            id: id, time: time, microseconds: 12000, arguments: arguments.map { Array($0.utf8) }, client: "",
            clientName: "")
    }
}

extension Slowlog {
    /// A look at a log that holds nothing but these entries.
    fileprivate mutating func look(_ entries: [SlowCommand], from writer: SlowlogWriter) -> [SlowCommand] {
        take(entries, length: Int64(entries.count), capacity: 128, from: writer)
    }
}

extension SlowlogWriter {
    /// A server that has been running for long.
    fileprivate static func run(_ runID: String) -> SlowlogWriter {
        SlowlogWriter(runID: runID, uptime: .seconds(86400), time: 0)
    }
}

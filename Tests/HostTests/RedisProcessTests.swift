import Foundation
import Glibc
import Metrics
import TestKit
import Testing

@testable import Host

extension RedisProcessCollector {
    func samples() async throws -> Samples {
        try await collect(before: .after(.seconds(20))).samples
    }
}

/// The tree `processes`: redis-server as 812, listening on port 7391, and 813 with a name that looks like a line of
/// /proc/PID/stat.
@Suite struct RedisProcessTests {
    private func collector(_ tree: TemporaryFolder, processID: Int? = nil, port: Int? = nil) -> RedisProcessCollector {
        let hint = RedisProcessHint(port: port)
        hint.report(processID: processID)
        return RedisProcessCollector(procfs: tree.path("proc"), hint: hint)
    }

    @Test func aNameWithBlanksAndParenthesesDoesNotShiftTheFields() throws {
        let stat = try #require(ProcessStat(Text(try Trees.text("processes/proc/813/stat"))))
        #expect(stat.threads == 1)
        #expect(stat.startTicks == 246722)
        #expect(stat.virtualBytes == 2_990_080)
        #expect(stat.residentPages == 414)
        #expect(!stat.isZombie)
    }

    @Test(arguments: ["", "812", "812 (a", "812 (a) S\n", "812 (a) S 1 2 3 4 5 6 7 8 9 10 x 12\n"])
    func aStatThatMakesNoSenseIsRefused(text: String) {
        #expect(ProcessStat(Text(text)) == nil)
    }

    @Test(arguments: [(812, nil), (nil, 7391), (1, 7391), (813, 7391)] as [(Int?, Int?)])
    func theServerIsFoundByNumberOrPort(processID: Int?, port: Int?) async throws {
        let tree = try Trees.copy("processes")
        let samples = try await collector(tree, processID: processID, port: port).samples()
        #expect(samples.value("redis_process_resident_memory_bytes") == 2991 * SystemUnits.pageSize)
        #expect(samples.value("redis_process_threads") == 5)
        #expect(samples.value("redis_process_open_fds") == 7)
        #expect(samples.value("redis_process_max_fds") == 20000)
        #expect(samples.value("redis_process_cpu_seconds_total") == 0)
        let start = try #require(samples.value("redis_process_start_time_seconds"))
        #expect(start == 1_795_218_730 + 246647 / SystemUnits.ticksPerSecond)
        #expect(samples.names == Set(RedisProcessCollector.all.map(\.name)))
    }

    @Test(arguments: [(nil, nil), (813, nil), (99, nil), (-1, nil), (nil, 6379), (nil, 70000)] as [(Int?, Int?)])
    func aServerThatIsNotVisibleIsAbsent(processID: Int?, port: Int?) async throws {
        let tree = try Trees.copy("processes")
        let samples = try await collector(tree, processID: processID, port: port).samples()
        #expect(samples.families.isEmpty)
    }

    @Test func aProcessThatIsNotVisibleIsSaidToBeSo() async throws {
        let tree = try Trees.copy("processes")
        let nothing = try await collector(tree).collect(before: .after(.seconds(20)))
        #expect(nothing.remarks.map(\.message) == ["no process visible"])
        let found = try await collector(tree, processID: 812).collect(before: .after(.seconds(20)))
        #expect(found.remarks.isEmpty)
    }

    @Test func withoutTablesOfSocketsTheTitleNamesThePort() async throws {
        let tree = try Trees.copy("processes")
        try FileManager.default.removeItem(atPath: tree.path("proc/net"))
        #expect(try await collector(tree, port: 7391).samples().value("redis_process_threads") == 5)
        #expect(try await collector(tree, port: 739).samples().families.isEmpty)
    }

    /// They cost milliseconds of the kernel's time: a name and a title come first.
    @Test func tablesOfSocketsAreNotReadWhereATitleTells() async throws {
        let tree = try Trees.copy("processes")
        // No socket listens, so that nobody would be found by them.
        for table in ["tcp", "tcp6"] { try tree.write("sl local_address\n", to: "proc/net/\(table)") }
        #expect(try await collector(tree, port: 7391).samples().value("redis_process_threads") == 5)
        #expect(try await collector(tree, port: 7392).samples().families.isEmpty)
    }

    @Test func aServerOfTheSamePortInAnotherNetworkIsAnother() async throws {
        let tree = try Trees.copy("processes")
        try FileManager.default.removeItem(atPath: tree.path("proc/net"))
        for (process, network) in [("self", 1), ("812", 2)] {
            try FileManager.default.createDirectory(
                atPath: tree.path("proc/\(process)/ns"), withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: tree.path("proc/\(process)/ns/net"), withDestinationPath: "net:[\(network)]")
        }
        #expect(try await collector(tree, port: 7391).samples().families.isEmpty)
        #expect(try await !collector(tree, processID: 812, port: 7391).samples().families.isEmpty)
    }

    @Test func twoEquallyLikelyServersAreNone() async throws {
        let tree = try Trees.copy("processes")
        try FileManager.default.removeItem(atPath: tree.path("proc/net"))
        try FileManager.default.copyItem(atPath: tree.path("proc/812"), toPath: tree.path("proc/814"))
        #expect(try await collector(tree, port: 7391).samples().families.isEmpty)
    }

    @Test func descriptorsThatMayNotBeReadAreAbsent() async throws {
        let tree = try Trees.copy("processes")
        try FileManager.default.removeItem(atPath: tree.path("proc/812/fd"))
        let samples = try await collector(tree, processID: 812).samples()
        #expect(samples.value("redis_process_open_fds") == nil)
        #expect(samples.value("redis_process_threads") == 5)
    }

    @Test func withoutStatmTheResidentMemoryOfStatWillDo() async throws {
        let tree = try Trees.copy("processes")
        try FileManager.default.removeItem(atPath: tree.path("proc/812/statm"))
        let samples = try await collector(tree, processID: 812).samples()
        #expect(samples.value("redis_process_resident_memory_bytes") == 2968 * SystemUnits.pageSize)
    }

    @Test func anotherProcessUnderTheSameNumberIsNotTheServer() async throws {
        let tree = try Trees.copy("processes")
        let collector = collector(tree, processID: 812)
        #expect(try await collector.samples().value("redis_process_threads") == 5)
        try FileManager.default.removeItem(atPath: tree.path("proc/812"))
        try FileManager.default.copyItem(atPath: tree.path("proc/813"), toPath: tree.path("proc/812"))
        #expect(try await collector.samples().families.isEmpty)
    }

    @Test func aServerStartedAgainUnderTheSameNumberIsANewOne() async throws {
        let tree = try Trees.copy("processes")
        let collector = collector(tree, processID: 812)
        let before = try #require(try await collector.samples().value("redis_process_start_time_seconds"))
        let stat = try Trees.text("processes/proc/812/stat")
        try tree.write(stat.replacing(" 246647 ", with: " 346647 "), to: "proc/812/stat")
        let after = try #require(try await collector.samples().value("redis_process_start_time_seconds"))
        #expect(after == before + 100_000 / SystemUnits.ticksPerSecond)
    }

    @Test func aProcessThatHasEndedIsAbsentThoughItsParentDidNotNotice() async throws {
        let tree = try Trees.copy("processes")
        let stat = try Trees.text("processes/proc/812/stat")
        try tree.write(stat.replacing("(redis-server) S", with: "(redis-server) Z"), to: "proc/812/stat")
        #expect(try await collector(tree, processID: 812).samples().families.isEmpty)
    }

    @Test func filesThatMakeNoSenseAreAFailure() async throws {
        let tree = try Trees.copy("processes")
        try tree.write("812 (redis-server) nonsense\n", to: "proc/812/stat")
        let failure = await #expect(throws: CollectorFailure.self) {
            try await collector(tree, processID: 812).samples()
        }
        #expect(failure?.reason == .malformed)
    }

    @Test func aSearchInVainIsRepeatedLessAndLessOften() async throws {
        let tree = try Trees.copy("processes")
        let hidden = tree.path("hidden")
        try FileManager.default.moveItem(atPath: tree.path("proc/812"), toPath: hidden)
        let hint = RedisProcessHint(port: 7391)
        hint.reportNothing()
        let collector = RedisProcessCollector(procfs: tree.path("proc"), hint: hint)
        for _ in 0..<3 { #expect(try await collector.samples().families.isEmpty) }
        try FileManager.default.moveItem(atPath: hidden, toPath: tree.path("proc/812"))
        // Searched at the first and the third poll; the fourth and the fifth pause.
        #expect(try await collector.samples().families.isEmpty)
        #expect(try await collector.samples().families.isEmpty)
        #expect(try await !collector.samples().families.isEmpty)
    }

    @Test func anotherHintIsFollowedAtOnce() async throws {
        let tree = try Trees.copy("processes")
        let hint = RedisProcessHint()
        hint.reportNothing()
        let collector = RedisProcessCollector(procfs: tree.path("proc"), hint: hint)
        for _ in 0..<5 { #expect(try await collector.samples().families.isEmpty) }
        hint.report(processID: 812)
        #expect(try await !collector.samples().families.isEmpty)
        hint.report(processID: 813)
        #expect(try await collector.samples().families.isEmpty)
    }

    /// The number that the first poll brings is worth waiting for: without it, and without a port, nothing is found.
    @Test func theFirstPollOfRedisIsWaitedFor() async throws {
        let tree = try Trees.copy("processes")
        let hint = RedisProcessHint()
        let collector = RedisProcessCollector(procfs: tree.path("proc"), hint: hint)
        async let samples = collector.samples()
        hint.report(processID: 812)
        #expect(try await !samples.families.isEmpty)
    }

    @Test func aFirstPollThatNeverEndsIsWaitedForOnce() async throws {
        let tree = try Trees.copy("processes")
        let collector = RedisProcessCollector(procfs: tree.path("proc"), hint: RedisProcessHint(port: 7391))
        #expect(try await !collector.collect(before: .after(.milliseconds(20))).samples.families.isEmpty)
        #expect(try await !collector.samples().families.isEmpty)
    }

    @Test func namesOfServers() {
        #expect(RedisServerNames.isServer("valkey-server"))
        #expect(!RedisServerNames.isServer("redis-cli"))
        #expect(RedisServerNames.isServerProgram("/usr/bin/redis-check-rdb", runningAs: "cache"))
        #expect(!RedisServerNames.isServerProgram("/usr/bin/redis-check-rdb", runningAs: "redis-check-aof"))
        #expect(!RedisServerNames.isServerProgram("/usr/bin/bash", runningAs: "bash"))
        #expect(RedisServerNames.isServerTitle(Text("/usr/bin/redis-server *:6379 [cluster]\0\0\0"), onPort: 6379))
        #expect(RedisServerNames.isServerTitle(Text("redis-server\0--port\06379\0"), onPort: 6379))
        #expect(!RedisServerNames.isServerTitle(Text("redis-server *:16379\0"), onPort: 6379))
        #expect(!RedisServerNames.isServerTitle(Text("redis-rdb-bgsave *:6379\0"), onPort: 6379))
        #expect(!RedisServerNames.isServerTitle(Text("")))
    }

    @Test func onlyListeningSocketsOfThePortCount() throws {
        let table = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:18EB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 41 1 x
               1: 0100007F:18EB 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 42 1 x
               2: 0100007F:18EC 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 43 1 x
               3: 0100007F:18EB 00000000:0000 0A

            """
        #expect(ListeningSockets.inodes(onPort: 6379, in: Text(table)) == [41])
        let tree = try Trees.text("processes/proc/net/tcp6")
        #expect(ListeningSockets.inodes(onPort: 7391, in: Text(tree)) == [48743])
    }
}

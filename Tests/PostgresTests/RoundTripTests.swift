import Foundation
import Metrics
import TestKit
import Testing

@testable import Postgres

/// What goes to and fro in one poll.
@Suite(OnPostgres()) struct RoundTripTests {
    private let opening = TransactionOpening(StartupOptions(timeout: .seconds(5)))

    private func connect(port: Int? = nil) throws -> PostgresConnection {
        let port = try port ?? OnPostgres.server.port
        let address = "host=127.0.0.1 port=\(port) user=postgres dbname=postgres sslmode=disable"
        let access = PostgresAccess(try ConnectionString(parsing: address), connectTimeout: .seconds(10))
        return try access.connect(.pipeline, before: .after(.seconds(10)))
    }

    /// How often this thread has slept.
    private func sleeps() throws -> Int {
        let status = try String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches:") })
        return try #require(line.split(separator: "\t").last.flatMap { Int($0) })
    }

    @Test func allStatementsAreSentTogether() throws {
        let proxy = try FaultProxy(to: .port(try OnPostgres.server.port))
        var connection = try connect(port: proxy.port)
        let statements = (1...10).map { Statement("SELECT \($0) AS number") }
        for _ in 0..<40 {
            let before = proxy.roundTrips.count
            let answers = connection.run(statements, opening, before: .after(.seconds(30)))
            #expect(try answers.results.map { try $0.get().first?.integer("number") } == Array(1...10))
            #expect(proxy.roundTrips.dropFirst(before).map(\.pieces) == [1])
        }
    }

    /// Each comes some milliseconds after the one before.
    @Test func manyAnswersWakeHardlyMoreThanOnce() async throws {
        var connection = try connect()
        let statements = (1...10).map { Statement("SELECT pg_catalog.pg_sleep(0.002), \($0) AS number") }
        var fewest = Int.max
        for _ in 0..<50 where fewest > 3 {
            let before = try sleeps()
            let answers = connection.run(statements, opening, before: .after(.seconds(30)))
            fewest = min(fewest, try sleeps() - before)
            #expect(try answers.results.map { try $0.get().first?.integer("number") } == Array(1...10))
        }
        #expect(fewest <= 3)
    }

    /// Also where less comes than the last time, so that what is waited for never does.
    @Test func answersMayBecomeShorterAndLonger() async throws {
        let server = try OnPostgres.server
        try server.sql("CREATE TABLE public.answer_size AS SELECT 0 AS size")
        var connection = try connect()
        let text = Statement("SELECT pg_catalog.repeat('x', size) AS text FROM public.answer_size")
        let statements = [text, Statement("SELECT 1 AS one"), text]
        for size in [40_000, 40_000, 10, 0, 100_000, 3] {
            try server.sql("UPDATE public.answer_size SET size = \(size)")
            let answers = connection.run(statements, opening, before: .after(.seconds(30)))
            #expect(answers.broken == nil)
            #expect(try answers.results.map { try $0.get().first?["text"]?.count } == [size, nil, size])
        }
    }

    @Test func whatIsWaitedForIsWhatCameTheLastTime() throws {
        var rounds = PastRounds()
        let sets = (0..<12).map { [Statement("SELECT \($0)")] }
        for (number, set) in sets.enumerated() { rounds.note(1600 * (number + 1), in: .milliseconds(8), for: set) }
        let newest = try #require(rounds.expectation(of: sets[11]))
        #expect(newest.bytes == 1500 * 12, "a sixteenth less")
        #expect(newest.patience == .milliseconds(10), "a quarter longer")
        #expect(rounds.expectation(of: sets[4])?.bytes == 1500 * 5)
        #expect(rounds.expectation(of: sets[3]) == nil, "too long ago")
        rounds.note(1 << 20, in: .seconds(1), for: sets[4])
        #expect(rounds.expectation(of: sets[4])?.bytes == 32 << 10, "what the kernel holds anyway")
        #expect(rounds.expectation(of: sets[11] + sets[4]) == nil)
    }
}

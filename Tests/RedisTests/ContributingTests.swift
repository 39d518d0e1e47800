import Foundation
import Metrics
import TestKit
import Testing

@testable import Redis

// The collector that CONTRIBUTING.md shows, word for word: what is written there compiles.

/// DBSIZE: the keys of the database that we are in.
struct DatabaseSizes: RedisPart {
    static let name = "redis_database_size"
    static let size = Descriptor(.gauge, "redis_database_size", help: "Keys in the first database (DBSIZE).")
    static let descriptors = [size]

    let pace = Duration.seconds(30)

    func queries() -> [RedisQuery] { [RedisQuery("DBSIZE")] }

    func samples(from answers: RedisAnswers, in poll: inout RedisPoll) throws(CollectorFailure) -> Samples? {
        var samples = Samples()
        samples.add(Self.size, ifKnown: try answers[0].integer.map { Double($0) })
        return samples
    }
}

/// A page that shows how to write a collector is of use while it is true.
@Suite struct ContributingTests {
    @Test func theExampleIsTheOneThatCompiles() throws {
        let here = try String(contentsOf: URL(filePath: #filePath), encoding: .utf8)
        #expect(
            try Project.examples(in: "CONTRIBUTING.md").contains { $0.contains(": RedisPart") && here.contains($0) })
    }

    @Test func theExampleReadsAReply() throws {
        let info = InfoReply([], now: 0)
        var poll = RedisPoll(server: ServerIdentity(), info: info, time: 0, now: .now)
        let part = DatabaseSizes()
        let answers = RedisAnswers(part.queries(), [.integer(7)])
        #expect(try part.samples(from: answers, in: &poll)?.first(DatabaseSizes.size) == 7)
        let refusal = RedisAnswers(part.queries(), [.error("NOPERM no")])
        #expect(throws: CollectorFailure.self) { try part.samples(from: refusal, in: &poll) }
        #expect(refusal.denied == ["DBSIZE"])
    }
}

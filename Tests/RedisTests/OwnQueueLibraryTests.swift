import Foundation
import Metrics
import TestKit
import Testing

@testable import Redis

/// Libraries that are no queue systems of ours, as queues of the operator's own: beside what they count themselves,
/// before, while and after their real workers work.
@Suite(.enabled(if: QueueLibrary.isInstalled, "Tests/tools/queue-libraries has not been run"))
struct OwnQueueLibraryTests {
    @Test func dramatiqCountsTheSame() async throws {
        let watch = try await Watch(
            "dramatiq",
            [
                "tasks=dramatiq:default", "tasks:delayed=dramatiq:default.DQ", "tasks:dead=dramatiq:default.XQ",
            ])
        #expect(try await watch.jobs("tasks") == ["waiting": 5, "delayed": 1, "dead": 0])
        #expect(try watch.own()["unfinished"] == 6)
        let worker = try watch.library.start("work")
        try await eventually("only the slow task is worked on") {
            try await watch.jobs("tasks") == ["waiting": 0, "delayed": 0, "dead": 1] && watch.own()["unfinished"] == 2
        }
        try watch.releaseTheSlowOne()
        try await eventually("no more work") { try watch.own()["unfinished"] == 1 }
        // A worker holds what is delayed, and gives it back when it ends.
        worker.send(SIGTERM)
        try await eventually("the delayed task") {
            try await watch.jobs("tasks") == ["waiting": 0, "delayed": 1, "dead": 1]
        }
        #expect(try watch.own()["unfinished"] == 1)
    }

    /// Its one sorted set holds what waits, what is worked on and what is delayed.
    @Test func arqCountsTheSame() async throws {
        let watch = try await Watch("arq", ["arq=arq:queue"])
        #expect(try await watch.jobs("arq") == ["delayed": 5])
        #expect(try watch.own()["queued"] == 5)
        let age = try await watch.target.poll().samples.number(QueueFamilies.oldestAge, "own", "arq")
        #expect(age.map { 0..<300 ~= $0 } == true)
        let worker = try watch.library.start("work")
        try await eventually("only the slow job is worked on") {
            try await watch.jobs("arq") == ["delayed": 2] && watch.own()["queued"] == 2
        }
        try watch.releaseTheSlowOne()
        try await eventually("no more work") {
            try await watch.jobs("arq") == ["delayed": 1] && watch.own()["queued"] == 1
        }
        worker.kill()
    }

    @Test func hueyCountsTheSame() async throws {
        let watch = try await Watch("huey", ["mail=huey.redis.mail", "mail:delayed=huey.schedule.mail"])
        // The worker moves what is delayed to the schedule; the client puts it into the list.
        #expect(try await watch.jobs("mail") == ["waiting": 6, "delayed": 0])
        #expect(try watch.own() == ["waiting": 6, "delayed": 0])
        let worker = try watch.library.start("work")
        try await eventually("two tasks wait behind the slow one") {
            try await watch.jobs("mail") == ["waiting": 2, "delayed": 1]
        }
        #expect(try watch.own() == ["waiting": 2, "delayed": 1])
        try watch.releaseTheSlowOne()
        try await eventually("no more work") { try await watch.jobs("mail") == ["waiting": 0, "delayed": 1] }
        #expect(try watch.own() == ["waiting": 0, "delayed": 1])
        worker.kill()
    }
}

/// One library with its jobs on a server, which is looked at with every poll.
private struct Watch {
    let library: QueueLibrary
    let target: RedisTarget
    private let server: RedisServer

    init(_ name: String, _ queues: [String]) async throws {
        server = try await RedisServer()
        library = QueueLibrary(name, server)
        try library.run("enqueue")
        var settings = RedisSettings.queues()
        settings.keys.ownQueues = try queues.map { try #require(OwnQueue(parsing: $0)) }
        target = try server.target(settings)
    }

    /// Our counts by state.
    func jobs(_ queue: String) async throws -> [String: Double] {
        let samples = try await target.poll().samples[QueueFamilies.jobs]
        return samples.reduce(into: [:]) { counts, sample in
            guard sample.labels.prefix(2) == ["own", queue], case .number(let count) = sample.value else { return }
            counts[sample.labels[2]] = count
        }
    }

    /// What the library counts itself.
    func own() throws -> [String: Int] {
        try #require(try library.run("inspect") as? [String: Int])
    }

    func releaseTheSlowOne() throws {
        try server.cli("rpush", "go", "1")
    }
}

import Foundation
import Metrics
import TestKit
import Testing

@testable import Redis

/// What is shown of queues beside what the libraries count themselves, with their real workers.
@Suite(.enabled(if: QueueLibrary.isInstalled, "Tests/tools/queue-libraries has not been run"))
struct QueueLibraryTests {
    @Test func rqCountsTheSame() async throws {
        let server = try await RedisServer()
        let rq = QueueLibrary("rq", server)
        try rq.run("enqueue")
        let target = try server.target(.queues())
        var samples = try await target.poll().samples
        #expect(samples.number(QueueFamilies.jobs, "rq", "default", "waiting") == 4)
        #expect(samples.number(QueueFamilies.oldestAge, "rq", "default").map { 0..<300 ~= $0 } == true)
        try rq.run("burst")
        let worker = try rq.start("work")
        try await eventually("a job that is worked on") {
            try await target.poll().samples.number(QueueFamilies.jobs, "rq", "low", "active") == 1
        }
        samples = try await target.poll().samples
        let own = try #require(try rq.run("inspect") as? [String: [String: Int]])
        #expect(own.keys.sorted() == ["default", "low"] && own["default"]?["dead"] == 1)
        for (queue, facts) in own {
            for (state, count) in facts where state != "workers" {
                #expect(samples.number(QueueFamilies.jobs, "rq", queue, state) == Double(count), "\(queue) \(state)")
            }
            #expect(samples.number(QueueFamilies.workers, "rq", queue) == facts["workers"].map { Double($0) })
            #expect(samples.number(QueueFamilies.paused, "rq", queue) == 0)
        }
        #expect(own["low"]?["workers"] == 1)
        try rq.run("suspend")
        #expect(try await target.poll().samples.number(QueueFamilies.paused, "rq", "low") == 1)
        worker.kill()
    }

    @Test func celerysPrioritiesAreCounted() async throws {
        let server = try await RedisServer()
        let celery = QueueLibrary("celery", server)
        try celery.run("enqueue")
        let target = try server.target(.queues())
        var samples = try await target.poll().samples
        #expect(samples.number(QueueFamilies.jobs, "celery", "celery", "waiting") == 4)
        #expect(samples.number(QueueFamilies.jobs, "celery", "emails", "waiting") == 2)
        #expect(try server.cli("llen", "celery") == "2")
        #expect(samples[QueueFamilies.oldestAge].isEmpty)
        let worker = try celery.start("work")
        try await eventually("tasks that were delivered") {
            try await target.poll().samples.number(QueueFamilies.jobs, "celery", "", "unacked").map { $0 > 0 } == true
        }
        try await eventually("the same as celery inspect") {
            guard let own = try celery.run("inspect") as? [String: Int] else { return false }
            samples = try await target.poll().samples
            let unacked = samples.number(QueueFamilies.jobs, "celery", "", "unacked")
            return own["active"] == 1 && own["reserved"].map { Double($0) } == unacked
        }
        // Queues of the workers' own messages are none of the operator's.
        #expect(Set(samples[QueueFamilies.jobs].map { $0.labels[1] }) == ["", "celery", "emails"])
        worker.kill()
    }

    @Test(.enabled(if: QueueLibrary.hasSidekiq, "ruby-sidekiq is not installed"))
    func sidekiqCountsTheSame() async throws {
        let server = try await RedisServer()
        let sidekiq = QueueLibrary("sidekiq", server)
        try sidekiq.run("enqueue")
        let target = try server.target(.queues())
        var samples = try await target.poll().samples
        #expect(samples.number(QueueFamilies.jobs, "sidekiq", "default", "waiting") == 5)
        #expect(samples.number(QueueFamilies.oldestAge, "sidekiq", "low").map { 0..<300 ~= $0 } == true)
        // An argument that is called like the time is not taken for it.
        let latency = try #require((try sidekiq.run("inspect") as? [String: Any])?["latency"] as? [String: Double])
        let age = try #require(samples.number(QueueFamilies.oldestAge, "sidekiq", "default"))
        #expect(latency["default"].map { abs($0 - age) < 300 } == true)
        let worker = try sidekiq.start("work")
        try await eventually("all jobs but the slow one") {
            samples = try await target.poll().samples
            return samples.first(QueueFamilies.processed) == 4
                && samples.number(QueueFamilies.jobs, "sidekiq", "", "active") == 1
        }
        let own = try #require(try sidekiq.run("inspect") as? [String: Any])
        for state in ["delayed", "retry", "dead", "active"] {
            let count = (own[state] as? Int).map { Double($0) }
            #expect(samples.number(QueueFamilies.jobs, "sidekiq", "", state) == count, "\(state)")
        }
        #expect(samples.number(QueueFamilies.jobs, "sidekiq", "", "dead") == 1)
        #expect(samples.first(QueueFamilies.failed) == (own["failed"] as? Int).map { Double($0) })
        #expect(samples.number(QueueFamilies.workers, "sidekiq", "") == 1)
        #expect(samples.number(QueueFamilies.jobs, "sidekiq", "low", "waiting") == 2)
        try server.cli("sadd", "paused", "low")
        samples = try await target.poll().samples
        #expect(samples.number(QueueFamilies.paused, "sidekiq", "low") == 1)
        #expect(samples.number(QueueFamilies.paused, "sidekiq", "default") == 0)
        worker.kill()
    }
}

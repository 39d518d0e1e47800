import Foundation
import TestKit
import Testing

/// The machine's clock is stepped while the program runs. Whatever is measured uses clocks that nobody can set.
@Suite struct ClockTests {
    private static let day = 86400.0
    private static let lastSuccess = #"sidelong_collector_last_success_timestamp_seconds{collector="redis"}"#

    @Test(arguments: [day, -day, 20 * 365 * day] as [Double])
    func aStepOfTheClockMovesTimestampsAndNothingElse(step: Double) async throws {
        let folder = try TemporaryFolder()
        let library = try Preloaded.library("clock/step.c", in: folder)
        let file = try folder.write("0", to: "step")
        let redis = try await RedisServer()
        let sidelong = try await Sidelong(
            ["--redis.addr=\(redis.address)", "--redis.interval=100ms", "--wire.interfaces=off"],
            environment: ["LD_PRELOAD": library, "STEP_FILE": file])
        try await sidelong.waits(for: "redis_up", toBe: 1)
        let before = try sidelong.value(Self.lastSuccess) ?? 0
        let processStart = try sidelong.value("process_start_time_seconds")
        let polls = try sidelong.value("redis_exporter_scrapes_total") ?? 0

        try folder.write("\(Int(step))", to: "step")
        try await eventually("polls go on") { try sidelong.value("redis_exporter_scrapes_total") ?? 0 > polls + 3 }
        // Half a day of slack, however slow the machine.
        let moved = (try sidelong.value(Self.lastSuccess) ?? 0) - before
        #expect(abs(moved - step) < Self.day / 2)
        #expect(try sidelong.value("process_start_time_seconds") == processStart)
        #expect(try sidelong.value("redis_up") == 1)
        #expect(try sidelong.get("/health/live").status == 200)
        let health = try JSONSerialization.jsonObject(with: Data(try sidelong.get("/health").body)) as? [String: Any]
        let components = try #require(health?["components"] as? [String: [String: Any]])
        let ages = components.values.compactMap { $0["age_seconds"] as? Double }
        #expect(ages.count == components.count && ages.allSatisfy { (0..<Self.day / 2).contains($0) })
        #expect((0..<Self.day / 2).contains(health?["uptime_seconds"] as? Double ?? -1))

        // A failure after the step is retried as soon as ever.
        redis.kill()
        try await sidelong.waits(for: "redis_up", toBe: 0)
        try await redis.start()
        try await sidelong.waits(for: "redis_up", toBe: 1)
    }

    /// A machine without a battery starts in 1970 or before, a broken one anywhere. The capture goes by the same clock.
    @Test(arguments: [-60 * 365 * day, 600 * 365 * day, 8100 * 365 * day] as [Double])
    func aClockFarOffIsNoReasonToEnd(step: Double) async throws {
        let folder = try TemporaryFolder()
        let library = try Preloaded.library("clock/step.c", in: folder)
        let file = try folder.write("\(Int(step))", to: "step")
        let redis = try await RedisServer()
        let sidelong = try await Sidelong(
            ["--redis.addr=\(redis.address)", "--redis.interval=100ms", "--wire.interfaces=lo"],
            environment: ["LD_PRELOAD": library, "STEP_FILE": file])
        try await sidelong.waits(for: "redis_up", toBe: 1)
        let polls = try sidelong.value("redis_exporter_scrapes_total") ?? 0
        try folder.write("0", to: "step")
        try await eventually("polls go on") { try sidelong.value("redis_exporter_scrapes_total") ?? 0 > polls + 3 }
        try folder.write("\(Int(step))", to: "step")
        try await eventually("polls go on") { try sidelong.value("redis_exporter_scrapes_total") ?? 0 > polls + 6 }
        #expect(try sidelong.get("/health").text.contains("timestamp"))
        #expect(sidelong.process.isRunning)
    }
}

import Foundation
import Glibc
import TestKit
import Testing

/// SIGHUP: what a page says across it, and files that are not what they should be.
@Suite struct ReloadTests {
    /// Starts a Redis and a daemon whose configuration is in a file.
    private func start(_ more: String = "") async throws -> (RedisServer, Sidelong, TemporaryFolder) {
        let redis = try await RedisServer()
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "redis:\n  addr: [\(redis.address)\(more)]\n  interval: 300ms\nretry:\n  delay: 20ms\n", to: "sidelong.yaml"
        )
        return (redis, try await Sidelong(["--config.file=\(path)", "--wire.interfaces=off"]), folder)
    }

    @Test(arguments: ["", "\n\n", "# nothing but a comment\n", "redis:\n", "---\n"])
    func aFileThatHasLostItsOptionsIsRefused(text: String) async throws {
        let (redis, sidelong, folder) = try await start()
        try await sidelong.waits(for: "redis_up", toBe: 1)
        try folder.write(text, to: "sidelong.yaml")
        sidelong.process.send(SIGHUP)
        try await sidelong.waits(for: "sidelong_config_last_reload_successful", toBe: 0)
        #expect(sidelong.process.output.contains("sidelong.yaml: sets no option any more"))
        let polls = try sidelong.value("redis_exporter_scrapes_total") ?? 0
        try await eventually("polls go on") { try sidelong.value("redis_exporter_scrapes_total") ?? 0 > polls }
        #expect(try sidelong.value("redis_up") == 1)

        try folder.write("redis:\n  addr: \(redis.address)\n  interval: 200ms\n", to: "sidelong.yaml")
        sidelong.process.send(SIGHUP)
        try await sidelong.waits(for: "sidelong_config_last_reload_successful", toBe: 1)
    }

    @Test func anEmptyFileAtTheStartMeansTheDefaults() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("# every option is a comment here\n", to: "sidelong.yaml")
        let sidelong = try await Sidelong(["--config.file=\(path)", "--redis.addr=127.0.0.1:1"])
        sidelong.process.send(SIGHUP)
        try await eventually("read again") { sidelong.process.output.contains("configuration read again") }
    }

    @Test func thePageHasNoGapAndCountsGoOn() async throws {
        let (redis, sidelong, folder) = try await start(", 127.0.0.1:1")
        defer { withExtendedLifetime(folder) {} }
        let up = "redis_up{target=\"\(redis.address)\"}"
        let polls = "redis_exporter_scrapes_total{target=\"\(redis.address)\"}"
        let failures = #"sidelong_collector_failures_total{collector="redis",reason="connect",target="127.0.0.1:1"}"#
        try await sidelong.waits(for: up, toBe: 1)
        try await eventually("failures of the other") { try sidelong.value(failures) ?? 0 >= 3 }
        var (lastPolls, lastFailures) = (0.0, 3.0)
        for round in 1...10 {
            let before = sidelong.process.output.components(of: "configuration read again")
            sidelong.process.send(SIGHUP)
            try await eventually("reload \(round)") {
                #expect(try sidelong.value(up) == 1)
                #expect(try sidelong.value("redis_up{target=\"127.0.0.1:1\"}") == 0)
                #expect(try sidelong.get("/health/ready").status == 200)
                let (newPolls, newFailures) = (try sidelong.value(polls) ?? 0, try sidelong.value(failures) ?? 0)
                #expect(newPolls >= lastPolls && newFailures >= lastFailures)
                (lastPolls, lastFailures) = (newPolls, newFailures)
                return sidelong.process.output.components(of: "configuration read again") > before
            }
        }
        try await eventually("polls go on") { try sidelong.value(polls) ?? 0 > lastPolls }
    }

    /// What is counted from poll to poll, such as slow commands, has no other memory than the target's own.
    @Test func countsOfAnUnchangedTargetGoOn() async throws {
        let (redis, sidelong, folder) = try await start()
        defer { withExtendedLifetime(folder) {} }
        try redis.cli("config", "set", "slowlog-log-slower-than", "0")
        let slow = #"redis_slow_commands_total{command="set""#
        try await sidelong.waits(for: "redis_up", toBe: 1)
        for number in 1...5 { try redis.cli("set", "key\(number)", "value") }
        try await eventually("slow commands") { try sidelong.page().contains(slow) }
        for round in 1...3 {
            let before = sidelong.process.output.components(of: "configuration read again")
            sidelong.process.send(SIGHUP)
            try await eventually("reload \(round)") {
                let page = try sidelong.page()
                #expect(page.contains(slow))
                return sidelong.process.output.components(of: "configuration read again") > before
            }
            let polls = try sidelong.value("redis_exporter_scrapes_total") ?? 0
            try await eventually("polls after reload \(round)") {
                #expect(try sidelong.page().contains(slow))
                return try sidelong.value("redis_exporter_scrapes_total") ?? 0 > polls + 2
            }
        }
    }

    /// Behind a socket the process is known by its number only, which a poll of Redis brings.
    @Test func theServersProcessHasNoGap() async throws {
        let folder = try TemporaryFolder()
        let socket = folder.path("redis.sock")
        let redis = try await RedisServer("redis-server", ["unixsocket \(socket)"])
        defer { withExtendedLifetime(redis) {} }
        let path = try folder.write("redis:\n  addr: unix://\(socket)\nhost:\n  interval: 500ms\n", to: "sidelong.yaml")
        let sidelong = try await Sidelong(["--config.file=\(path)", "--wire.interfaces=off"])
        let memory = "redis_process_resident_memory_bytes"
        try await eventually("the process") { try sidelong.value(memory) != nil }
        for round in 1...5 {
            let before = sidelong.process.output.components(of: "configuration read again")
            sidelong.process.send(SIGHUP)
            try await eventually("reload \(round)") {
                let value = try sidelong.value(memory)
                #expect(value != nil)
                return sidelong.process.output.components(of: "configuration read again") > before
            }
            let polls = try sidelong.value("redis_exporter_scrapes_total") ?? 0
            try await eventually("a poll after reload \(round)") {
                #expect(try sidelong.value(memory) != nil)
                return try sidelong.value("redis_exporter_scrapes_total") ?? 0 > polls
            }
        }
    }

    /// However many come while the file is being read, one more reading has them all.
    @Test func aStormOfSignalsIsOneReload() async throws {
        let (redis, sidelong, folder) = try await start()
        // Let go, the server would end, perhaps before it is polled.
        defer { withExtendedLifetime(redis) {} }
        try await sidelong.waits(for: "redis_up", toBe: 1)
        func readings() -> Int { sidelong.process.output.components(of: "configuration read again") }
        do {
            let hung = try HungFile(folder.path("sidelong.yaml"))
            sidelong.process.send(SIGHUP)
            try await eventually("the file is waited for") { hung.isWaitedFor }
            for _ in 0..<400 { sidelong.process.send(SIGHUP) }
            // They are taken in the order in which they come, so all have come when a scrape is answered.
            _ = try sidelong.page()
        }
        try await eventually("read again") { readings() >= 1 }
        sidelong.process.send(SIGHUP)
        try await eventually("and once more") { readings() >= 2 }
        #expect(readings() <= 3)
    }

    @Test func aTargetThatIsNoLongerWatchedLeavesThePage() async throws {
        let (redis, sidelong, folder) = try await start(", 127.0.0.1:1")
        try await sidelong.waits(for: "redis_up{target=\"127.0.0.1:1\"}", toBe: 0)
        try folder.write("redis:\n  addr: \(redis.address)\n", to: "sidelong.yaml")
        sidelong.process.send(SIGHUP)
        try await sidelong.waits(for: "redis_up", toBe: 1)
        #expect(try !sidelong.page().contains("127.0.0.1:1\""))
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(of text: String) -> Int {
        components(separatedBy: text).count - 1
    }
}

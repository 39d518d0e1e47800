import Metrics
import TestKit
import Testing

@testable import Redis

/// What is asked only when it can have changed, with what a real server counts as the witness.
struct ChangeTests {
    private let server: RedisServer
    private let target: RedisTarget

    init() async throws {
        server = try await RedisServer("redis-server", ["user app on nopass +@all ~*"])
        var settings = RedisSettings.patient
        settings.configInterval = .microseconds(1)
        settings.clientCountsInterval = .microseconds(1)
        target = try server.target(settings)
        // INFO comes first in a poll: what the first one asks is counted in the second.
        _ = try await target.poll()
        _ = try await target.poll()
    }

    private func calls(of command: String) throws -> String? {
        try server.cli("info", "commandstats").split(whereSeparator: \.isNewline)
            .first { $0.hasPrefix("cmdstat_\(command):calls=") }?.split(separator: ",").first.map(String.init)
    }

    /// Whether a poll has asked a part, by what the server counts.
    private func asks(_ command: String, _ part: String) async throws -> (isAsked: Bool, samples: Samples) {
        let before = try calls(of: command)
        let collected = try await target.poll()
        let isAsked = try calls(of: command) != before
        #expect(isAsked != collected.skipped.contains(part))
        return (isAsked, collected.samples)
    }

    @Test func theConfigurationIsAskedForWhenItWasChanged() async throws {
        func asked() async throws -> (isAsked: Bool, samples: Samples) {
            try await asks("config|get", RedisConfig.name)
        }
        for _ in 0..<3 { #expect(try await asked().isAsked == false) }
        try server.cli("config", "set", "maxmemory", "100mb")
        let changed = try await asked()
        #expect(changed.isAsked && changed.samples.first(ConfigParameters.maxMemory) == 104_857_600)
        let later = try await asked()
        #expect(!later.isAsked && later.samples.first(ConfigParameters.maxMemory) == 104_857_600)
        // Who sets the counts back can have set anything.
        try server.cli("config", "set", "maxmemory", "0")
        try server.cli("config", "resetstat")
        #expect(try await asked().samples.first(ConfigParameters.maxMemory) == 0)
    }

    @Test func clientsAreAskedForWhenOneIsNew() async throws {
        var lists = 0
        func poll() async throws -> Collected {
            let collected = try await target.poll()
            if !collected.skipped.contains(ClientList.name) { lists += 1 }
            return collected
        }
        func expectUnchanged() async throws {
            let known = lists
            _ = try await poll()
            #expect(lists == known)
        }
        func clients(
            _ user: String, _ name: String, _ family: Descriptor = ClientCounts.clients
        ) async throws -> Double? { try await poll().samples.number(family, user, name, "") }
        func listsOfServer() async throws -> Double {
            try await poll().samples.number(CommandStatistics.calls, "client|list", "client|list") ?? 0
        }

        let before = try await listsOfServer()
        lists = 0
        try await expectUnchanged()
        var client: RawSocket? = try RawSocket(port: server.port)
        try client?.send("PING\r\n")
        _ = try client?.receive()
        #expect(try await clients("default", "") == 1)
        try await expectUnchanged()
        try client?.send("CLIENT SETNAME worker\r\n")
        _ = try client?.receive()
        #expect(try await clients("default", "worker") == 1)
        try client?.send("AUTH app x\r\n")
        _ = try client?.receive()
        #expect(try await clients("app", "worker") == 1)
        try client?.send("BLPOP nothing 0\r\n")
        try await eventually("it waits") { try await clients("app", "worker", ClientCounts.blocked) == 1 }
        try await expectUnchanged()
        client = nil
        try await eventually("it has gone") { try await clients("app", "worker") == nil }
        #expect(lists == 5)
        // The last one is in the next INFO.
        #expect(try await listsOfServer() == before + 5)
    }

    /// How long clients are idle moves by itself, and a change that INFO does not tell of has to show some time.
    @Test func whatDoesNotChangeIsAskedForAllTheSame() async throws {
        var settings = RedisSettings.patient
        settings.configInterval = .microseconds(1)
        settings.clientCountsInterval = .microseconds(1)
        settings.unchangedInterval = .microseconds(1)
        let target = try server.target(settings)
        for _ in 0..<4 {
            let skipped = try await target.poll().skipped
            #expect(!skipped.contains(ClientList.name) && !skipped.contains(RedisConfig.name))
        }
    }
}

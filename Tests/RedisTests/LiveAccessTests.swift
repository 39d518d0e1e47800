import Foundation
import Metrics
import TestKit
import Testing

@testable import Redis

/// Passwords, users and their rights.
struct LiveAccessTests {
    @Test func theDefaultUsersPassword() async throws {
        let server = try await RedisServer("redis-server", ["requirepass secret"])
        let none = try await server.target().failure()
        #expect(none?.reason == .auth)
        #expect(none?.message.contains("wants a password") == true)
        var settings = RedisSettings.patient
        settings.password = "wrong"
        let wrong = try await server.target(settings).failure()
        #expect(wrong?.reason == .auth)
        #expect(wrong?.message.contains("wrong") == false)
        settings.password = "secret"
        _ = try await server.target(settings).poll()
        _ = try await server.target(address: "redis://:secret@127.0.0.1:\(server.port)").poll()
    }

    /// Also one that is a word of the server's answer to it.
    @Test(arguments: ["unneeded", "password"])
    func aPasswordThatNobodyAsksForDoesNoHarm(password: String) async throws {
        let server = try await RedisServer()
        var settings = RedisSettings.patient
        settings.password = password
        _ = try await server.target(settings).poll()
    }

    @Test func aRotatedPasswordFileIsUsed() async throws {
        let server = try await RedisServer("redis-server", ["requirepass old"])
        let file = try server.folder.write("old\n", to: "password")
        var settings = RedisSettings.patient
        settings.passwordFile = file
        let target = try server.target(settings)
        _ = try await target.poll()
        try server.cli("--no-auth-warning", "-a", "old", "config", "set", "requirepass", "new")
        try server.cli("--no-auth-warning", "-a", "new", "client", "kill", "type", "normal")
        #expect(await target.failure()?.reason == .auth)
        try server.folder.write("new\r\n", to: "password")
        _ = try await target.poll()
        try FileManager.default.removeItem(atPath: file)
        await target.disconnect()
        let missing = await target.failure()
        #expect(missing?.reason == .unreadable)
        #expect(missing?.message.contains(file) == true)
    }

    @Test func aUserWithFewRightsGetsWhatItMayHave() async throws {
        let server = try await RedisServer("redis-server", ["user watcher on >secret +info +latency|latest"])
        var settings = RedisSettings.patient
        settings.user = "watcher"
        settings.password = "secret"
        let target = try server.target(settings)
        let collected = try await target.poll()
        #expect(collected.samples.number(named: "redis_uptime_in_seconds") != nil)
        #expect(collected.reason(InfoReply.name) == nil)
        #expect(collected.reason(LatencySpikes.name) == nil)
        #expect(collected.reason(LatencyHistograms.name) == .denied)
        #expect(collected.reason(Slowlog.name) == .denied)
        #expect(collected.reason(RedisConfig.name) == .denied)
        let message = collected.partFailures.first { $0.part == RedisConfig.name }?.failure.message
        #expect(message?.contains("+config|get") == true)
        #expect(try await target.poll().partFailures.isEmpty)
    }

    @Test func withoutInfoThePollFailsAndNamesAllThatIsMissing() async throws {
        let server = try await RedisServer("redis-server", ["user watcher on nopass +slowlog"])
        var settings = RedisSettings.patient
        settings.user = "watcher"
        let target = try server.target(settings)
        let failure = await target.failure()
        #expect(failure?.reason == .denied)
        let line = try #require(failure?.message.firstMatch(of: /ACL SETUSER watcher .*/)?.output)
        let words = line.split(separator: " ").map(String.init)
        #expect(words.contains("+info") && words.contains("+config|get") && words.contains("+latency|histogram"))
        #expect(!words.contains("+slowlog|len"))
        // Pasted, it mends all of it.
        try server.cli(["acl"] + words.dropFirst())
        let collected = try await target.poll()
        #expect(collected.partFailures.isEmpty && collected.remedy == nil)
    }

    @Test func oneLineMendsAllThatIsMissing() async throws {
        let server = try await RedisServer("redis-server", ["user watcher on nopass +info"])
        var settings = RedisSettings.patient
        settings.user = "watcher"
        let collected = try await server.target(settings).poll()
        let line = try #require(collected.remedy)
        #expect(line.hasPrefix("ACL SETUSER watcher +") && line.contains("+slowlog|len +slowlog|get"))
        let slowlog = collected.partFailures.first { $0.part == Slowlog.name }?.failure.message
        #expect(slowlog?.hasSuffix("+slowlog|len +slowlog|get") == true)
        try server.cli(["acl"] + line.split(separator: " ").dropFirst().map(String.init))
        #expect(try await server.target(settings).poll().partFailures.isEmpty)
    }

    @Test func aRenamedInfoIsNoInfo() async throws {
        let server = try await RedisServer("redis-server", ["rename-command INFO secret-info"])
        let failure = try await server.target().failure()
        #expect(failure?.reason == .unsupported)
        #expect(failure?.message.contains("rename-command") == true)
    }

    @Test func aUserWithoutAnyRightFails() async throws {
        let server = try await RedisServer("redis-server", ["user watcher on nopass"])
        var settings = RedisSettings.patient
        settings.user = "watcher"
        let target = try server.target(settings)
        #expect(await target.failure()?.reason == .denied)
    }

    @Test func aUserThatIsRemovedFails() async throws {
        let server = try await RedisServer("redis-server", ["user watcher on >secret +@all"])
        var settings = RedisSettings.patient
        settings.user = "watcher"
        settings.password = "secret"
        let target = try server.target(settings)
        _ = try await target.poll()
        try server.cli("acl", "deluser", "watcher")
        #expect(await target.failure()?.reason == .auth)
    }
}

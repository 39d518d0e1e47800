import Metrics
import Synchronization
import TestKit
import Testing

@testable import Redis

/// What a poll brings for the measurement of traffic.
@Suite struct CompanionTests {
    @Test func decodesTheTableOfCommands() throws {
        let commands = try CommandCatalogue.decode(try Fixture.reply("redis-7.0/command-info"))
        let byName = Dictionary(uniqueKeysWithValues: commands.map { ($0.name, $0) })
        #expect(commands.count == 9)
        #expect(byName["get"]?.keySearch == .index(1))
        #expect(byName["get"]?.firstKey == 1)
        #expect(byName["eval"]?.keySearch == .count(2))
        #expect(byName["eval"]?.flags.contains("movablekeys") == true)
        #expect(byName["xread"]?.keySearch == .keyword("STREAMS", from: 1))
        #expect(byName["blpop"]?.flags.contains("blocking") == true)
        #expect(byName["ssubscribe"]?.keySearch == .notAKey)
        #expect(byName["config"]?.subcommands.contains { $0.name == "config|get" } == true)
        let idle = byName["object"]?.subcommands.first { $0.name == "object|idletime" }
        #expect(idle?.keySearch == .index(2))
    }

    @Test func anEntryOfAnotherFormIsLeftOut() throws {
        let entries: [RedisReply] = [.null, .array([.bulk(Array("get".utf8))]), .integer(1)]
        #expect(try CommandCatalogue.decode(.array(entries)) == [])
        #expect(throws: CollectorFailure.self) { try CommandCatalogue.decode(.integer(1)) }
    }

    @Test func decodesTheListOfClients() throws {
        let clients = try ClientList.decode(try Fixture.reply("redis-7.0/client-list"))
        #expect(clients.map(\.user) == ["alice", "default"])
        #expect(clients.allSatisfy { $0.address.hasPrefix("127.0.0.1:") })
    }

    @Test func clientsOfOldServersHaveNoUser() throws {
        let line = "id=3 addr=127.0.0.1:50000 fd=8 name= age=1 cmd=client\r\n"
        #expect(try ClientList.decode(.bulk(Array(line.utf8))).map(\.user) == [""])
        #expect(throws: CollectorFailure.self) { try ClientList.decode(.null) }
    }

    @Test func everyListenerIsToldItsPart() async throws {
        let server = try await RedisServer()
        let told = Told()
        var companion = RedisCompanion()
        companion.onCommands = { commands in told.note("commands", commands.count) }
        companion.wantsClients = { told.count("commands") > 0 }
        companion.onClients = { clients in told.note("clients", clients.count) }
        companion.probedKeys = ["here", "absent"]
        companion.onProbe = { key, duration in told.note(key, duration > .zero ? 1 : 0) }
        let target = RedisTarget(try RedisAddress(server.address), .patient, companion: companion)
        #expect(target.parts.suffix(3) == [CommandCatalogue.name, ClientList.name, KeyProbes.name])
        _ = try await target.poll()
        #expect(told.count("commands") > 200)
        #expect(told.count("clients") == 1)
        _ = try await target.poll()
        #expect(told.calls("commands") == 1)
        #expect(told.count("clients") == 1)
        #expect(told.calls("here") == 2 && told.count("here") == 2)
        #expect(told.calls("absent") == 2)
    }

    @Test func aProbeThatIsRefusedIsSaid() async throws {
        let server = try await RedisServer()
        var companion = RedisCompanion()
        companion.probedKeys = ["key"]
        var settings = RedisSettings.patient
        settings.refusalInterval = .zero
        let target = RedisTarget(try RedisAddress(server.address), settings, companion: companion)
        #expect(try await target.poll().reason(KeyProbes.name) == nil)
        try server.cli("ACL", "SETUSER", "default", "-type")
        #expect(try await target.poll().reason(KeyProbes.name) == .denied)
        try server.cli("ACL", "SETUSER", "default", "+type")
        let collected = try await target.poll()
        #expect(collected.reason(KeyProbes.name) == nil)
        #expect(!collected.skipped.contains(KeyProbes.name))
    }

    /// Also those of a connection that the server has closed, and without those that it turns down.
    @Test func theOwnCommandsAreKnown() async throws {
        let server = try await RedisServer()
        try server.cli("ACL", "SETUSER", "default", "-slowlog")
        var companion = RedisCompanion()
        companion.onCommands = { _ in }
        companion.probedKeys = ["a", "b"]
        let connections = Connections()
        companion.onConnect = connections.companion.onConnect
        let target = RedisTarget(try RedisAddress(server.address), .patient, companion: companion)
        func others() async throws -> Double {
            _ = try await target.poll()
            let status = target.currentStatus
            return try #require(status.commandsProcessed) - Double(status.ownCommands)
        }
        let before = try await others()
        for _ in 0..<3 { #expect(try await others() == before) }
        try server.cli("CLIENT", "KILL", "TYPE", "normal")
        #expect(try await others() == before + 1)
        #expect(connections.count == 2)
        try server.cli("PING")
        #expect(try await others() == before + 2)
    }

    @Test func aRestartBeginsAnotherCount() async throws {
        let server = try await RedisServer()
        let target = RedisTarget(try RedisAddress(server.address), .patient)
        _ = try await target.poll()
        let first = target.currentStatus.count
        _ = try await target.poll()
        #expect(target.currentStatus.count == first)
        try await server.restart()
        _ = try await target.poll()
        #expect(target.currentStatus.count != first)
    }

    @Test func whatNobodyWantsIsNotAsked() async throws {
        let server = try await RedisServer()
        let target = RedisTarget(try RedisAddress(server.address), .patient)
        _ = try await target.poll()
        let asked = try server.cli("INFO", "commandstats")
        #expect(!asked.contains("cmdstat_command:"))
        #expect(!asked.contains("cmdstat_type:"))
    }
}

/// Notes who was called, how often and with what.
private final class Told: Sendable {
    private let notes = Mutex<[(name: String, count: Int)]>([])

    func note(_ name: String, _ count: Int) {
        notes.withLock { $0.append((name, count)) }
    }

    func calls(_ name: String) -> Int { notes.withLock { $0.count { $0.name == name } } }
    func count(_ name: String) -> Int { notes.withLock { $0.reduce(0) { $1.name == name ? $0 + $1.count : $0 } } }
}

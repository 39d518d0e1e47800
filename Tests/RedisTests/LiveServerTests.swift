import Glibc
import Metrics
import Synchronization
import TestKit
import Testing

@testable import Redis

/// A real Redis, as it is and as it goes away and comes back.
struct LiveServerTests {
    /// Parts that a plain Redis 7 does not have.
    private static let ofOtherServers = [
        ClusterInfo.name, CommandLog.name, SlotStatistics.name, SentinelDetails.name,
    ]

    @Test func onePollIsOneRoundTrip() async throws {
        let server = try await RedisServer()
        var settings = RedisSettings.patient
        settings.configInterval = .seconds(3600)
        settings.histogramInterval = .seconds(3600)
        settings.percentilesInterval = .seconds(3600)
        let connections = Connections()
        let target = try server.target(settings, counting: connections)
        let reads = try await target.poll().samples.number(named: "redis_total_reads_processed")
        let collected = try await target.poll()
        #expect(collected.samples.number(named: "redis_total_reads_processed") == reads.map { $0 + 1 })
        #expect(connections.count == 1)
        #expect(collected.partFailures.isEmpty)
        let slower = [RedisConfig.name, LatencyHistograms.name, LatencyPercentiles.name, ClientList.name]
        #expect(Set(collected.skipped) == Set(slower + Self.ofOtherServers))
        #expect(collected.samples[LatencyHistograms.full].isEmpty == false)
        #expect(collected.samples[CommandPercentiles.percentiles].isEmpty == false)
        #expect(collected.samples.number(named: "redis_memory_used_bytes") != nil)
        #expect(collected.samples.first(ConfigParameters.maxClients) == 10000)
        #expect(collected.samples[Keyspace.keys].count == 16)
        #expect(try server.cli("client", "list").contains("name=sidelong"))
        #expect(collected.samples.first(RedisTarget.processID) != nil)
        #expect(target.currentStatus.port == UInt16(server.port))
        #expect(target.currentStatus.role == .primary)
    }

    @Test func whatHasASlowerTimerIsAskedAgain() async throws {
        let server = try await RedisServer()
        var settings = RedisSettings.patient
        settings.configInterval = .zero
        settings.histogramInterval = .zero
        settings.percentilesInterval = .zero
        let target = try server.target(settings)
        #expect(try await target.poll().samples.first(ConfigParameters.maxMemory) == 0)
        try server.cli("config", "set", "maxmemory", "100mb")
        let collected = try await target.poll()
        #expect(Set(collected.skipped) == Set([ClientList.name] + Self.ofOtherServers))
        #expect(collected.samples.first(ConfigParameters.maxMemory) == 104_857_600)
        let commands = collected.samples[LatencyHistograms.full].map(\.labels[0])
        #expect(commands.contains("config|set"))
    }

    @Test func reachesIPv6AndUnixSockets() async throws {
        let folder = try TemporaryFolder()
        let server = try await RedisServer(
            "redis-server", ["bind 127.0.0.1 ::1", "unixsocket \(folder.path("redis.sock"))"], in: folder)
        _ = try await server.target(address: "redis://[::1]:\(server.port)").poll()
        _ = try await server.target(address: "redis://localhost:\(server.port)").poll()
        _ = try await server.target(address: "unix://\(folder.path("redis.sock"))").poll()
    }

    @Test func aRestartBetweenPollsIsNoFailure() async throws {
        let server = try await RedisServer()
        let connections = Connections()
        let target = try server.target(counting: connections)
        let before = try await target.poll().samples[InstanceInfo.info].first?.labels
        try await server.restart()
        let after = try await target.poll().samples[InstanceInfo.info].first?.labels
        #expect(before != after)
        #expect(connections.count == 2)
    }

    @Test func aKilledConnectionIsReplacedAtOnce() async throws {
        let server = try await RedisServer()
        let connections = Connections()
        let target = try server.target(counting: connections)
        _ = try await target.poll()
        try server.cli("client", "kill", "type", "normal")
        _ = try await target.poll()
        #expect(connections.count == 2)
    }

    @Test func aStoppedServerIsATimeoutAndComesBack() async throws {
        let server = try await RedisServer()
        let target = try server.target(RedisSettings(connectTimeout: .milliseconds(300), timeout: .milliseconds(300)))
        try await eventually("a poll") { (try? await target.poll()) != nil }
        server.send(SIGSTOP)
        #expect(await target.failure()?.reason == .timeout)
        #expect(target.currentStatus.role == nil)
        #expect(await target.failure()?.reason == .timeout)
        server.send(SIGCONT)
        try await eventually("the server to answer again") { (try? await target.poll()) != nil }
    }

    @Test func aKilledServerIsGoneAndComesBack() async throws {
        let server = try await RedisServer()
        let target = try server.target()
        _ = try await target.poll()
        server.kill()
        #expect(await target.failure()?.reason == .connect)
        try await server.start()
        _ = try await target.poll()
    }

    @Test func renamedCommandsCostOnlyTheirFamilies() async throws {
        let server = try await RedisServer(
            "redis-server", ["rename-command CONFIG \"\"", "rename-command SLOWLOG hidden"])
        let target = try server.target()
        let collected = try await target.poll()
        #expect(collected.reason(RedisConfig.name) == .unsupported)
        #expect(collected.reason(Slowlog.name) == .unsupported)
        #expect(collected.samples[ConfigParameters.maxClients].isEmpty)
        #expect(collected.samples[Slowlog.length].isEmpty)
        #expect(collected.samples.number(named: "redis_uptime_in_seconds") != nil)
        #expect(collected.samples[Keyspace.keys].count == 1)
        let later = try await target.poll()
        #expect(later.partFailures.isEmpty)
        #expect(Set(later.skipped).isSuperset(of: [RedisConfig.name, Slowlog.name, ClusterInfo.name]))
    }

    @Test func refusedCommandsAreAskedAgainAfterAWhile() async throws {
        let server = try await RedisServer("redis-server", ["user default on nopass +@all -slowlog"])
        var settings = RedisSettings.patient
        settings.refusalInterval = .zero
        let target = try server.target(settings)
        #expect(try await target.poll().reason(Slowlog.name) == .denied)
        try server.cli("acl", "setuser", "default", "+slowlog")
        #expect(try await target.poll().samples.first(Slowlog.length) == 0)
    }

    @Test func slowCommandsAreCountedOnce() async throws {
        let server = try await RedisServer("redis-server", ["slowlog-log-slower-than 0"])
        try server.cli("set", "key", "before")
        let seen = SlowCommands()
        var companion = RedisCompanion()
        companion.onSlowCommands = { seen.add($0) }
        let target = RedisTarget(try RedisAddress("127.0.0.1:\(server.port)"), .patient, companion: companion)
        #expect(try await target.poll().samples[Slowlog.commands].isEmpty)
        for _ in 0..<30 { try server.cli("set", "key", "value") }
        #expect(try await target.poll().samples.number(Slowlog.commands, "set", "") == 30)
        #expect(try await target.poll().samples.number(Slowlog.commands, "set", "") == 30)
        let ids = seen.all.map(\.id)
        #expect(ids == Array(ids[0]..<ids[0] + Int64(ids.count)))
        #expect(seen.all.filter { $0.command == "set" }.count == 30)
    }

    @Test func measuresLatencyOnTheServer() async throws {
        let server = try await RedisServer("redis-server", ["enable-debug-command yes"])
        try server.cli("debug", "sleep", "0.7")
        let target = try server.target()
        let samples = try await target.poll().samples
        let debug = try #require(samples[LatencyHistograms.full].first { $0.labels == ["debug", "server"] })
        guard case .histogram(let value) = debug.value else { return }
        #expect(value.counts == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
        #expect(value.sum > 0.7)
    }
}

/// Gathers what a target offers.
private final class SlowCommands: Sendable {
    private let commands = Mutex<[SlowCommand]>([])
    var all: [SlowCommand] { commands.withLock { $0 } }
    func add(_ new: [SlowCommand]) { commands.withLock { $0 += new } }
}

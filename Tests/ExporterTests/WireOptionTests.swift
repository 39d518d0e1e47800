import Metrics
import TestKit
import Testing

@testable import Capture
@testable import Exporter
@testable import Traffic

/// The options of the measurement of traffic.
@Suite struct WireOptionTests {
    private func settings(_ arguments: [String], environment: [String: String] = [:]) throws -> Settings {
        try Settings(flags: try Arguments(arguments).flags, environment: environment)
    }

    @Test func interfaces() throws {
        #expect(try settings([])[Options.wireInterfaces] == .captured(.all))
        #expect(try settings([], environment: ["SIDELONG_WIRE": "off"])[Options.wireInterfaces] == .off)
        let named = try settings(["--wire.interfaces=lo, eth0"])[Options.wireInterfaces]
        #expect(named == .captured(.named(["lo", "eth0"])))
    }

    @Test(arguments: [
        "--wire.interfaces=", "--wire.interfaces=off,lo", "--wire.interfaces=lo,", "--wire.interfaces=a/b",
        "--wire.interfaces=abcdefghijklmnop", "--wire.redis-ports=0", "--wire.redis-ports=65536",
        "--wire.buffer=4MB", "--wire.buffer=1KiB", "--wire.buffer=2GiB", "--wire.buffer=-1",
        "--keys.group=", "--keys.group=a{b", "--keys.group=a=", "--keys.max-groups=-1",
        "--keys.hot=1001", "--latency.buckets=", "--latency.buckets=1,1", "--latency.buckets=2,1",
        "--latency.buckets=0", "--latency.buckets=1,x", "--latency.buckets=inf",
    ])
    func whatIsWrongIsRefused(argument: String) {
        let error = #expect(throws: ConfigurationError.self) { try settings([argument]) }
        let name = argument.prefix { $0 != "=" }
        #expect(error?.description.hasPrefix(name + ": ") == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("allowed: ") == true)
    }

    @Test func sizes() throws {
        #expect(try settings(["--wire.buffer=512KiB"])[Options.wireBuffer] == 524_288)
        #expect(try settings(["--wire.buffer=1GiB"])[Options.wireBuffer] == 1 << 30)
        #expect(try settings(["--wire.buffer=65536"])[Options.wireBuffer] == 65_536)
    }

    @Test func thePortsAreThoseOfTheAddresses() throws {
        let several = try settings(["--redis.addr=a:7000,b:7001", "--redis.addr=c:7000"])
        #expect(WireSettings(several).redisPorts == [7000, 7001])
        #expect(WireSettings(try settings(["--redis.addr=unix:///run/redis.sock"])).redisPorts == [6379])
        #expect(WireSettings(try settings(["--wire.redis-ports=1,2"])).redisPorts == [1, 2])
        let groups = ["--redis.addr=redis-cluster://a:7000,b:7001,redis://c:7000,sentinel://s/mymaster"]
        #expect(WireSettings(try settings(groups)).redisPorts == [7000, 7001, 6379])
    }

    /// Those of the servers behind, where they can be asked.
    @Test func thePortsOfAGroupAreThoseOfItsServers() async throws {
        let servers = try await ClusterServers()
        let group = try await SentinelGroup()
        try await group.settles()
        let addresses = [
            "--redis.addr=redis-cluster://\(servers.nodes[0].address)",
            "--redis.addr=sentinel://\(group.addresses)/mymaster", "--redis.addr=h:1",
            "--redis.connect-timeout=20s",
        ]
        let ports = Set((servers.nodes + [group.primary, group.replica]).map { UInt16($0.port) } + [1])
        #expect(Set(WireSettings.asking(try settings(addresses)).redisPorts) == ports)
        #expect(WireSettings.asking(try settings(addresses + ["--wire.redis-ports=5"])).redisPorts == [5])
        let off = WireSettings.asking(try settings(addresses + ["--wire.interfaces=off"]))
        #expect(Set(off.redisPorts) == [UInt16(servers.nodes[0].port), 6379, 1])
    }

    @Test func everyOptionReachesTheEngine() throws {
        let given = try settings([
            "--keys.group=a:*=first", "--keys.group=b,c:*", "--keys.max-groups=7", "--keys.max-histograms=8",
            "--keys.hot=9", "--latency.buckets=0.5,1",
        ])
        let traffic = WireSettings(given).traffic
        #expect(traffic.redis.patterns.count == 2)
        #expect(traffic.redis.maxGroups == 7)
        #expect(traffic.redis.maxHistograms == 8)
        #expect(traffic.redis.hotKeys == 9)
        #expect(traffic.buckets == Buckets.seconds([0.5, 1]))
        #expect(try settings([])[Options.latencyBuckets] == Buckets.latency)
    }

    @Test func aChangeOfTheSettingsIsNoticed() throws {
        let before = WireSettings(try settings([]))
        #expect(WireSettings(try settings(["--redis.interval=1s"])) == before)
        #expect(WireSettings(try settings(["--keys.hot=1"])) != before)
        #expect(WireSettings(try settings(["--redis.addr=a:1"])) != before)
    }

    @Test func formatIsAFlagOfReplayOnly() throws {
        #expect(try Arguments(["replay", "--format=table", "f"]).value(of: .replayFormat) == "table")
        #expect(throws: ConfigurationError.self) { try Arguments(["serve", "--format=table"]) }
        #expect(throws: ConfigurationError.self) { try Arguments(["replay", "--format=html", "f"]) }
        #expect(throws: ConfigurationError.self) { try Arguments(["replay"]) }
    }
}

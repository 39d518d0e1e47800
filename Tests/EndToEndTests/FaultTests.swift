import TestKit
import Testing

/// What happens on the page when something happens between Sidelong and a server. Every fault ends with recovery by
/// itself, no scrape waits for it, and the other targets do not notice.
@Suite(OnServers()) struct FaultTests {
    /// Each with the reasons for which the poll then fails; nil where that is up to chance.
    private static let faults: [(fault: Fault, reasons: [String]?)] = [
        (.latency(.seconds(60)), ["timeout"]), (.halfReply, ["timeout"]),
        (.drip(pause: .milliseconds(100)), ["timeout"]), (.reset, ["closed", "connect"]), (.garbage, nil),
        (.silence, ["timeout"]), (.slowClose(.milliseconds(100)), ["closed"]),
    ]

    @Test(arguments: faults, WatchedServers.Target.allCases)
    func everyFaultEndsWithRecovery(
        fault: (fault: Fault, reasons: [String]?), target: WatchedServers.Target
    ) async throws {
        let watched = try await WatchedServers.watched(for: target)
        let (sidelong, proxy) = (watched.sidelong, try watched.proxy(of: target))
        let failuresBefore = try watched.failures(of: target, because: fault.reasons)

        proxy.fault = fault.fault
        try await eventually("the fault is met") { proxy.encounters > 0 }
        #expect(try sidelong.get("/metrics").status == 200)
        try await sidelong.waits(for: target.up, toBe: 0)
        #expect(try !sidelong.shows(target.family))
        for other in WatchedServers.Target.allCases where other.up != target.up {
            #expect(try sidelong.value(other.up) == 1 && sidelong.shows(other.family), "\(other)")
        }
        #expect(try watched.failures(of: target, because: fault.reasons) > failuresBefore, "\(sidelong.process.output)")
        #expect(try sidelong.get("/health/live").status == 200)

        proxy.fault = nil
        try await sidelong.waits(for: target.up, toBe: 1, within: .seconds(60))
        #expect(try sidelong.shows(target.family))
    }

    @Test(arguments: WatchedServers.Target.allCases)
    func latencyBelowTheDeadlineIsNoFailure(target: WatchedServers.Target) async throws {
        let watched = try await WatchedServers.watched(
            for: target, WatchedServers.timers + ["--redis.timeout=30s", "--redis.connect-timeout=30s"])
        let proxy = try watched.proxy(of: target)
        proxy.fault = .latency(.milliseconds(10))
        try await eventually("a few late replies") { proxy.encounters > 3 }
        #expect(try watched.sidelong.value(target.up) == 1)
        #expect(try watched.failures(of: target) == 0)
    }

    /// The poll has five minutes, so an answer that waited for it would not come in the time that a scrape has here.
    @Test(arguments: [
        Fault.silence, .latency(.seconds(300)), .drip(pause: .seconds(1)), .halfReply, .slowClose(.seconds(300)),
    ])
    func aScrapeAnswersWhileThePollStillWaits(fault: Fault) async throws {
        let watched = try await WatchedServers.watched(
            for: .redis, WatchedServers.timers + ["--redis.timeout=5m", "--redis.connect-timeout=5m"])
        let (sidelong, proxy) = (watched.sidelong, try watched.proxy(of: .redis))
        proxy.fault = fault
        try await eventually("the fault is met") { proxy.encounters > 0 }
        let polls = try sidelong.value("redis_exporter_scrapes_total")
        let others = try sidelong.value(#"sidelong_collector_last_success_timestamp_seconds{collector="pgbouncer"}"#)
        try await eventually("polls of PgBouncer meanwhile") {
            try sidelong.value(#"sidelong_collector_last_success_timestamp_seconds{collector="pgbouncer"}"#) != others
        }
        #expect(try sidelong.value("redis_exporter_scrapes_total") == polls)
        #expect(try sidelong.value("redis_up") == 1, "the poll has not failed yet")
    }

    @Test func serversThatAreAbsentAtStartAreFoundWhenTheyCome() async throws {
        let servers = try OnServers.servers
        let (redis, postgres, pgBouncer) = (try freePort(), try freePort(), try freePort())
        let sidelong = try await Sidelong(
            [
                "--redis.addr=127.0.0.1:\(redis)", "--postgres.dsn=postgres://postgres@127.0.0.1:\(postgres)/postgres",
                "--pgbouncer.dsn=host=127.0.0.1 port=\(pgBouncer) user=stats",
            ] + WatchedServers.timers)
        for target in WatchedServers.Target.allCases { try await sidelong.waits(for: target.up, toBe: 0) }
        try await sidelong.isReady()
        #expect(try sidelong.get("/health").status == 503)
        let proxies = [
            try FaultProxy(to: .port(servers.redis.port), at: .port(redis)),
            try FaultProxy(to: .port(servers.postgres.port), at: .port(postgres)),
            try FaultProxy(to: .port(servers.pgBouncer.port), at: .port(pgBouncer)),
        ]
        for target in WatchedServers.Target.allCases {
            try await sidelong.waits(for: target.up, toBe: 1, within: .seconds(60))
        }
        #expect(proxies.allSatisfy { $0.connections > 0 })
    }

    @Test(arguments: [WatchedServers.Target.redis, .postgres, .pgBouncer])
    func aPortThatSwallowsConnects(target: WatchedServers.Target) async throws {
        let servers = try OnServers.servers
        var swallowing: SwallowingPort? = try SwallowingPort()
        let port = try #require(swallowing?.port)
        let (arguments, real) =
            switch target {
            case .postgres:
                (["--postgres.dsn=postgres://postgres@127.0.0.1:\(port)/postgres"], servers.postgres.port)
            case .pgBouncer: (["--pgbouncer.dsn=host=127.0.0.1 port=\(port) user=stats"], servers.pgBouncer.port)
            default: (["--redis.addr=127.0.0.1:\(port)"], servers.redis.port)
            }
        let sidelong = try await Sidelong(arguments + WatchedServers.timers)
        #expect(try sidelong.get("/metrics").status == 200)
        try await sidelong.waits(for: target.up, toBe: 0)
        let timeouts = #"sidelong_collector_failures_total{collector="\#(target.collector)",reason="timeout"}"#
        #expect(try sidelong.value(timeouts) ?? 0 > 0, "\(sidelong.process.output)")
        swallowing = nil
        let proxy = try FaultProxy(to: .port(real), at: .port(port))
        try await sidelong.waits(for: target.up, toBe: 1, within: .seconds(60))
        #expect(proxy.connections > 0)
    }
}

import Glibc
import TestKit
import Testing

/// SIGTERM in the middle of everything: the program ends by itself, with status 0, and waits for no deadline of a poll.
@Suite(OnServers()) struct TerminationTests {
    private static let patient = ["--redis.timeout=5m", "--redis.connect-timeout=5m"]

    private func ends(_ sidelong: Sidelong) async throws {
        sidelong.process.send(SIGTERM)
        #expect(try await sidelong.process.exitStatus() == 0, "\(sidelong.process.output)")
        #expect(sidelong.process.output.contains("msg=stopping"))
    }

    @Test func whileConnecting() async throws {
        let (redis, postgres) = (try SwallowingPort(), try SwallowingPort())
        let sidelong = try await Sidelong(
            [
                "--redis.addr=127.0.0.1:\(redis.port)",
                "--postgres.dsn=postgres://postgres@127.0.0.1:\(postgres.port)/postgres",
            ] + Self.patient)
        try await eventually("the machine's collectors are on the page") { try sidelong.shows("system_cpus") }
        #expect(try sidelong.value("redis_up") == nil, "still connecting")
        try await ends(sidelong)
    }

    @Test(arguments: WatchedServers.Target.allCases)
    func whilePolling(target: WatchedServers.Target) async throws {
        let watched = try await WatchedServers.watched(for: target, WatchedServers.timers + Self.patient)
        let proxy = try watched.proxy(of: target)
        proxy.fault = .silence
        try await eventually("a poll waits") { proxy.encounters > 0 }
        try await ends(watched.sidelong)
    }

    /// What people send to find out about a process, and what the kernel sends when a log file is at its limit.
    @Test func otherSignalsEndNothing() async throws {
        let sidelong = try await Sidelong(["--redis.addr=127.0.0.1:1"])
        let fatal: Set = [SIGKILL, SIGTERM, SIGINT, SIGQUIT, SIGHUP]
        let faults: Set = [SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS, SIGTRAP]
        let stops: Set = [SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU]
        // Two of the real-time signals are glibc's own (signal(7)).
        for number: Int32 in 1...64 where ![32, 33].contains(number) {
            guard !fatal.union(faults).union(stops).contains(number) else { continue }
            sidelong.process.send(number)
        }
        try await sidelong.isReady()
        try await ends(sidelong)
    }

    @Test func quitEndsItAsTerminateDoes() async throws {
        let sidelong = try await Sidelong(["--redis.addr=127.0.0.1:1"])
        sidelong.process.send(SIGQUIT)
        #expect(try await sidelong.process.exitStatus() == 0)
    }

    @Test func aLogFileAtItsLimitLosesLinesOnly() async throws {
        let folder = try TemporaryFolder()
        let port = try freePort()
        let command = "ulimit -f 1; exec \"$0\" \"$@\" 2>\(folder.path("log"))"
        let sidelong = try await Sidelong(
            ["--redis.addr=127.0.0.1:1", "--log.level=debug", "--host.interval=100ms"],
            through: (["bash", "-c", command], Sidelong.binary), on: port)
        try await eventually("the file is full") {
            try ServerProcess.run("stat", ["-c", "%s", folder.path("log")]).output.hasPrefix("1024")
        }
        try await sidelong.isReady()
        sidelong.process.send(SIGTERM)
        #expect(try await sidelong.process.exitStatus() == 0)
    }

    @Test func whileAnsweringScrapes() async throws {
        let redis = try OnServers.servers.redis
        let sidelong = try await Sidelong(["--redis.addr=\(redis.address)"] + Self.patient)
        try await sidelong.waits(for: "redis_up", toBe: 1)
        let scrapers = try (0..<20).map { _ in try KeptConnection(port: sidelong.port) }
        for scraper in scrapers { for _ in 0..<20 { try scraper.send("/metrics") } }
        let half = try RawSocket(port: sidelong.port)
        try half.send("GET /metrics HTTP/1.1\r\nHost:")
        // Some have read a part of their answers, the others nothing.
        for scraper in scrapers.prefix(10) { #expect(try scraper.answers(1)[0].status == 200) }
        try await ends(sidelong)
    }

    @Test func whileReadingTheConfigurationAgain() async throws {
        let redis = try OnServers.servers.redis
        let sidelong = try await Sidelong(["--redis.addr=\(redis.address)"] + Self.patient)
        try await sidelong.waits(for: "redis_up", toBe: 1)
        for _ in 0..<50 { sidelong.process.send(SIGHUP) }
        try await ends(sidelong)
    }

    /// The configuration, and what it names, may lie on a file system that does not answer any more.
    @Test(arguments: ["sidelong.yaml", "web.yaml"])
    func whileAFileHangs(name: String) async throws {
        let redis = try OnServers.servers.redis
        let folder = try TemporaryFolder()
        let web = try folder.write("rate_limit: {interval: 1ms, burst: 1000}\n", to: "web.yaml")
        let text = "redis:\n  addr: [\(redis.address)]\n  interval: 100ms\nweb:\n  config.file: \(web)\n"
        let path = try folder.write(text, to: "sidelong.yaml")
        let sidelong = try await Sidelong(["--config.file=\(path)"] + Self.patient)
        try await sidelong.waits(for: "redis_up", toBe: 1)

        let hung = try HungFile(folder.path(name))
        sidelong.process.send(SIGHUP)
        try await eventually("the file is waited for") { hung.isWaitedFor }
        let polls = try sidelong.value("redis_exporter_scrapes_total") ?? 0
        try await eventually("polls go on") { try sidelong.value("redis_exporter_scrapes_total") ?? 0 > polls }
        sidelong.process.send(SIGHUP)
        try await ends(sidelong)
        withExtendedLifetime(hung) {}
    }

    @Test func twice() async throws {
        let redis = try OnServers.servers.redis
        let sidelong = try await Sidelong(["--redis.addr=\(redis.address)"] + Self.patient)
        sidelong.process.send(SIGTERM)
        sidelong.process.send(SIGINT)
        try await ends(sidelong)
    }
}

import Foundation
import Glibc
import Synchronization
import TestKit
import Testing

/// What happens when the machine has no more of something: descriptors, room on a disk, memory.
@Suite struct ShortageTests {
    // MARK: Descriptors

    @Test(arguments: [4, 16, 40, 63])
    func tooFewDescriptorsAreRefusedInOneLine(limit: Int) throws {
        let result = try ServerProcess.run(
            "prlimit", ["--nofile=\(limit):\(limit)", Sidelong.binary, "serve", "--redis.addr=127.0.0.1:1"])
        #expect(result.status == 2)
        #expect(result.output.hasPrefix("sidelong: only \(limit) files may be open at once"))
        #expect(result.output.split(separator: "\n").count == 1)
    }

    @Test func manyTargetsNeedMoreDescriptors() throws {
        let targets = (1...20).map { "--redis.addr=127.0.0.1:\($0)" }
        let result = try ServerProcess.run("prlimit", ["--nofile=64:64", Sidelong.binary, "serve"] + targets)
        #expect(result.status == 2)
        #expect(result.output.contains("at least 128 are needed"), "\(result.output)")
    }

    /// Each interface that is named has a socket of its own, which the capture opens first.
    @Test func manyInterfacesNeedMoreDescriptors() throws {
        let names = (1...40).map { "nosuch\($0)" }.joined(separator: ",")
        let result = try ServerProcess.run(
            "prlimit", ["--nofile=128:128", Sidelong.binary, "serve", "--wire.interfaces=\(names)"])
        #expect(result.status == 2)
        #expect(result.output.contains("at least 132 are needed"), "\(result.output)")
    }

    @Test func clientsCannotTakeTheLastDescriptors() async throws {
        let redis = try await RedisServer()
        let sidelong = try await Sidelong(
            ["--redis.addr=\(redis.address)", "--redis.interval=100ms", "--host.interval=100ms", "--retry.delay=50ms"],
            through: (["prlimit", "--nofile=64:64"], Sidelong.binary))
        try await sidelong.waits(for: "redis_up", toBe: 1)
        // Far more clients than there are descriptors; of every two one is in the middle of a request.
        var clients: [RawSocket] = []
        for number in 0..<300 {
            guard let client = try? RawSocket(port: sidelong.port) else { continue }
            if number % 2 == 0 { try? client.send("GET /metrics HTTP/1.1\r\n") }
            clients.append(client)
        }
        // Connections and files that are needed meanwhile find their descriptors.
        try redis.cli("CLIENT", "KILL", "TYPE", "normal")
        try await redis.restart()
        clients = []
        // Until the server has noticed that they are gone, it may close a new connection at once.
        try await eventually("redis_up is 1") { (try? sidelong.value("redis_up")) == 1 }
        try await eventually("/proc is read: \(sidelong.process.output)") {
            try sidelong.value(#"sidelong_collector_success{collector="host"}"#) == 1
        }
        #expect(try sidelong.value("process_open_fds") ?? 64 < 64)
        #expect(!sidelong.process.output.contains("Too many open files"), "\(sidelong.process.output)")
    }

    @Test func everyDescriptorTakenAway() async throws {
        let redis = try await RedisServer()
        let sidelong = try await Sidelong([
            "--redis.addr=\(redis.address)", "--redis.interval=100ms", "--host.interval=100ms", "--retry.delay=50ms",
            "--web.rate-limit=0",
        ])
        try await sidelong.waits(for: "redis_up", toBe: 1)
        // Nothing can be connected later, so these ask again and again. One that has asked before may be idle for long.
        let clients = try (0..<200).map { _ in try KeptConnection(port: sidelong.port) }
        for client in clients { #expect(try client.get("/health/live").status == 200) }
        try allow(3, to: sidelong)
        redis.kill()
        try await eventually("nothing can be opened: \(sidelong.process.output)") {
            for client in clients { try client.send("/metrics") }
            let pages = try clients.map { try $0.answers(1)[0].text }
            let page = pages[0]
            return page.contains("\nredis_up 0\n")
                && page.contains("\nsidelong_collector_success{collector=\"host\"} 0\n")
        }
        #expect(sidelong.process.output.contains("Too many open files"), "\(sidelong.process.output)")
        // libdispatch looks after its threads in /proc, and ends the process when it cannot. There are none: each
        // thread is one of ours, by its name.
        let own = ["sidelong", "http", "tasks", "capture", "host", "redis-process"]
        #expect(try sidelong.threads().allSatisfy { own.contains($0) || $0.hasPrefix("redis ") })

        try allow(1024, to: sidelong)
        try await redis.restart()
        try await sidelong.waits(for: "redis_up", toBe: 1)
        try await sidelong.waits(for: #"sidelong_collector_success{collector="host"}"#, toBe: 1)
    }

    private func allow(_ descriptors: Int, to sidelong: Sidelong) throws {
        let arguments = ["--pid=\(sidelong.process.identifier)", "--nofile=\(descriptors):"]
        #expect(try ServerProcess.run("prlimit", arguments).status == 0)
    }

    // MARK: Threads

    /// A user of a test's own, which may have so many threads in all its processes. Root has no such limit.
    private struct LimitedUser {
        let folder: TemporaryFolder
        /// Begins a command line as this user.
        let command: [String]
        let binary: String

        init(threads: Int) throws {
            folder = try TemporaryFolder()
            binary = folder.path("sidelong")
            try FileManager.default.copyItem(atPath: Sidelong.binary, toPath: binary)
            for path in [binary, folder.url.path] {
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            }
            let number = UInt32.random(in: 200_000..<1_000_000)
            command = [
                "prlimit", "--nproc=\(threads):\(threads)", "setpriv", "--reuid=\(number)", "--regid=\(number)",
                "--clear-groups", "--inh-caps=-all", "--bounding-set=-all",
            ]
        }
    }

    @Test func withoutRoomForAThreadTheStartIsRefusedInOneLine() throws {
        let user = try LimitedUser(threads: 1)
        let arguments = user.command.dropFirst() + [user.binary, "serve", "--redis.addr=127.0.0.1:1"]
        let result = try ServerProcess.run(user.command[0], Array(arguments))
        #expect(result.status == 2)
        #expect(result.output == "sidelong: pthread_create: Resource temporarily unavailable\n")
    }

    @Test func targetsWithoutAThreadGetOneWhenThereIsRoom() async throws {
        let redis = try await RedisServer()
        // Three for other programs; one for the start, one for the tasks, one for HTTP.
        let user = try LimitedUser(threads: 6)
        let others = try (0..<3).map { _ in
            try ServerProcess(user.command[0], Array(user.command.dropFirst()) + ["sleep", "3600"], in: user.folder)
        }
        let sidelong = try await Sidelong(
            ["--redis.addr=\(redis.address)", "--redis.interval=100ms", "--host.interval=100ms"],
            through: (user.command, user.binary))
        try await sidelong.waits(for: "redis_up", toBe: 0)
        try await sidelong.waits(for: #"sidelong_collector_success{collector="host"}"#, toBe: 0)
        #expect(try sidelong.get("/health/live").status == 200)
        others.forEach { $0.kill() }
        try await sidelong.waits(for: "redis_up", toBe: 1)
        try await sidelong.waits(for: #"sidelong_collector_success{collector="host"}"#, toBe: 1)
        sidelong.process.send(SIGTERM)
        #expect(try await sidelong.process.exitStatus() == 0)
    }

    // MARK: Standard error and standard output

    @Test(arguments: ["2>/dev/full", "2>&-", "2>fifo", ">&- 2>&- <&-"])
    func nowhereToLogTo(redirection: String) async throws {
        let redis = try await RedisServer()
        let folder = try TemporaryFolder()
        let fifo = try fullFIFO(in: folder)
        defer { close(fifo) }
        let script = "exec \"$0\" \"$@\" " + redirection.replacingOccurrences(of: "fifo", with: folder.path("fifo"))
        let sidelong = try await Sidelong(
            ["--redis.addr=\(redis.address)", "--redis.interval=100ms", "--retry.delay=50ms", "--log.level=debug"],
            through: (["sh", "-c", script], Sidelong.binary), on: try freePort())
        try await sidelong.waits(for: "redis_up", toBe: 1)
        redis.kill()
        try await sidelong.waits(for: "redis_up", toBe: 0)
        try await redis.start()
        try await sidelong.waits(for: "redis_up", toBe: 1)
        sidelong.process.send(SIGHUP)
        sidelong.process.send(SIGTERM)
        #expect(try await sidelong.process.exitStatus() == 0)
    }

    @Test func aClosedStandardErrorBecomesNobodysSocket() async throws {
        let sidelong = try await Sidelong(
            ["--redis.addr=127.0.0.1:1"],
            through: (["sh", "-c", "exec \"$0\" \"$@\" <&- >&- 2>&-"], Sidelong.binary), on: try freePort())
        for descriptor in 0...2 {
            let path = "/proc/\(sidelong.process.identifier)/fd/\(descriptor)"
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == "/dev/null")
        }
    }

    /// A pipe that nobody reads, and that takes nothing more.
    private func fullFIFO(in folder: TemporaryFolder) throws -> Int32 {
        #expect(unsafe mkfifo(folder.path("fifo"), 0o600) == 0)
        let descriptor = unsafe open(folder.path("fifo"), O_RDWR | O_NONBLOCK | O_CLOEXEC)
        let bytes = [UInt8](repeating: 0, count: 4096)
        while unsafe write(descriptor, bytes, bytes.count) > 0 {}
        return descriptor
    }

    @Test(arguments: [
        ["--help"], ["--version"], ["check", "--redis.addr=127.0.0.1:1"],
        ["replay", "--wire.redis-ports=46025", "recording"],
    ])
    func outputThatIsLostIsNoSuccess(arguments: [String]) throws {
        let recording = Project.root.appending(path: "Tests/Fixtures/traffic/redis-7.0/blocking.pcap").path
        let words = arguments.map { $0 == "recording" ? recording : $0 }
        for target in ["/dev/full", "&-"] {
            let script = "exec \"$0\" \"$@\" >\(target)"
            let result = try ServerProcess.run("sh", ["-c", script, Sidelong.binary] + words)
            #expect(result.status == 2)
            #expect(result.output.hasPrefix("sidelong: standard output: "), "\(result.output)")
            #expect(result.output.split(separator: "\n").count == 1)
        }
    }

    // MARK: Memory

    @Test func fortyEightMebibytesAreEnoughForEverything() async throws {
        let limit = 48 << 20
        let cgroup = try MemoryCgroup(limit: limit)
        let redis = try await RedisServer()
        let postgres = try await PostgresServer.start()
        let pgBouncer = try await PgBouncer.start(before: postgres)
        try postgres.sql(try Project.text("deploy/gateway-schema.sql"))
        let sidelong = try await Sidelong(
            [
                "--redis.addr=\(redis.address)",
                "--postgres.dsn=postgres://postgres@127.0.0.1:\(postgres.port)/postgres",
                "--pgbouncer.dsn=host=127.0.0.1 port=\(pgBouncer.port) user=stats", "--wire.interfaces=lo",
                "--postgres.queries-file=\(Project.root.appending(path: "deploy/gateway-queries.yaml").path)",
                "--keys.hot=20", "--redis.interval=100ms", "--postgres.interval=100ms", "--pgbouncer.interval=100ms",
                "--host.interval=100ms", "--web.rate-limit=0",
            ], through: (cgroup.launcher, Sidelong.binary))
        for up in ["redis_up", "pg_up", "pgbouncer_up"] { try await sidelong.waits(for: up, toBe: 1) }
        #expect(try sidelong.value("cgroup_memory_limit_bytes") == Double(limit))

        let load = try ServerProcess(
            "redis-benchmark",
            [
                "-p", "\(redis.port)", "-q", "-t", "set,get,incr,lpush,hset,zadd", "-r", "100000", "-n", "30000", "-P",
                "4",
            ],
            in: redis.folder)
        let idle = try (0..<200).map { _ in try RawSocket(port: sidelong.port) }
        let scrapers = (0..<4).map { number in
            Scraper(
                sidelong, number % 2 == 0 ? ["Accept-Encoding": "gzip"] : ["Accept": "application/openmetrics-text"]
            ) {
                load.isRunning
            }
        }
        try await eventually("the load ends", within: .seconds(120)) { scrapers.allSatisfy(\.hasEnded) }
        #expect(scrapers.allSatisfy { $0.pages > 0 && $0.failures == 0 })
        #expect(try await load.exitStatus() == 0, "\(load.output)")
        #expect(try cgroup.kills() == 0)
        #expect(sidelong.process.isRunning && idle.count == 200)
        #expect(try sidelong.value("redis_up") == 1)
        try await eventually("commands seen on the wire") {
            try sidelong.value(#"sidelong_wire_requests_total{protocol="redis"}"#) ?? 0 > 1000
        }
        print("in a group of \(limit) bytes: at most \(cgroup.peak.map { "\($0)" } ?? "an unknown number of") bytes")
        sidelong.process.kill()
    }
}

extension Sidelong {
    /// The names of its threads.
    fileprivate func threads() throws -> [String] {
        let tasks = URL(filePath: "/proc/\(process.identifier)/task")
        return try FileManager.default.contentsOfDirectory(atPath: tasks.path).compactMap { task in
            // A thread may end meanwhile.
            try? String(contentsOf: tasks.appending(path: "\(task)/comm"), encoding: .utf8)
                .trimmingCharacters(in: .newlines)
        }
    }
}

/// Scrapes on a thread of its own for as long as it is wanted; tests share few threads.
private final class Scraper: Sendable {
    private let counts = Mutex((pages: 0, failures: 0, hasEnded: false))

    var pages: Int { counts.withLock { $0.pages } }
    var failures: Int { counts.withLock { $0.failures } }
    var hasEnded: Bool { counts.withLock { $0.hasEnded } }

    init(_ sidelong: Sidelong, _ headers: [String: String], while isWanted: @escaping @Sendable () -> Bool) {
        Thread.detachNewThread { [self] in
            repeat {
                let isPage = (try? sidelong.get("/metrics", headers: headers).status) == 200
                counts.withLock { counts in
                    if isPage { counts.pages += 1 } else { counts.failures += 1 }
                }
            } while isWanted()
            counts.withLock { $0.hasEnded = true }
        }
    }
}

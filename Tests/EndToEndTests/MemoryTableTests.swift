import Foundation
import Glibc
import TestKit
import Testing

/// The worst cases of the table in docs/threat-model.md, each in a control group of 64 MiB.
@Suite(.serialized) struct MemoryTableTests {
    private static let limit = 64 << 20

    /// Ends with the program alive, in the same process as at the start, and its servers up.
    private func survives(_ sidelong: Sidelong, _ cgroup: MemoryCgroup, _ row: String) async throws {
        try await eventually("a page after \(row): \(sidelong.process.output.suffix(2000))") {
            try sidelong.value("sidelong_memory_limit_bytes") == Double(Self.limit / 4 * 3)
        }
        #expect(sidelong.process.isRunning, "\(sidelong.process.output.suffix(2000))")
        #expect(try cgroup.kills() == 0)
        let peak = cgroup.peak.map { "\($0 >> 10) KiB" } ?? "an unknown number of bytes"
        print("\(row), in a group of 64 MiB: at most \(peak)")
        sidelong.process.kill()
    }

    // MARK: Servers

    /// Says hello and then the text, again and again.
    private func postgres(_ first: String, _ more: String) throws -> FakeServer {
        let block = String(repeating: more, count: 2000)
        return try postgres(first) { _ in block }
    }

    /// Says hello, and then something else each time.
    private func postgres(_ first: String, _ more: @escaping @Sendable (Int) -> String) throws -> FakeServer {
        try FakeServer { client in
            client.receive()
            client.send("R\0\0\0\u{8}\0\0\0\0Z\0\0\0\u{5}I")
            client.receive()
            client.send(first)
            var number = 0
            while client.send(more(number)) { number += 1 }
        }
    }

    /// A setting of 16 KB that no other has the name of (ParameterStatus); libpq keeps all of them.
    private static func setting(_ number: Int) -> String {
        let digits = String(number)
        let name = "x." + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
        // The length, itself included, in bytes that are characters too.
        return "S\0\0\u{3F}\u{7F}" + name + "\0" + String(repeating: "v", count: 0x3F7F - 4 - 10 - 2) + "\0"
    }

    /// An INFO of so many bytes, which is one value.
    private func redis(_ size: Int) throws -> FakeServer {
        let info = "# Server\r\nredis_version:7.0.0\r\nfill:" + String(repeating: "x", count: size) + "\r\n"
        return try FakeServer { client in
            client.receive()
            client.send("+OK\r\n+PONG\r\n$0\r\n\r\n")
            while !client.receive().isEmpty { client.send("$\(info.utf8.count)\r\n\(info)\r\n") }
        }
    }

    @Test func serversThatSayTooMuch() async throws {
        let cgroup = try MemoryCgroup(limit: Self.limit)
        let good = try await RedisServer()
        let bad = try redis(16 << 20 - 4096)
        let row = "D\0\0\0\u{10}\0\u{1}\0\0\0\u{6}123456"
        let rows = try postgres("T\0\0\0\u{1A}\0\u{1}a\0\0\0\0\0\0\0\0\0\0\u{19}\0\u{4}\0\0\0\0\0\0", row)
        let notifications = try postgres("", "A\0\0\0\u{12}\0\0\0\u{7}channel\0x\0")
        let oneRow = try postgres("D\u{12}\0\0\0\0\u{1}\u{12}\0\0\0", "a row that is 300 MB long")
        let oneError = try postgres("E\u{12}\0\0\0SERROR\0C42501\0M", "an error that is 300 MB long")
        let console = try postgres("E\u{12}\0\0\0SERROR\0C42501\0M", "an error that is 300 MB long")
        let settings = try postgres("", Self.setting)
        let settingsOfConsole = try postgres("", Self.setting)
        let servers = [rows, notifications, oneRow, oneError, settings]
        let consoles = [console, settingsOfConsole]
        let sidelong = try await Sidelong(
            [
                "--redis.addr=\(good.address)", "--redis.addr=127.0.0.1:\(bad.port)", "--redis.interval=200ms",
                "--redis.timeout=20s", "--retry.delay=50ms", "--postgres.interval=200ms", "--wire.interfaces=lo",
            ] + consoles.map { "--pgbouncer.dsn=host=127.0.0.1 port=\($0.port) user=u sslmode=disable" }
                + servers.map { "--postgres.dsn=host=127.0.0.1 port=\($0.port) user=u dbname=d sslmode=disable" },
            through: (cgroup.launcher, Sidelong.binary))
        // Each of them was asked several times, all at once.
        try await eventually("each was asked: \(sidelong.process.output.suffix(3000))") {
            (servers + consoles).allSatisfy { $0.connections >= 3 }
        }
        let failures = #"sidelong_collector_failures_total{collector="redis",reason="overflow",target="127.0.0.1:"#
        try await eventually("the large INFO is refused") {
            try sidelong.value("\(failures)\(bad.port)\"}") ?? 0 >= 3
        }
        try await eventually("and so is what the others say") {
            let lines = try sidelong.page().split(separator: "\n")
            return (servers + consoles).allSatisfy { server in
                lines.contains {
                    $0.hasPrefix("sidelong_collector_failures_total{") && $0.contains(#"reason="overflow""#)
                        && $0.contains(":\(server.port)") && !$0.hasSuffix(" 0")
                }
            }
        }
        try await sidelong.waits(for: "redis_up{target=\"\(good.address)\"}", toBe: 1)
        #expect(try sidelong.value(#"sidelong_memory_shed_total{use="replies"}"#) ?? 0 > 3)
        try await survives(sidelong, cgroup, "servers that say too much")
    }

    /// CLIENT LIST has a line of 400 bytes for each; only what is read of them is held.
    @Test func aListOfTenThousandClients() async throws {
        let cgroup = try MemoryCgroup(limit: Self.limit)
        let redis = try await RedisServer()
        let name = String(repeating: "n", count: 40)
        var clients: [RawSocket] = []
        while clients.count < 9_900, let client = try? RawSocket(port: redis.port) {
            clients.append(client)
            try client.send("CLIENT SETNAME \(name)\r\n")
        }
        #expect(clients.count > 900)
        for client in clients { _ = try client.receive() }
        let sidelong = try await Sidelong(
            ["--redis.addr=\(redis.address)", "--wire.interfaces=off", "--redis.interval=500ms"],
            through: (cgroup.launcher, Sidelong.binary))
        try await sidelong.waits(
            for: "redis_clients{user=\"default\",name=\"\(name)\"}", toBe: Double(clients.count))
        #expect(try sidelong.value(#"sidelong_memory_shed_total{use="replies"}"#) == 0)
        try await survives(sidelong, cgroup, "a list of \(clients.count) clients")
    }

    // MARK: Clients of the page

    @Test func headsThatDoNotEnd() async throws {
        let cgroup = try MemoryCgroup(limit: Self.limit)
        let redis = try await RedisServer()
        let sidelong = try await Sidelong(
            ["--redis.addr=\(redis.address)", "--wire.interfaces=lo", "--web.rate-limit=0"],
            through: (cgroup.launcher, Sidelong.binary))
        try await sidelong.waits(for: "redis_up", toBe: 1)
        let head = "GET /metrics HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 7 << 10)
        var clients: [RawSocket] = []
        var held = 0.0
        // A head that does not end is cut after ten seconds: the next ones come before each look.
        try await eventually("their heads are read") {
            for _ in 0..<2000 {
                clients.append(try RawSocket(port: sidelong.port))
                try? clients[clients.count - 1].send(head)
                if clients.count > 400 { clients.removeFirst() }
            }
            held = try sidelong.value(#"sidelong_memory_bytes{use="connections"}"#) ?? .infinity
            return held > Double(3 << 20)
        }
        #expect(held <= Double(4 << 20) + 8 * 16384)
        try await survives(sidelong, cgroup, "2,000 clients with 7 KiB of a head that does not end")
        clients = []
    }

    // MARK: The log

    @Test func aLogThatNobodyReads() async throws {
        let cgroup = try MemoryCgroup(limit: Self.limit)
        let folder = try TemporaryFolder()
        let fifo = folder.path("log")
        #expect(unsafe mkfifo(fifo, 0o600) == 0)
        let reader = unsafe open(fifo, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        defer { close(reader) }
        let ports = try (0..<20).map { _ in try freePort() }
        let sidelong = try await Sidelong(
            ["--log.level=debug", "--redis.interval=100ms", "--retry.delay=10ms", "--wire.interfaces=off"]
                + ports.map { "--redis.addr=127.0.0.1:\($0)" },
            through: (cgroup.launcher + ["sh", "-c", "exec \"$0\" \"$@\" 2>\(fifo)"], Sidelong.binary),
            on: try freePort())
        for _ in 0..<100 {
            sidelong.process.send(SIGHUP)
            _ = try? request(port: sidelong.port, "/" + String(repeating: "x", count: 4000))
        }
        try await eventually("it goes on polling, and the pipe is full") {
            let failures = try sidelong.page().split(separator: "\n").filter {
                $0.hasPrefix("sidelong_collector_failures_total{")
            }
            var entry = pollfd(fd: reader, events: Int16(POLLOUT), revents: 0)
            let counts = failures.compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
            return unsafe counts.reduce(0, +) > 200 && poll(&entry, 1, 0) == 0
        }
        try await survives(sidelong, cgroup, "a log that nobody reads")
    }

    // MARK: Clients on the wire

    @Test func clientsThatOnceSentAPipeline() async throws {
        let cgroup = try MemoryCgroup(limit: Self.limit)
        let redis = try await RedisServer()
        let sidelong = try await Sidelong(
            ["--redis.addr=\(redis.address)", "--wire.interfaces=lo", "--redis.interval=500ms", "--keys.hot=20"],
            through: (cgroup.launcher, Sidelong.binary))
        try await sidelong.waits(for: "redis_up", toBe: 1)
        var clients: [RawSocket] = []
        // Redis has room for ten thousand, as long as the process may open so many files.
        while clients.count < 9_900, let client = try? RawSocket(port: redis.port) {
            // Each key is asked for once: two and a half millions of them.
            let keys = clients.count * 256..<(clients.count + 1) * 256
            clients.append(client)
            try client.send(keys.map { "GET key:\($0)\r\n" }.joined())
            // No faster than Redis answers: a ring that overflows shows few of them.
            if clients.count % 50 == 0 { _ = try client.receive() }
        }
        #expect(clients.count > 900)
        let connections = Double(clients.count)
        // A machine that is slow drops packets, and not all connections are seen.
        try await eventually("many connections are followed") {
            let followed = try sidelong.value(#"sidelong_wire_connections{protocol="redis"}"#) ?? 0
            let evicted = try sidelong.value(#"sidelong_wire_connections_evicted_total{protocol="redis"}"#) ?? 0
            return followed + evicted > connections / 4
        }
        #expect(try sidelong.value(#"sidelong_memory_bytes{use="exchanges"}"#) ?? .infinity <= Double(2 << 20))
        try await eventually("a quarter of their commands, each on a key of its own") {
            try sidelong.value(.wire("get")) ?? 0 > connections * 256 / 4
        }
        print(
            "\(clients.count) clients, commands:", try sidelong.value(.wire("get")) ?? 0, "flows:",
            try sidelong.value(#"sidelong_memory_bytes{use="flows"}"#) ?? 0)
        try await survives(sidelong, cgroup, "\(clients.count) clients that once sent a pipeline")
    }

    // MARK: Reloads

    @Test func reloadsWhileATargetHangs() async throws {
        let cgroup = try MemoryCgroup(limit: Self.limit)
        let redis = try await RedisServer()
        let silent = try SwallowingPort()
        let dsn = "--postgres.dsn=host=127.0.0.1 port=\(silent.port) user=u sslmode=disable"
        let sidelong = try await Sidelong(
            ["--redis.addr=\(redis.address)", dsn, dsn + " dbname=other", "--wire.interfaces=off"],
            through: (cgroup.launcher, Sidelong.binary))
        try await sidelong.waits(for: "redis_up", toBe: 1)
        let before = try threads(of: sidelong)
        var most = 0
        for _ in 0..<400 {
            sidelong.process.send(SIGHUP)
            most = max(most, try threads(of: sidelong))
            try await Task.sleep(for: .milliseconds(5))
        }
        // Those of two old configurations, and of the one that is in force.
        #expect(most <= 3 * before + 4, "\(before) threads, then \(most)")
        try await eventually("a reload") { sidelong.process.output.contains("configuration read again") }
        try await survives(sidelong, cgroup, "400 reloads while two servers hang")
    }

    private func threads(of sidelong: Sidelong) throws -> Int {
        let tasks = "/proc/\(sidelong.process.identifier)/task"
        return try FileManager.default.contentsOfDirectory(atPath: tasks).count
    }

    // MARK: Interfaces

    @Test func twoHundredInterfaces() async throws {
        let cgroup = try MemoryCgroup(limit: Self.limit)
        let folder = try TemporaryFolder()
        let pairs = (0..<100).map { number in
            "link add a\(number) type veth peer name b\(number)\nlink set a\(number) up\nlink set b\(number) up"
        }
        try (pairs.joined(separator: "\n") + "\n").write(
            toFile: folder.path("links"), atomically: true, encoding: .utf8)
        let make = "ip link set lo up && ip -batch \(folder.path("links")) && exec \"$0\" \"$@\""
        let names = (0..<100).flatMap { ["a\($0)", "b\($0)"] } + ["lo"]
        let sidelong = try await Sidelong(
            [
                "--redis.addr=127.0.0.1:1", "--redis.interval=100ms",
                "--wire.interfaces=\(names.joined(separator: ","))",
            ], through: (cgroup.launcher + ["unshare", "--net", "sh", "-c", make], Sidelong.binary))
        let port = sidelong.port
        func page() throws -> String {
            let url = "http://127.0.0.1:\(port)/metrics"
            let python = "import urllib.request as r; print(r.urlopen(\"\(url)\").read().decode())"
            return try ServerProcess.run(
                "nsenter", ["-t", "\(sidelong.process.identifier)", "-n", "python3", "-c", python]
            ).output
        }
        // Sidelong's own polls of a port where nobody listens pass the loopback.
        try await eventually("packets: \(sidelong.process.output.suffix(2000))") {
            let lines = try page().split(separator: "\n")
            let series = #"sidelong_wire_packets_total{interface="lo"}"#
            return lines.contains { $0.hasPrefix(series) && !$0.hasSuffix(" 0") }
        }
        let text = try page()
        #expect(text.contains("\nsidelong_memory_bytes{use=\"rings\"} 4194304\n"))
        #expect(text.contains("\nsidelong_memory_shed_total{use=\"rings\"} 1\n"))
        #expect(text.contains(#"sidelong_wire_interface_up{interface="b99"} 1"#))
        #expect(text.contains("\nsidelong_collector_success{collector=\"wire_capture\"} 1\n"))
        #expect(try cgroup.kills() == 0 && sidelong.process.isRunning)
        print("200 interfaces, in a group of 64 MiB: at most \(cgroup.peak.map { "\($0 >> 10) KiB" } ?? "unknown")")
        sidelong.process.kill()
    }
}

import Foundation
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
        return try FakeServer { client in
            client.receive()
            client.send("R\0\0\0\u{8}\0\0\0\0Z\0\0\0\u{5}I")
            client.receive()
            client.send(first)
            while client.send(block) {}
        }
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
        let servers = [rows, notifications, oneRow, oneError]
        let sidelong = try await Sidelong(
            [
                "--redis.addr=\(good.address)", "--redis.addr=127.0.0.1:\(bad.port)", "--redis.interval=200ms",
                "--redis.timeout=20s", "--retry.delay=50ms", "--postgres.interval=200ms", "--wire.interfaces=lo",
                "--pgbouncer.dsn=host=127.0.0.1 port=\(console.port) user=u sslmode=disable",
            ] + servers.map { "--postgres.dsn=host=127.0.0.1 port=\($0.port) user=u dbname=d sslmode=disable" },
            through: (cgroup.launcher, Sidelong.binary))
        // Each of them was asked several times, all at once.
        try await eventually("each was asked: \(sidelong.process.output.suffix(3000))") {
            (servers + [console]).allSatisfy { $0.connections >= 3 }
        }
        let failures = #"sidelong_collector_failures_total{collector="redis",reason="overflow",target="127.0.0.1:"#
        try await eventually("the large INFO is refused") {
            try sidelong.value("\(failures)\(bad.port)\"}") ?? 0 >= 3
        }
        try await sidelong.waits(for: "redis_up{target=\"\(good.address)\"}", toBe: 1)
        #expect(try sidelong.value(#"sidelong_memory_shed_total{use="replies"}"#) ?? 0 > 3)
        try await survives(sidelong, cgroup, "servers that say too much")
    }

    // MARK: Clients on the wire

    @Test func clientsThatOnceSentAPipeline() async throws {
        let cgroup = try MemoryCgroup(limit: Self.limit)
        let redis = try await RedisServer()
        let sidelong = try await Sidelong(
            ["--redis.addr=\(redis.address)", "--wire.interfaces=lo", "--redis.interval=500ms"],
            through: (cgroup.launcher, Sidelong.binary))
        try await sidelong.waits(for: "redis_up", toBe: 1)
        let pipeline = String(repeating: "PING\r\n", count: 256)
        var clients: [RawSocket] = []
        // Redis has room for ten thousand, as long as the process may open so many files.
        while clients.count < 9_900, let client = try? RawSocket(port: redis.port) {
            clients.append(client)
            try client.send(pipeline)
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
        print("\(clients.count) clients, flows:", try sidelong.value(#"sidelong_memory_bytes{use="flows"}"#) ?? 0)
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

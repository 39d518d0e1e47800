import Foundation
import TestKit
import Testing

/// Redis behind a bridge, as a container has it: every packet passes the bridge and the end of a veth pair that is its
/// port, and both are captured. In network namespaces of the test's own.
@Suite struct BridgeTests {
    private static let network = """
        ip link set lo up && ip link add br0 type bridge && ip address add 10.98.0.1/24 dev br0 && ip link set br0 up \
        && ip link add sl0 type veth peer name sl1 && ip link set sl0 master br0 && ip link set sl0 up && exec "$0" "$@"
        """

    private func inside(_ process: ServerProcess, _ script: String) throws -> String {
        let result = try ServerProcess.run("nsenter", ["-t", "\(process.identifier)", "-n", "sh", "-c", script])
        guard result.status == 0 else { throw NeverHappened(description: "\(script): \(result.output)") }
        return result.output
    }

    private func value(_ series: String, _ sidelong: Sidelong) throws -> Double {
        let url = "http://127.0.0.1:\(sidelong.port)/metrics"
        let page = try inside(
            sidelong.process, "python3 -c 'import urllib.request as r; print(r.urlopen(\"\(url)\").read().decode())'")
        let line = page.split(separator: "\n").first { $0.hasPrefix(series + " ") }
        return line.flatMap { Double($0.dropFirst(series.count + 1)) } ?? 0
    }

    /// Brings a server in a namespace of its own to the other end of the pair.
    private func redis(beside sidelong: Sidelong, in folder: TemporaryFolder) async throws -> ServerProcess {
        let redis = try ServerProcess(
            "nsenter",
            [
                "-t", "\(sidelong.process.identifier)", "-n", "unshare", "--net", "redis-server", "--port", "6379",
                "--save", "",
                "--protected-mode", "no", "--dir", folder.url.path,
            ], in: folder)
        try await eventually("Redis runs: \(redis.output)") { redis.output.contains("Ready to accept connections") }
        _ = try inside(sidelong.process, "ip link set sl1 netns \(redis.identifier)")
        _ = try inside(redis, "ip address add 10.98.0.2/24 dev sl1 && ip link set sl1 up && ip link set lo up")
        return redis
    }

    @Test func whatPassesABridgeAndItsPortCountsOnce() async throws {
        let sidelong = try await Sidelong(
            [
                "--redis.addr=10.98.0.2:6379", "--redis.interval=200ms", "--retry.delay=50ms", "--wire.interfaces=auto",
                "--wire.buffer=64MiB",
            ], through: (["unshare", "--net", "sh", "-c", Self.network], Sidelong.binary))
        let folder = try TemporaryFolder()
        let redis = try await redis(beside: sidelong, in: folder)
        try await eventually("redis_up: \(sidelong.process.output)") { try value("redis_up", sidelong) == 1 }
        // A connection for each command, and then connections that stay.
        for options in ["-k 0 -n 600 -c 4 -t get", "-n 2000 -c 10 -P 4 -t set"] {
            _ = try inside(sidelong.process, "redis-benchmark -h 10.98.0.2 -q \(options)")
        }
        for (command, count) in [("get", 600.0), ("set", 2000)] {
            let series = #"redis_command_duration_seconds_count{command="\#(command)",source="wire"}"#
            try await eventually("\(count) of \(command)") { try value(series, sidelong) >= count }
            #expect(try value(series, sidelong) == count)
            let own = #"redis_commands_total{cmd="\#(command)",command="\#(command)"}"#
            try await eventually("Redis' own count") { try value(own, sidelong) == count }
        }
        for interface in ["br0", "sl0"] {
            #expect(try value(#"sidelong_wire_packets_total{interface="\#(interface)"}"#, sidelong) > 5_000)
        }
        #expect(try value(#"sidelong_wire_irregular_segments_total{kind="other_interface"}"#, sidelong) > 1_000)
        #expect(redis.isRunning)
    }
}

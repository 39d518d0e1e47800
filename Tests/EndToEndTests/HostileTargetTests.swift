import Foundation
import TestKit
import Testing

/// A server that says far more than a server would.
@Suite struct HostileTargetTests {
    private static func hugeInfo(lines: Int) -> String {
        let head = "# Server\r\nredis_version:7.0.0\r\nuptime_in_seconds:5\r\n# Memory\r\nused_memory:1000\r\n"
        let names = (0..<lines).map {
            "cmdstat_c\($0):calls=1,usec=1,usec_per_call=1.00,rejected_calls=0,failed_calls=0\r\n"
        }
        return head + "# Commandstats\r\n" + names.joined()
    }

    /// Answers every pipeline's first command with the text, the others with an error.
    private static func serve(_ client: FakeClient, _ info: String) {
        client.receive()
        client.send("+OK\r\n+PONG\r\n$0\r\n\r\n")
        while true {
            let request = client.receive()
            if request.isEmpty { return }
            let commands = request.split(separator: "\r\n").filter { $0.hasPrefix("*") && Int($0.dropFirst()) != nil }
            let refusals = String(repeating: "-ERR unknown command\r\n", count: max(0, commands.count - 1))
            client.send("$\(info.utf8.count)\r\n\(info)\r\n" + refusals)
        }
    }

    @Test func endlessSeriesAreLeftOutCountedAndSaidOnce() async throws {
        let info = Self.hugeInfo(lines: 20_000)
        let server = try FakeServer { Self.serve($0, info) }
        let redis = try await RedisServer()
        let sidelong = try await Sidelong([
            "--redis.addr=127.0.0.1:\(server.port)", "--redis.addr=\(redis.address)", "--redis.interval=500ms",
            "--redis.timeout=60s", "--redis.connect-timeout=60s", "--wire.interfaces=off",
        ])
        let target = "target=\"127.0.0.1:\(server.port)\""
        try await sidelong.waits(for: "redis_up{\(target)}", toBe: 1, within: .seconds(60))
        let excess = "sidelong_collector_excess_series{collector=\"redis\",\(target)}"
        #expect(try sidelong.value(excess) ?? 0 >= 5 * 20_000)
        #expect(try sidelong.value("redis_memory_used_bytes{\(target)}") == 1000)
        let page = try sidelong.page()
        #expect(page.utf8.count < 1 << 20)
        let isShown = page.contains("cmd=\"c1\"")
        #expect(!isShown)
        // The other Redis has all of the families.
        try await sidelong.waits(for: "redis_up{target=\"\(redis.address)\"}", toBe: 1)
        #expect(try sidelong.shows("redis_commands_total"))
        #expect(
            try sidelong.value("sidelong_collector_excess_series{collector=\"redis\",target=\"\(redis.address)\"}") == 0
        )
        let polls = try sidelong.value("redis_exporter_scrapes_total{\(target)}") ?? 0
        try await eventually("two more polls", within: .seconds(60)) {
            try sidelong.value("redis_exporter_scrapes_total{\(target)}") ?? 0 >= polls + 2
        }
        let warnings = sidelong.process.output.split(separator: "\n").filter {
            $0.contains("too many series, left out")
        }
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("redis_commands_total") == true, "\(warnings)")
    }
}

import Foundation
import Metrics
import TestKit
import Testing

@testable import Redis

/// Our families beside those of the exporter that dashboards are written for.
struct ComparisonTests {
    /// What redis_exporter says of itself, or from a command that only it runs; the exporter's own room answers for
    /// them.
    private static let aboutItself: Set<String> = [
        "redis_exporter_build_info", "redis_exporter_last_scrape_connect_time_seconds",
        "redis_exporter_last_scrape_duration_seconds", "redis_exporter_last_scrape_error",
        "redis_exporter_scrape_duration_seconds", "redis_exporter_scrapes_total",
        "redis_last_key_groups_scrape_duration_milliseconds", "redis_target_scrape_request_errors_total", "redis_up",
    ]

    @Test func nothingOfRedisExporterIsMissing() async throws {
        let server = try await RedisServer("redis-server", ["enable-debug-command yes", "latency-monitor-threshold 1"])
        try server.cli("set", "key", "value", "EX", "1000")
        try server.cli("debug", "sleep", "0.02")
        try server.cli("lpush", "key", "x")
        let page = try await Self.page(of: server)
        let samples = try await server.target().poll().samples
        let ours = Dictionary(uniqueKeysWithValues: samples.families.map { ($0.descriptor.name, $0) })
        var equal = 0
        for (name, series) in page where name.hasPrefix("redis_") && !Self.aboutItself.contains(name) {
            guard let family = ours[name] else {
                Issue.record("\(name) is missing")
                continue
            }
            for (labels, value) in series where Self.isStill(name) {
                let same = family.samples.first { sample in
                    labels.allSatisfy { label in
                        zip(family.descriptor.labels, sample.labels).contains { $0 == label.key && $1 == label.value }
                    }
                }
                guard case .number(let number)? = same?.value else {
                    Issue.record("\(name)\(labels) is missing")
                    continue
                }
                #expect(number == value, "\(name)\(labels)")
                equal += 1
            }
        }
        #expect(page.count > 100)
        #expect(equal > 80)
    }

    @Test func nothingThatRedisExporterSaysOfASentinelIsMissing() async throws {
        let group = try await SentinelGroup()
        try await group.settles()
        let sentinel = group.sentinels[0]
        try await eventually("a quorum") { try sentinel.cli("sentinel", "ckquorum", "mymaster").hasPrefix("OK") }
        let page = try await Self.page(of: sentinel)
        let target = try sentinel.target()
        let collected = try await target.poll()
        #expect(collected.partFailures.isEmpty)
        let ours = Dictionary(uniqueKeysWithValues: collected.samples.families.map { ($0.descriptor.name, $0) })
        let families = page.filter { $0.key.hasPrefix("redis_sentinel_") }
        #expect(families.count >= 11)
        // Debian's version does not have these yet.
        for setting in ["ckquorum", "failover_timeout", "parallel_syncs", "down_after_milliseconds"] {
            let family = try #require(ours["redis_sentinel_master_setting_\(setting)"])
            #expect(family.descriptor.labels == ["master_name", "master_address"])
            #expect(family.samples.first?.labels == ["mymaster", "127.0.0.1:\(group.primary.port)"])
        }
        #expect(collected.samples.number(named: "redis_sentinel_master_setting_down_after_milliseconds") == 1000)
        for (name, series) in families {
            let family = try #require(ours[name], "\(name)")
            for (labels, value) in series {
                #expect(Set(labels.map(\.key)) == Set(family.descriptor.labels), "\(name)")
                let same = family.samples.first { sample in
                    labels.allSatisfy { label in
                        zip(family.descriptor.labels, sample.labels).contains { $0 == label.key && $1 == label.value }
                    }
                }
                guard case .number(let number)? = same?.value else {
                    Issue.record("\(name)\(labels) is missing")
                    continue
                }
                // The time since the last PING moves on.
                #expect(number == value || name == "redis_sentinel_master_last_ok_ping_reply_seconds", "\(name)")
            }
        }
        // One Sentinel of three cannot decide anything, and takes the others and the replica for down.
        group.sentinels[1].kill()
        group.sentinels[2].kill()
        group.replica.kill()
        try await eventually("a Sentinel that is alone") {
            let samples = try await target.poll().samples
            let primary = "127.0.0.1:\(group.primary.port)"
            return samples[SentinelDetails.quorum].first?.value == .number(0)
                && samples.number(SentinelDetails.goodSentinels, "mymaster", primary) == 1
                && samples.number(SentinelDetails.goodReplicas, "mymaster", primary) == 0
        }
    }

    /// Both look at the same keys and streams; only what redis_exporter gets wrong differs.
    @Test func keysAndStreamsAreTheSame() async throws {
        let server = try await RedisServer()
        for command in [
            "set n 42", "set text hello", "rpush list a b", "hset h f 1", "sadd set a", "zadd z 1 m", "pfadd hll 1 2",
            "pfcount hll", "-n 3 rpush q 1", "xadd s 1700000000000-0 f v", "xadd s 1700000001000-0 f v",
            "xgroup create s g1 0", "xgroup create s g2 $", "xreadgroup group g1 c1 count 1 streams s >",
        ] { try server.cli(command.split(separator: " ").map(String.init)) }
        let page = try await Self.page(
            of: server,
            [
                "-check-keys", "*,db3=q*", "-check-single-keys", "db3=q,absent", "-count-keys", "*,db3=*",
                "-check-streams", "s*", "-check-single-streams", "db0=s",
            ])
        var settings = RedisSettings.patient
        func patterns(_ text: String) throws -> [KeyPattern] {
            try text.split(separator: ",").map { try #require(KeyPattern(parsing: String($0))) }
        }
        settings.keys.checked = try patterns("*,db3=q*")
        settings.keys.checkedSingly = try patterns("db3=q,absent")
        settings.keys.counted = try patterns("*,db3=*")
        settings.keys.streams = try patterns("s*")
        settings.keys.streamsSingly = try patterns("db0=s")
        let samples = try await server.target(settings).poll().samples
        // A text is never shown, and PFCOUNT of a string of unknown size is not asked.
        let mended: Set<String> = ["redis_key_value_as_string"]
        var compared = 0
        let prefixes = ["redis_key_", "redis_keys_", "redis_stream_"]
        for (name, series) in page where prefixes.contains(where: name.hasPrefix) && !mended.contains(name) {
            let family = try #require(samples.families.first { $0.descriptor.name == name }, "\(name)")
            #expect(family.samples.count == series.count, "\(name)")
            for (labels, value) in series {
                let wanted = Dictionary(uniqueKeysWithValues: labels.map { ($0.key, $0.value) })
                let same = family.samples.first {
                    Dictionary(uniqueKeysWithValues: zip(family.descriptor.labels, $0.labels)) == wanted
                }
                let isMoving = name == "redis_stream_group_consumer_idle_seconds"
                #expect(isMoving ? same != nil : same?.value == .number(value), "\(name)\(labels)")
                compared += 1
            }
        }
        #expect(compared > 25)
    }

    /// Whether a family's values stay what they are while two exporters look one after the other.
    private static func isStill(_ name: String) -> Bool {
        let moving = [
            "redis_allocator_", "redis_client_recent_max", "redis_commands_", "redis_connect", "redis_cpu_",
            "redis_latency_percentiles", "redis_mem_", "redis_memory_used", "redis_net_", "redis_total_reads",
            "redis_total_writes",
            "redis_uptime", "redis_latest_fork", "redis_db_avg_ttl", "redis_errors_total", "redis_total_error_replies",
            "redis_expire_cycle", "redis_instance_info",
            // On a busy machine the clock moves on between INFO and the exporter's look at it, and commands get slow.
            "redis_start_time", "redis_latency_spike", "redis_last_slow", "redis_slowlog",
        ]
        return !moving.contains { name.hasPrefix($0) }
    }

    private typealias Series = [(labels: [(key: String, value: String)], value: Double)]

    /// What Debian's prometheus-redis-exporter shows in its default setting, by family.
    private static func page(of server: RedisServer, _ flags: [String] = []) async throws -> [String: Series] {
        let port = try freePort()
        let exporter = try ServerProcess(
            "prometheus-redis-exporter",
            ["-redis.addr", "redis://127.0.0.1:\(server.port)", "-web.listen-address", "127.0.0.1:\(port)"] + flags,
            in: server.folder)
        defer { exporter.kill() }
        try await eventually("redis_exporter") { (try? request(port: port, "/health"))?.status == 200 }
        // HTTP/1.0, so that the page comes in one piece and not in chunks.
        let socket = try RawSocket(port: port)
        try socket.send("GET /metrics HTTP/1.0\r\n\r\n")
        return parse(try HTTPAnswer(parsing: try socket.receiveAll()).text)
    }

    private static func parse(_ text: String) -> [String: Series] {
        var families: [String: Series] = [:]
        var family = ""
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("# TYPE ") {
                family = String(line.split(separator: " ")[2])
                families[family] = []
            }
            guard !line.hasPrefix("#"), let space = line.lastIndex(of: " ") else { continue }
            let name = line[..<space].prefix { $0 != "{" }
            guard name == family, let value = Double(line[line.index(after: space)...]) else { continue }
            let labels = line[..<space].dropFirst(name.count).dropFirst().dropLast().matches(of: /(\w+)="([^"]*)"/)
            families[family]?.append((labels.map { (String($0.output.1), String($0.output.2)) }, value))
        }
        return families
    }
}

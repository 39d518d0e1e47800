import Foundation
import TestKit
import Testing

/// The whole page of a plain Redis on a recorded machine, with what differs from run to run masked.
@Suite struct GoldenPageTests {
    private static let path = "Tests/Fixtures/exporter/page.txt"

    @Test func thePageIsTheGoldenPage() async throws {
        let redis = try await RedisServer()
        try redis.cli("SET", "user:1", "x")
        try redis.cli("GET", "user:1")
        try redis.cli("GET", "missing")
        try redis.cli("LPUSH", "user:1", "wrong type")
        let machine = Project.root.appending(path: "Tests/Fixtures/host/hybrid").path
        let sidelong = try await Sidelong([
            "--redis.addr=\(redis.address)", "--redis.interval=100ms", "--host.procfs=\(machine)/proc",
            "--host.cgroupfs=\(machine)/cgroup", "--wire.interfaces=off",
        ])
        // By then every question has been asked twice, and the second answers tell of the commands of the first polls.
        try await eventually("fourteen polls") { try sidelong.value("redis_exporter_scrapes_total") ?? 0 >= 14 }
        let lines = try sidelong.page().split(separator: "\n").filter { !$0.hasPrefix(Self.sparse) }
        let page = lines.map(Self.masked).joined(separator: "\n") + "\n"
        let difference = try Project.difference(page, from: Self.path, kind: "golden")
        #expect(difference == [])
    }

    /// Redis shows only buckets that have been hit, so these lines differ with the machine's speed.
    private static let sparse = "redis_commands_latencies_usec_bucket"

    /// Families whose values are the same in every run.
    private static let stable = [
        "redis_up", "redis_db_keys", "redis_db_keys_expiring", "redis_errors_total", "redis_cluster_enabled",
        "redis_config_maxclients", "sidelong_collector_success", "sidelong_breaker_state", "sidelong_duplicate_series",
        "sidelong_collector_interval_seconds", "system_", "cgroup_",
    ]

    /// Labels whose values differ from run to run or from machine to machine.
    private static let volatileLabels = [
        "os", "run_id", "process_id", "tcp_port", "redis_build_id", "master_replid", "revision", "commit_sha",
        "target", "redis_version",
    ]

    private static func masked(_ line: Substring) -> String {
        guard !line.hasPrefix("#"), let space = line.lastIndex(of: " ") else { return String(line) }
        var series = String(line[..<space])
        for label in volatileLabels {
            series = series.replacing(try! Regex("([{,])\(label)=\"[^\"]*\"")) {
                "\($0[1].substring ?? "")\(label)=\"…\""
            }
        }
        let isStable = stable.contains { $0.hasSuffix("_") ? series.hasPrefix($0) : series.prefix { $0 != "{" } == $0 }
        return series + (isStable ? String(line[space...]) : " …")
    }
}

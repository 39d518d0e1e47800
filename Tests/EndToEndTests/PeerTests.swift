import TestKit
import Testing

/// Debian's redis_exporter in its default setting, beside Sidelong, on the same Redis.
@Suite struct PeerTests {
    /// What redis_exporter tells of Go, which Sidelong is not written in.
    private static let aboutGo = ["go_", "promhttp_"]

    @Test func redisExporterHasNoFamilyThatWeLackAndTheSameValuesWhereNothingMoves() async throws {
        let redis = try await RedisServer()
        for index in 0..<30 { try redis.cli("SET", "key:\(index)", "value", "EX", "1000") }
        try redis.cli("GET", "key:1")
        try redis.cli("NOSUCHCOMMAND")
        let port = try freePort()
        let exporter = try ServerProcess(
            "prometheus-redis-exporter",
            ["-redis.addr", "redis://\(redis.address)", "-web.listen-address", "127.0.0.1:\(port)"],
            in: TemporaryFolder())
        try await eventually("redis_exporter serves: \(exporter.output)") {
            (try? request(port: port, "/metrics").text.contains("redis_up 1")) == true
        }
        let sidelong = try await Sidelong(["--redis.addr=\(redis.address)", "--redis.interval=100ms"])
        try await sidelong.isReady()
        // The first poll does not yet know what the later ones of both exporters leave in commandstats.
        try await eventually("three polls") { try sidelong.value("redis_exporter_scrapes_total") ?? 0 >= 4 }

        let theirs = Page(try request(port: port, "/metrics").text)
        let ours = Page(try sidelong.page())
        let missing = theirs.families.subtracting(ours.families).filter { name in
            !Self.aboutGo.contains { name.hasPrefix($0) }
        }
        #expect(missing.sorted() == [])

        let shared = theirs.values.keys.filter { ours.values[$0] != nil }
        let same = shared.filter { theirs.values[$0] == ours.values[$0] }
        print("redis_exporter: \(theirs.families.count) families, \(theirs.values.count) series")
        print("sidelong: \(ours.families.count) families, \(ours.values.count) series")
        print("series of both: \(shared.count), with the same value: \(same.count)")
        for series in [
            "redis_db_keys{db=\"db0\"}", "redis_db_keys_expiring{db=\"db0\"}", "redis_memory_max_bytes",
            "redis_config_maxclients", "redis_rdb_last_bgsave_status", "redis_connected_slaves", "redis_up",
            "redis_errors_total{err=\"ERR\"}", "redis_keyspace_hits_total",
        ] {
            #expect(theirs.values[series] != nil, "\(series)")
            #expect(theirs.values[series] == ours.values[series], "\(series)")
        }
    }

    /// Families and values of a page in the text format.
    private struct Page {
        var families: Set<String> = []
        var values: [String: Double] = [:]

        init(_ text: String) {
            for line in text.split(separator: "\n") {
                if line.hasPrefix("# TYPE ") {
                    families.insert(String(line.split(separator: " ")[2]))
                } else if !line.hasPrefix("#"), let space = line.lastIndex(of: " ") {
                    values[String(line[..<space])] = Double(line[line.index(after: space)...])
                }
            }
        }
    }
}

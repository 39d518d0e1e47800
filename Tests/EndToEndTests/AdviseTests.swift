import Foundation
import TestKit
import Testing

/// `sidelong advise` on a real Redis: from the page, from two looks at it, and from a Prometheus.
@Suite struct AdviseTests {
    /// The rules that have found something, in the order of weight.
    private func rules(_ arguments: [String]) async throws -> [String] {
        let result = try await Sidelong.run(["advise", "--format=json"] + arguments)
        guard result.status == 0 else { throw NeverHappened(description: result.output) }
        let root = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let findings = try #require(root?["findings"] as? [[String: Any]], "\(result.output)")
        return findings.compactMap { $0["rule"] as? String }
    }

    @Test func fromAPageTwoLooksAndAPrometheus() async throws {
        let redis = try await RedisServer()
        let sidelong = try await Sidelong([
            "--redis.addr=\(redis.address)", "--redis.interval=200ms", "--wire.interfaces=lo",
        ])
        let other = try await Sidelong(["--redis.addr=127.0.0.1:1", "--wire.interfaces=off"])
        try await sidelong.waits(for: "redis_up", toBe: 1)
        let url = "http://127.0.0.1:\(sidelong.port)"
        // Nothing was asked of it yet, so that all there is to say is about its configuration.
        #expect(try await rules([url]) == ["no_memory_limit"])
        let prometheus = try await PrometheusServer(targets: [sidelong, other].map { "127.0.0.1:\($0.port)" })
        try await eventually("both are scraped") {
            try prometheus.query("count_over_time(sidelong_build_info[1m]) > 2") == 2
        }
        // Two thousand reads of keys that are not there.
        let reads = ["-p", "\(redis.port)", "-t", "get", "-n", "2000", "-r", "1000000", "-c", "1", "-q"]
        let load = try ServerProcess.run("redis-benchmark", reads)
        #expect(load.status == 0, "\(load.output)")
        try await eventually("they are on the page") {
            try (sidelong.value(#"redis_key_misses_total{key_group="key:*"}"#) ?? 0) >= 2000
        }
        #expect(try await rules([url]) == ["hit_rate", "no_memory_limit"])
        let text = try await Sidelong.run(["advise", url])
        #expect(text.status == 0 && text.output.hasPrefix("1. key group key:* (waste): 0 % of "), "\(text.output)")

        let api = "--prometheus=http://127.0.0.1:\(prometheus.port)"
        let own = "--select=instance=\"127.0.0.1:\(sidelong.port)\""
        try await eventually("Prometheus has seen the first") {
            try prometheus.query("redis_key_misses_total{key_group=\"key:*\"}") > 0
        }
        // What a counter had when it was seen first is no growth to Prometheus.
        // Once and no more often: ten thousand would be a finding of their own.
        let more = try ServerProcess.run("redis-benchmark", reads)
        #expect(more.status == 0, "\(more.output)")
        try await eventually("Prometheus has seen more") {
            try await rules([api, own, "--window=5m"]) == ["hit_rate", "no_memory_limit"]
        }
        let unclear = try await Sidelong.run(["advise", api])
        #expect(unclear.status == 1 && unclear.output.contains("2 Sidelongs are known there"), "\(unclear.output)")
        let nobody = try await Sidelong.run(["advise", api, "--select=instance=\"x\""])
        #expect(nobody.status == 1 && nobody.output.contains("no Sidelong is known there"), "\(nobody.output)")
    }

    @Test func keysThatBecomeMoreBetweenTwoLooks() async throws {
        let redis = try await RedisServer("redis-server", ["maxmemory 100mb"])
        let sidelong = try await Sidelong([
            "--redis.addr=\(redis.address)", "--redis.interval=100ms", "--wire.interfaces=off",
        ])
        func fill(_ count: Int, _ prefix: String) throws {
            let script = "for i=1,\(count) do redis.call('SET', '\(prefix):'..i, i) end"
            try redis.cli("EVAL", script, "0")
        }
        try fill(2000, "a")
        try await sidelong.waits(for: #"redis_db_keys{db="db0"}"#, toBe: 2000)
        async let found = rules(["http://127.0.0.1:\(sidelong.port)", "--window=3s"])
        // Within the window, whenever the first look was.
        for round in 0..<6 {
            try await Task.sleep(for: .milliseconds(300))
            try fill(500, "b\(round)")
        }
        #expect(try await found == ["keys_without_expiry"])
    }

    @Test func whatCannotBeAskedIsSaidInOneLine() async throws {
        for (arguments, status, words) in [
            (["http://127.0.0.1:1"], 1, "Connection refused"),
            (["--prometheus=http://127.0.0.1:1"], 1, "Connection refused"),
            (["--select=a=\"b\""], 2, "is for --prometheus"),
            (["--prometheus=http://x", "http://y"], 2, "give one of them"),
        ] {
            let result = try await Sidelong.run(["advise"] + arguments)
            #expect(result.status == Int32(status) && result.output.contains(words), "\(result.output)")
            #expect(result.output.split(separator: "\n").count == 1, "\(result.output)")
        }
    }
}

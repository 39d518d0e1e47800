import Foundation
import TestKit
import Testing

/// Polls follow the scrapes of real Prometheus servers; Redis' own count of INFO is the witness.
@Suite struct PrometheusRhythmTests {
    private static let job = """
          - job_name: rhythm
            scrape_interval: 2s
            static_configs: [{targets: ['127.0.0.1:PORT']}]
        """

    private struct Counts {
        let polls: Double
        let scrapes: Double
        let samples: Double
        let fresh: Double

        init(_ redis: RedisServer, _ sidelong: Sidelong) throws {
            let calls = try redis.cli("INFO", "commandstats").split(whereSeparator: \.isNewline).first {
                $0.hasPrefix("cmdstat_info:")
            }
            polls = Double(calls?.split(separator: "=")[1].prefix { $0.isNumber } ?? "") ?? 0
            scrapes =
                try sidelong.value(
                    "sidelong_http_requests_total{method=\"GET\",path=\"/metrics\",status=\"200\"}") ?? 0
            samples = try sidelong.value("sidelong_sample_age_seconds_count") ?? 0
            fresh = try sidelong.value("sidelong_sample_age_seconds_bucket{le=\"0.5\"}") ?? 0
        }
    }

    @Test func twoPrometheusServersGetFreshSamplesWithOnePollForEachScrape() async throws {
        let redis = try await RedisServer()
        let sidelong = try await Sidelong([
            "--redis.addr=\(redis.address)", "--redis.interval=500ms", "--host.interval=500ms", "--wire.interfaces=off",
        ])
        let job = Self.job.replacingOccurrences(of: "PORT", with: "\(sidelong.port)")
        let first = try await PrometheusServer(targets: [], scrape: job)
        let second = try await PrometheusServer(targets: [], scrape: job)
        try await eventually("two rhythms of two seconds", within: .seconds(60)) {
            try sidelong.page().split(separator: "\n").count {
                $0.hasPrefix("sidelong_scrape_rhythm_seconds{")
                    && (1.9...2.1).contains(Double($0.split(separator: " ")[1]) ?? 0)
            } == 2
        }
        let before = try Counts(redis, sidelong)
        try await eventually("a dozen scrapes", within: .seconds(60)) {
            try sidelong.value("sidelong_sample_age_seconds_count") ?? 0 >= before.samples + 36
        }
        let after = try Counts(redis, sidelong)
        // Three sources have samples: Redis, the machine and Sidelong itself. At its interval Redis would be asked
        // twice.
        let scrapes = (after.samples - before.samples) / 3
        #expect(after.polls - before.polls < scrapes * 1.6 + 3)
        #expect(after.fresh - before.fresh > (after.samples - before.samples) / 2)
        #expect(try first.query("redis_up == 1") == 1 && second.query("redis_up == 1") == 1)

        // Samples of a target that dies between two scrapes are not shown by the next one.
        redis.kill()
        try await eventually("the end of Redis") { try first.query("redis_up == 0") == 1 }
    }

    @Test func withoutAlignmentTheIntervalDecides() async throws {
        let redis = try await RedisServer()
        let sidelong = try await Sidelong([
            "--redis.addr=\(redis.address)", "--redis.interval=200ms", "--poll.align=off", "--wire.interfaces=off",
        ])
        let job = Self.job.replacingOccurrences(of: "PORT", with: "\(sidelong.port)")
        let prometheus = try await PrometheusServer(targets: [], scrape: job)
        try await eventually("a rhythm", within: .seconds(60)) {
            try sidelong.page().contains("sidelong_scrape_rhythm_seconds{")
        }
        let before = try Counts(redis, sidelong)
        try await eventually("further scrapes", within: .seconds(60)) {
            try sidelong.value("sidelong_sample_age_seconds_count") ?? 0 >= before.samples + 9
        }
        let after = try Counts(redis, sidelong)
        #expect(after.polls - before.polls > (after.samples - before.samples) / 3 * 2)
        _ = prometheus
    }
}

import TestKit
import Testing

@testable import Exporter

/// Variables that were set for Sidelong and that it does not read.
@Suite struct StrayVariableTests {
    private func remarks(_ environment: [String: String]) throws -> [String] {
        try Settings(environment: environment).remarks
    }

    @Test(arguments: [
        ("METRICS_ENABLED", "/metrics is always there"), ("METRICS_PORT", "--web.listen-address"),
        ("HEALTH_CHECK_INTERVAL", "REDIS_HEALTH_CHECK_INTERVAL"), ("HEALTH_CHECK_ENABLED", "/health is always there"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "Collector can scrape"), ("OTEL_SERVICE_NAME", "a Collector can scrape"),
        ("SIDELONG_KEYS_MAXGROUPS", "no such option"), ("SIDELONG_POSTGRES_PORT_", "no such option"),
        ("REDIS_HOST", "REDIS_ADDR"), ("REDIS_TLS_ENABLED", "rediss://"), ("RATE_LIMIT_BURST", "--web.rate-limit"),
        ("PG_EXPORTER_EXTEND_QUERY_PATH", "--postgres.queries-file"), ("PG_EXPORTER_METRIC_PREFIX", "migrating"),
        ("LOG_LEVEL", "--log.level"), ("CIRCUIT_BREAKER_THRESHOLD", "--retry.attempts"),
    ])
    func eachIsNamedOnceWithWhatToUse(variable: String, instead: String) throws {
        let remarks = try remarks([variable: "t0psecret", "PATH": "/bin", "REDIS_ADDR": "127.0.0.1:1"])
        #expect(remarks.count == 1)
        #expect(remarks.first?.hasPrefix("\(variable): without effect; ") == true)
        #expect(remarks.first?.contains(instead) == true, "\(remarks)")
        #expect(remarks.first?.contains("t0psecret") == false)
    }

    /// What it reads, what is empty, what Kubernetes sets for a Service, and what belongs to others.
    @Test func othersAreNot() throws {
        let links = [
            "SIDELONG_SERVICE_HOST", "SIDELONG_SERVICE_PORT", "SIDELONG_SERVICE_PORT_METRICS", "SIDELONG_PORT",
            "SIDELONG_PORT_9121_TCP", "SIDELONG_PORT_9121_TCP_ADDR", "REDIS_SERVICE_HOST", "METRICS_SERVICE_PORT",
        ]
        let others = ["HOME", "LANG", "REDIS_VERSION", "KUBERNETES_SERVICE_HOST", "PGHOST", "POSTGRES_PASSWORD"]
        #expect(try remarks(Dictionary(uniqueKeysWithValues: (links + others).map { ($0, "x") })) == [])
        #expect(try remarks(["METRICS_ENABLED": ""]) == [])
        let read = Options.all.flatMap(\.environment).map(\.name) + PeerFlag.all.compactMap(\.variable)
        for variable in read {
            #expect(Settings.reads(variable), "\(variable)")
            #expect(StrayVariables.remarks(on: [variable: "x"], isRead: Settings.reads) == [])
        }
    }

    /// The advice names options that there are.
    @Test func whatToUseExists() {
        let options = Options.all.map { "--\($0.name)" }
        let names = ["METRICS_ENABLED", "METRICS_PORT", "LOG_LEVEL", "LOG_FORMAT", "RATE_LIMIT_X", "RETRY_X"]
        let texts = StrayVariables.remarks(
            on: Dictionary(uniqueKeysWithValues: names.map { ($0, "x") }), isRead: Settings.reads)
        for text in texts {
            for word in text.split(whereSeparator: { " ,;".contains($0) }) where word.hasPrefix("--") {
                let pattern = NamePattern(String(word))
                #expect(options.contains { pattern.matches($0) }, "\(word)")
            }
        }
    }
}

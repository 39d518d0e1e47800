import Foundation
import TestKit
import Testing

/// The endpoints of CONTRACT section 2, asked over HTTP.
@Suite struct EndpointTests {
    private let redis: RedisServer
    private let sidelong: Sidelong

    init() async throws {
        redis = try await RedisServer()
        sidelong = try await Sidelong(["--redis.addr=\(redis.address)", "--redis.interval=200ms"])
        try await sidelong.isReady()
    }

    @Test func metricsAreTextByDefaultAndOpenMetricsOnRequest() throws {
        let text = try sidelong.get("/metrics")
        #expect(text.status == 200)
        #expect(text.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(text.headers["vary"] == "Accept, Accept-Encoding")
        #expect(text.text.contains("\nredis_up 1\n"))
        let prometheus = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
        let openMetrics = try sidelong.get("/metrics", headers: ["Accept": prometheus])
        #expect(openMetrics.headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
        #expect(openMetrics.text.hasSuffix("\n# EOF\n"))
    }

    @Test func gzipOnRequest() async throws {
        let answer = try sidelong.get("/metrics", headers: ["Accept-Encoding": "gzip"])
        #expect(answer.headers["content-encoding"] == "gzip")
        let folder = try TemporaryFolder()
        try Data(answer.body).write(to: folder.url.appending(path: "page.gz"))
        let gzip = try ServerProcess("gzip", ["-dc", "page.gz"], in: folder)
        #expect(try await gzip.exitStatus() == 0)
        #expect(gzip.output.contains("\nredis_up 1\n"))
    }

    @Test func headIsGetWithoutTheBody() throws {
        let answer = try request("HEAD", port: sidelong.port, "/health")
        #expect(answer.status == 200)
        #expect(answer.body.isEmpty)
        #expect(Int(answer.headers["content-length"] ?? "") ?? 0 > 0)
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS"])
    func otherMethodsAreRefused(method: String) throws {
        let answer = try request(method, port: sidelong.port, "/metrics")
        #expect(answer.status == 405)
        #expect(answer.headers["allow"] == "GET, HEAD")
    }

    @Test(arguments: ["/index.html", "/metrics/", "/metric", "/debug/pprof", "/health/redis/x"])
    func otherPathsAreNotFoundInOneLine(path: String) throws {
        let answer = try sidelong.get(path)
        #expect(answer.status == 404)
        #expect(answer.text == "not found; this server has /metrics and /health\n")
    }

    @Test func healthHasEveryConfiguredComponent() throws {
        let answer = try sidelong.get("/health")
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "application/json")
        let root = try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
        #expect(["healthy", "degraded"].contains(root["status"] as? String))
        #expect(root["timestamp"] is String)
        #expect((root["uptime_seconds"] as? Double ?? -1) >= 0)
        let components = try #require(root["components"] as? [String: [String: Any]])
        #expect(
            components.keys.sorted() == [
                "capture", "host", "redis", "redis_connections", "redis_memory", "redis_performance",
                "redis_persistence",
                "redis_replication",
            ])
        for (name, component) in components {
            #expect(component["status"] is String, "\(name)")
            #expect(component["message"] is String, "\(name)")
            #expect(component["response_time_ms"] is Double, "\(name)")
            #expect(component["age_seconds"] is Double, "\(name)")
        }
    }

    @Test func oneComponentAndUnknownOnes() throws {
        let answer = try sidelong.get("/health/redis")
        #expect(answer.status == 200)
        #expect(answer.text.hasPrefix(#"{"status":"healthy","message":"answered in"#))
        let unknown = try sidelong.get("/health/nothing")
        #expect(unknown.status == 404)
        #expect(unknown.text.hasPrefix("no such component; there are live, ready, redis,"))
    }

    /// What people open first.
    @Test func theRootIsASmallPageWithTwoLinks() throws {
        let answer = try sidelong.get("/")
        #expect(answer.status == 200 && answer.headers["content-type"] == "text/html; charset=utf-8")
        let links = answer.text.matches(of: /href="([^"]+)"/).map { String($0.1) }
        #expect(links == ["metrics", "health"] && answer.body.count < 1000)
        for link in links { #expect(try sidelong.get("/\(link)").status == 200) }
        #expect(try request("HEAD", port: sidelong.port, "/").body.isEmpty)
        #expect(try request("POST", port: sidelong.port, "/").status == 405)
    }

    @Test func liveAndReady() throws {
        #expect(try sidelong.get("/health/live").status == 200)
        #expect(try sidelong.get("/health/ready").text.hasPrefix(#"{"status":"ready","timestamp":"20"#))
    }

    @Test func ownRequestsAreCounted() throws {
        _ = try sidelong.get("/nowhere")
        _ = try request("POST", port: sidelong.port, "/metrics")
        #expect(
            try sidelong.value(#"sidelong_http_requests_total{method="GET",path="other",status="404"}"#) == 1)
        #expect(
            try sidelong.value(#"sidelong_http_requests_total{method="other",path="/metrics",status="405"}"#) == 1)
        let before = try sidelong.value(#"sidelong_http_requests_total{method="GET",path="/metrics",status="200"}"#)
        let after = try sidelong.value(#"sidelong_http_requests_total{method="GET",path="/metrics",status="200"}"#)
        #expect(before.map { $0 + 1 } == after)
    }

    @Test func aHundredScrapesAtOnce() async throws {
        let sidelong = sidelong
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<100 { group.addTask { try sidelong.get("/metrics").status } }
            for try await status in group { #expect(status == 200) }
        }
    }
}

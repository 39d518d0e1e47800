import Foundation
import TestKit
import Testing

/// The page in the protobuf format, read by other people's code.
@Suite struct ProtobufTests {
    static let accept = [
        "Accept": "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"
    ]
    static let contentType =
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"

    @Test func itIsServedWholeCompressedAndWithoutItsBody() async throws {
        let redis = try await RedisServer()
        let sidelong = try await Sidelong(["--redis.addr=\(redis.address)"])
        try await sidelong.isReady()
        let plain = try sidelong.get("/metrics", headers: Self.accept)
        #expect(plain.headers["content-type"] == Self.contentType)
        #expect(plain.headers["vary"] == "Accept, Accept-Encoding")
        let head = try request("HEAD", port: sidelong.port, "/metrics", headers: Self.accept)
        #expect(head.headers["content-type"] == Self.contentType && head.body.isEmpty)
        let compressed = try sidelong.get("/metrics", headers: Self.accept.merging(["Accept-Encoding": "gzip"]) { $1 })
        #expect(compressed.headers["content-type"] == Self.contentType)
        #expect(compressed.headers["content-encoding"] == "gzip")
        #expect(compressed.body.count < plain.body.count / 2)
        // Whoever does not ask has text.
        #expect(try sidelong.get("/metrics").text.hasPrefix("# HELP "))
    }

    /// The whole product, decoded by a class that protoc made.
    @Test(arguments: [false, true])
    func pythonReadsTheValuesOfTheTextPage(isCompressed: Bool) async throws {
        let stack = try await Stack()
        let folder = try TemporaryFolder()
        try compile(in: folder)
        var headers = Self.accept
        if isCompressed { headers["Accept-Encoding"] = "gzip" }
        try folder.write(try stack.sidelong.page(), to: "before.txt")
        let page = try stack.sidelong.get("/metrics", headers: headers)
        try folder.write(try stack.sidelong.page(), to: "after.txt")
        try Data(page.body).write(to: folder.url.appending(path: isCompressed ? "page.bin.gz" : "page.bin"))
        if isCompressed { #expect(try ServerProcess.run("gzip", ["-d", "page.bin.gz"], in: folder).status == 0) }
        let script = Project.root.appending(path: "Tests/Fixtures/protobuf/compare.py").path
        let python = try ServerProcess.run("/usr/bin/python3", [script, folder.path(".")], in: folder)
        #expect(python.status == 0, "\(python.output)")
        #expect(python.output.contains("values are the same"), "\(python.output)")
    }

    /// Makes a Python class of the messages.
    private func compile(in folder: TemporaryFolder) throws {
        let messages = Project.root.appending(path: "Tests/Fixtures/protobuf").path
        let protoc = try ServerProcess.run(
            "protoc", ["-I", messages, "--python_out", folder.path("."), "metrics.proto"], in: folder)
        #expect(protoc.status == 0, "\(protoc.output)")
    }

    /// The installed Prometheus and the newest one, with and without native histograms.
    @Test(arguments: [
        (PrometheusServer.Version.installed, [], ""),
        (.installed, ["native-histograms"], ""),
        (.newest, [], "    scrape_protocols: [PrometheusProto]"),
        (.newest, ["native-histograms", "created-timestamp-zero-ingestion"], ""),
    ])
    func prometheusScrapesIt(version: PrometheusServer.Version, features: [String], scrape: String) async throws {
        let stack = try await Stack()
        let prometheus = try await PrometheusServer(
            targets: ["127.0.0.1:\(stack.sidelong.port)"], scrape: scrape, version: version, features: features)
        for query in ["up == 1", "redis_up == 1", "pg_up == 1", "redis_exporter_scrape_duration_seconds_count > 0"] {
            try await eventually("\(query): \(prometheus.output)", within: .seconds(60)) {
                try prometheus.query(query) == 1
            }
        }
        // What is scraped is the page: not one series is lost on the way.
        let lines = try stack.sidelong.page().split(separator: "\n").count { !$0.hasPrefix("#") }
        let scraped = try #require(try prometheus.series("scrape_samples_scraped").first).value
        #expect(abs(scraped - Double(lines)) <= Double(lines) / 50)
        #expect(try prometheus.query("count_over_time(up[1m]) != sum_over_time(up[1m])") == 0, "no scrape failed")
    }
}

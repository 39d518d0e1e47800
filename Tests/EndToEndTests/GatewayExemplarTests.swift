import Foundation
import TestKit
import Testing

/// From a latency of the gateway to the trace of one request, through a real Prometheus. These tests need CAP_NET_RAW.
@Suite struct GatewayExemplarTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let unsampled = "0af7651916cd43dd8448eb211c80319c"

    private func send(_ trace: String, flags: String, to gateway: Gateway) throws {
        let connection = try RawSocket(port: gateway.port)
        let field = "traceparent: 00-\(trace)-00f067aa0ba902b7-\(flags)"
        try connection.send("GET /api/users/7 HTTP/1.1\r\nHost: gateway\r\n\(field)\r\n\r\n")
        _ = try connection.receive()
    }

    /// Text of OpenMetrics, and protobuf, which Prometheus asks for where it stores native histograms.
    @Test(arguments: [["exemplar-storage"], ["exemplar-storage", "native-histograms"]])
    func prometheusReturnsTheTraceOfALatency(features: [String]) async throws {
        let gateway = try await Gateway(.nginx)
        let sidelong = try await Sidelong(["--wire.http-ports=\(gateway.port)", "--wire.interfaces=lo"])
        try await sidelong.captures()
        let start = Date()
        try send(Self.trace, flags: "01", to: gateway)
        let count = #"http_request_duration_seconds_count{method="GET",path="/api/users/*"}"#
        try await sidelong.waits(for: count, toBe: 1)
        let prometheus = try await PrometheusServer(
            targets: ["127.0.0.1:\(sidelong.port)"],
            scrape: features.count > 1 ? "    always_scrape_classic_histograms: true" : "", version: .newest,
            features: features)
        var found: [PrometheusServer.Exemplar] = []
        try await eventually("an exemplar: \(prometheus.output)", within: .seconds(60)) {
            // Prometheus rounds the start of what is asked for to a millisecond, maybe past the exemplar's time.
            found = try prometheus.exemplars(of: "http_request_duration_seconds_bucket", since: start - 1)
            return !found.isEmpty
        }
        let exemplar = try #require(found.first)
        #expect(exemplar.labels == ["trace_id": Self.trace])
        #expect(abs(exemplar.timestamp - start.timeIntervalSince1970) < 60 && exemplar.value > 0)
        #expect(exemplar.series["method"] == "GET" && exemplar.series["path"] == "/api/users/*")
    }

    @Test func nothingIsKeptOfWhatIsNotSampledOrNotWanted() async throws {
        let gateway = try await Gateway(.nginx)
        let flags = ["--wire.http-ports=\(gateway.port)", "--wire.interfaces=lo"]
        let (sidelong, without) = try await (Sidelong(flags), Sidelong(flags + ["--http.exemplars=off"]))
        try await sidelong.captures()
        try await without.captures()
        try send(Self.unsampled, flags: "00", to: gateway)
        try send(Self.trace, flags: "01", to: gateway)
        let headers = ["Accept": "application/openmetrics-text; version=1.0.0"]
        for (program, hasTrace) in [(sidelong, true), (without, false)] {
            let count = #"http_request_duration_seconds_count{method="GET",path="/api/users/*"}"#
            try await program.waits(for: count, toBe: 2)
            let page = try program.get("/metrics", headers: headers).text
            #expect(page.contains(#"trace_id="\#(Self.trace)""#) == hasTrace)
            #expect(!page.contains(Self.unsampled) && !page.contains("00f067aa0ba902b7"))
            #expect(!(try program.page()).contains(Self.trace), "text 0.0.4 has no exemplars")
        }
    }
}

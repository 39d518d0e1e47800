import Foundation
import TestKit
import Testing

/// The gateway's latencies by its client's own clock, and what its health page makes of its answers. These tests need
/// CAP_NET_RAW.
@Suite struct GatewayWitnessTests {
    private static let bounds = [
        0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 5, 10,
    ]

    private func run(_ script: String, _ arguments: String...) throws -> String {
        let path = Project.root.appending(path: "Tests/Fixtures/http/\(script)").path
        let result = try ServerProcess.run("python3", [path] + arguments)
        guard result.status == 0 else { throw NeverHappened(description: result.output) }
        return result.output
    }

    /// Each request is in the bucket that the client's time is in, or in a neighbour. Sorted, the pairs show it: where
    /// each is near its own, the n-th is near the n-th.
    @Test func latenciesAreThoseOfTheClient() async throws {
        let gateway = try await Gateway(.python)
        let sidelong = try await Sidelong(["--wire.http-ports=\(gateway.port)", "--wire.interfaces=lo"])
        try await sidelong.captures()
        let output = try run("timings.py", "\(gateway.port)", "15", "60", "300", "700")
        let clients = output.split(separator: "\n").compactMap { line in
            line.split(separator: " ").last.flatMap { Double($0) }
        }
        #expect(clients.count == 40)
        let count = #"http_request_duration_seconds_count{method="GET",path="/api/wait/*"}"#
        try await sidelong.waits(for: count, toBe: 40)
        let buckets = GatewayPage(try sidelong.page()).values(of: "http_request_duration_seconds_bucket")
        let below = Self.bounds.map { bound in
            Int(buckets.first { Double($0.key.label("le")) == bound }?.value ?? 0)
        }
        let measured = (0..<40).map { number in below.firstIndex { $0 > number } ?? Self.bounds.count }
        let expected = clients.sorted().map { time in Self.bounds.firstIndex { time <= $0 } ?? Self.bounds.count }
        for (wire, client) in zip(measured, expected) { #expect(abs(wire - client) <= 1, "\(measured) \(expected)") }
        #expect(Set(measured).count > 2)
    }

    @Test func healthJudgesTheGatewayWhereThatIsAskedFor() async throws {
        let gateway = try await Gateway(.nginx)
        let sidelong = try await Sidelong([
            "--wire.http-ports=\(gateway.port)", "--wire.interfaces=lo", "--health.gateway-error-rate=5,20",
        ])
        try await sidelong.captures()
        // A tenth of them are answered 500.
        _ = try run("client.py", "\(gateway.port)")
        try await eventually("a verdict") {
            let health = try sidelong.get("/health/gateway").text
            return health.contains(#""status":"degraded""#) && health.contains("10 % of 1000 requests failed, P95 ")
        }
        let plain = try await Sidelong(["--wire.http-ports=\(gateway.port)", "--wire.interfaces=lo"])
        #expect(try plain.get("/health/gateway").status == 404)
    }
}

import Foundation
import TestKit
import Testing

/// The gateway's traffic on the loopback, with its own access log as the witness. These tests need CAP_NET_RAW.
@Suite struct GatewayTests {
    private let client = Project.root.appending(path: "Tests/Fixtures/http/client.py").path

    private func started(_ program: Gateway.Program, _ more: [String] = []) async throws -> (Gateway, Sidelong) {
        let gateway = try await Gateway(program)
        let sidelong = try await Sidelong(
            ["--wire.http-ports=\(gateway.port)", "--wire.interfaces=lo", "--wire.buffer=64MiB"] + more)
        try await sidelong.captures()
        return (gateway, sidelong)
    }

    @Test(arguments: Gateway.Program.allCases)
    func countsAreThoseOfTheAccessLog(program: Gateway.Program) async throws {
        let (gateway, sidelong) = try await started(program)
        let result = try ServerProcess.run("python3", [client, "\(gateway.port)"])
        #expect(result.status == 0, "\(result.output)")
        try await eventually("a log of 1000 requests") { try gateway.log().values.reduce(0, +) == 1000 }
        let truth = try gateway.log().byMethodAndStatus
        try await eventually("the same counts") { try GatewayPage(sidelong.page()).requests == truth }
        let timed = try GatewayPage(sidelong.page()).values(of: "http_request_duration_seconds_count")
        #expect(timed.values.reduce(0, +) == 1000)
        // Refused paths leave no trace, the others are grouped.
        let paths = try Set(
            GatewayPage(sidelong.page()).values(of: "http_requests_total").keys.map { $0.label("path") })
        #expect(paths == ["/api/users/*", "/api/orders", "/api/orders/*", "/api/chunks", "other"])
        #expect(!(try sidelong.page().contains("t0p")))
        let errors = try GatewayPage(sidelong.page()).values(of: "http_request_errors_total")
        #expect(errors.values.reduce(0, +) == 100)
    }

    @Test func fullRateIsCountedToTheLastRequest() async throws {
        let (gateway, sidelong) = try await started(.nginx, ["--http.path=/api/{word}"])
        let requests = 40_000
        let load = try ServerProcess.run(
            "ab", ["-q", "-k", "-c", "50", "-n", "\(requests)", "http://127.0.0.1:\(gateway.port)/api/users"])
        #expect(load.status == 0, "\(load.output)")
        let series = #"http_requests_total{method="GET",path="/api/{word}",status="200"}"#
        try await eventually("a log of all requests") { try gateway.log()["GET /api/users 200"] == requests }
        try await sidelong.waits(for: series, toBe: Double(requests))
        #expect(try sidelong.value(#"sidelong_wire_packets_dropped_total{interface="lo"}"#) == 0)
    }

    @Test func keysAreNamedAndNoTokenIsKept() async throws {
        let (known, unknown) = ("tok-4711-abcdefghijklmnop", "tok-0815-qrstuvwxyz")
        let folder = try TemporaryFolder()
        let input = try folder.write(known + "\n", to: "token")
        let hashed = try ServerProcess(
            "sh", ["-c", "\(Sidelong.binary) hash-key shop <\(input) >keys.yaml"], in: folder)
        #expect(try await hashed.exitStatus() == 0, "\(hashed.output)")
        let flags = ["--http.api-keys-file=\(folder.path("keys.yaml"))"]
        let (gateway, sidelong) = try await started(.nginx, flags)
        let result = try ServerProcess.run(
            "python3", [client, "\(gateway.port)", "Authorization: Bearer \(known)", "X-API-Key: \(unknown)", "A: b"])
        #expect(result.status == 0, "\(result.output)")
        try await sidelong.waits(for: #"api_key_requests_total{name="shop"}"#, toBe: 334)
        try await sidelong.waits(for: #"api_key_requests_total{name="unknown"}"#, toBe: 333)
        let failures = #"api_key_auth_failures_total{name="shop",reason="unauthorized"}"#
        #expect((try sidelong.value(failures) ?? 0) > 0)
        let check = try await Sidelong.run(["check", "--wire.http-ports=\(gateway.port)"] + flags)
        for text in [try sidelong.page(), sidelong.process.output, check.output] {
            for token in [known, unknown] { #expect(!text.contains(token)) }
        }
        // What a core file has: all memory but what is marked as not to be dumped.
        let memory = try ProcessMemory.dumped(of: sidelong.process.identifier)
        for token in [known, unknown] { #expect(!memory.contains { $0.range(of: Data(token.utf8)) != nil }) }
        #expect(memory.contains { $0.range(of: Data("http_requests_total".utf8)) != nil })
        try folder.write("- {name: other, sha256: \(String(repeating: "0", count: 64))}\n", to: "keys.yaml")
        try await eventually("a new list") {
            try sidelong.value(#"api_key_requests_total{name="other"}"#) == 0
                && sidelong.value(#"api_key_requests_total{name="shop"}"#) == nil
        }
    }
}

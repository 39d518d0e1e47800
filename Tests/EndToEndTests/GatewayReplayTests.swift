import Foundation
import TestKit
import Testing

/// `sidelong replay` of a gateway's traffic: the figures, and no token among them.
@Suite struct GatewayReplayTests {
    @Test(arguments: ["prometheus", "table"])
    func aRecordingGivesFiguresAndNoToken(format: String) async throws {
        let (known, unknown, query) = ("tok-4711-abcdefghijklmnop", "tok-0815-qrstuvwxyz", "secret-of-the-query")
        let folder = try TemporaryFolder()
        let input = try folder.write(known + "\n", to: "token")
        let hashed = try ServerProcess(
            "sh", ["-c", "\(Sidelong.binary) hash-key shop <\(input) >keys.yaml"], in: folder)
        #expect(try await hashed.exitStatus() == 0, "\(hashed.output)")
        var file = CaptureFile(serverPort: 8080)
        let start: UInt64 = 1_700_000_000_000_000_000
        file.connect(50_000, at: start)
        for (number, field) in ["Authorization: Bearer \(known)", "X-API-Key: \(unknown)", "A: b"].enumerated() {
            let stamp = start + UInt64(number + 1) * 1_000_000_000
            let head = "GET /api/users/\(number)?key=\(query) HTTP/1.1\r\nHost: gateway\r\n\(field)\r\n\r\n"
            file.request(50_000, head, at: stamp)
            file.reply(50_000, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", at: stamp + 3_000_000)
        }
        let path = try folder.write(file.bytes(.pcapNanoseconds), to: "capture.pcap")
        let keys = "--http.api-keys-file=\(folder.path("keys.yaml"))"
        let result = try await Sidelong.run(["replay", "--format=\(format)", "--wire.http-ports=8080", keys, path])
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("/api/users/*"))
        if format == "prometheus" {
            for key in ["shop", "unknown"] {
                #expect(result.output.contains(#"api_key_requests_total{name="\#(key)"} 1"#))
            }
        }
        for secret in [known, unknown, query] { #expect(!result.output.contains(secret)) }
    }
}

import TestKit
import Testing

/// What many connections with ever new paths take of memory, read from a file by the built program.
@Suite struct HTTPMemoryTests {
    private static let connections = 10_000
    private static let paths = 100_000
    private static let most = 32 * 1024

    /// Connections that stay, each of which asks for ten paths that nobody else asks for.
    private func recording() -> [UInt8] {
        var file = CaptureFile(serverPort: 8080)
        var stamp: UInt64 = 1_700_000_000_000_000_000
        for number in 0..<Self.connections { file.connect(UInt16(20_000 + number), at: stamp) }
        for path in 0..<Self.paths {
            let port = UInt16(20_000 + path % Self.connections)
            stamp += 10_000
            file.request(port, "GET /page\(path)/x\(path &* 31)y HTTP/1.1\r\nHost: gateway\r\n\r\n", at: stamp)
            stamp += 10_000
            file.reply(port, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", at: stamp)
        }
        return file.bytes(.pcapNanoseconds)
    }

    @Test func tenThousandConnectionsWithTenNewPathsEachStayBelow32MiB() throws {
        let replay = try MeasuredReplay(recording(), ["--wire.http-ports=8080"])
        let requests = replay.lines.filter { $0.hasPrefix("http_requests_total{") }.compactMap {
            $0.split(separator: " ").last.flatMap { Int($0) }
        }
        #expect(requests.reduce(0, +) == Self.paths)
        print("10,000 connections with ten paths each: at most \(replay.most) KiB")
        #expect(replay.most < Self.most)
    }
}

import Foundation
import Glibc
import TestKit
import Testing

/// Clients without manners, all at the same daemon, and that a good one does not notice. What each of them gets to hear
/// is tested in HTTPTests.
@Suite struct ClientFaultTests {
    private let redis: RedisServer
    private let sidelong: Sidelong

    init() async throws {
        redis = try await RedisServer()
        // One address is all clients here, so its rate is not what is tested.
        sidelong = try await Sidelong([
            "--redis.addr=\(redis.address)", "--redis.interval=200ms", "--web.rate-limit=0",
        ])
        try await sidelong.waits(for: "redis_up", toBe: 1)
        // A thousand clients need a descriptor each in this process as well.
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    private func isServing() throws {
        #expect(try sidelong.value("redis_up") == 1)
        #expect(try sidelong.get("/health/live").status == 200)
        let polls = try sidelong.value("redis_exporter_scrapes_total") ?? 0
        #expect(polls > 0)
    }

    @Test func aThousandIdleConnections() throws {
        var idle: [RawSocket] = []
        for _ in 0..<1000 { idle.append(try RawSocket(port: sidelong.port)) }
        try isServing()
        // Each that has said something once is idle as well.
        for _ in 0..<300 {
            let client = try KeptConnection(port: sidelong.port)
            #expect(try client.get("/health/live").status == 200)
            idle.append(client.socket)
        }
        try isServing()
        let open = try sidelong.value("process_open_fds") ?? .infinity
        #expect(open < 512)
    }

    @Test func slowHeaders() async throws {
        let slow = try (0..<100).map { _ in try RawSocket(port: sidelong.port) }
        for client in slow { try client.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-Slow: ") }
        var (served, isCut) = (0, false)
        try await eventually("slow clients are cut", within: .seconds(60)) {
            try isServing()
            served += 1
            isCut = slow.allSatisfy { (try? $0.send("a")) == nil }
            return isCut
        }
        #expect(served > 0)
    }

    @Test func slowReadersOfThePage() async throws {
        // Pages for which no socket buffer has room, asked for and never read.
        let slow = try (0..<50).map { _ in try KeptConnection(port: sidelong.port) }
        for client in slow { for _ in 0..<100 { try client.send("/metrics") } }
        for _ in 0..<10 { try isServing() }
        // One that reads a little at a time gets everything.
        let patient = try RawSocket(port: sidelong.port)
        try patient.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        var page: [UInt8] = []
        while true {
            let next = try patient.receive(atMost: 1000)
            if next.isEmpty { break }
            page += next
        }
        #expect(try HTTPAnswer(parsing: page).text.contains("\nredis_up 1\n"))
    }

    @Test(arguments: [16, 1024])
    func hugeHeadersAndAddresses(kibibytes: Int) throws {
        let huge = String(repeating: "a", count: kibibytes * 1024)
        let requests = [
            "GET /\(huge) HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-Huge: \(huge)\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept: \(huge)\r\nAccept-Encoding: \(huge)\r\n\r\n",
            "\(huge) /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n",
        ]
        for request in requests {
            let client = try RawSocket(port: sidelong.port)
            // The server may have heard enough before the end.
            try? client.send(request)
            let status = try? HTTPAnswer(parsing: client.receiveAll()).status
            #expect(status.map { (400..<500).contains($0) } ?? true)
        }
        try isServing()
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() throws {
        let client = try KeptConnection(port: sidelong.port)
        let paths = (0..<20).flatMap { _ in ["/health/live", "/metrics", "/nowhere"] }
        try client.socket.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: localhost\r\n\r\n" }.joined())
        let answers = try client.answers(paths.count)
        #expect(answers.map(\.status) == paths.map { $0 == "/nowhere" ? 404 : 200 })
        try isServing()
    }
}

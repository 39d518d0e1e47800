import Foundation
import Glibc
import Synchronization
import TestKit
import Testing

@testable import HTTP

/// What well-behaved clients get.
@Suite struct ServerTests {
    @Test func getAnswersWithBodyAndFields() throws {
        let test = try TestServer()
        let answer = try request(port: test.port, "/")
        #expect(answer.status == 200)
        #expect(answer.text == "hello 127.0.0.1\n")
        #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
        #expect(answer.headers["content-length"] == "16")
        #expect(answer.headers["vary"] == "Accept")
    }

    @Test func headAnswersLikeGetWithoutBody() throws {
        let test = try TestServer()
        let answer = try request("HEAD", port: test.port, "/")
        #expect(answer.status == 200)
        #expect(answer.headers["content-length"] == "16")
        #expect(answer.body.isEmpty)
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "BREW"])
    func otherMethodsAreRefusedWithThoseAllowed(method: String) throws {
        let test = try TestServer()
        let answer = try request(method, port: test.port, "/")
        #expect(answer.status == 405)
        #expect(answer.headers["allow"] == "GET, HEAD")
    }

    @Test func unknownPathIsNotFoundWithOneLine() throws {
        let test = try TestServer()
        let answer = try request(port: test.port, "/metricz")
        #expect(answer.status == 404)
        #expect(answer.text == "try / or /big\n")
    }

    @Test func queryIsNoPartOfThePath() throws {
        let test = try TestServer()
        #expect(try request(port: test.port, "/?debug=1").status == 200)
    }

    @Test func anEmptyBodyIsSent() throws {
        let test = try TestServer()
        let answer = try request(port: test.port, "/empty")
        #expect(answer.status == 200)
        #expect(answer.headers["content-length"] == "0")
    }

    /// The server's thread does not go on until the client has its answer, or has waited for long.
    @Test func whatCanWaitIsDoneWhenTheAnswerIsOut() async throws {
        let client = Mutex(false)
        let server = Mutex<Bool?>(nil)
        let hasAnswer: @Sendable () -> Bool = { client.withLock { $0 } }
        let test = try HTTPServer(HTTPServer.Configuration(addresses: [try ListenAddress("127.0.0.1:0")])) { _ in
            var response = HTTPResponse.line(200, "here it is")
            response.afterwards = {
                for _ in 0..<1000 where !hasAnswer() { usleep(10_000) }
                server.withLock { $0 = hasAnswer() }
            }
            return response
        }
        let connection = try RawSocket(port: try #require(test.addresses[0].port))
        try connection.get()
        #expect(try connection.answer().text == "here it is\n")
        client.withLock { $0 = true }
        try await eventually("the server goes on") { server.withLock { $0 } != nil }
        #expect(server.withLock { $0 } == true)
    }

    @Test func largeBodyArrivesWhole() throws {
        let test = try TestServer()
        #expect(try request(port: test.port, "/big").body.count == TestServer.bigSize)
    }

    @Test func fieldsAreFoundWhateverTheirCase() throws {
        let test = try TestServer()
        #expect(try request(port: test.port, "/field", headers: ["X-TEST": "seen"]).text == "seen\n")
    }

    @Test func connectionStaysForMoreRequests() throws {
        let test = try TestServer()
        let client = try RawSocket(port: test.port)
        for _ in 0..<3 {
            try client.get()
            #expect(try client.answer().status == 200)
        }
        #expect(test.counts.accepted == 1)
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() throws {
        let test = try TestServer()
        let client = try RawSocket(port: test.port)
        let paths = ["/", "/nothing", "/field", "/"]
        let last = "GET /empty HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        try client.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: localhost\r\n\r\n" }.joined() + last)
        let text = String(decoding: try client.receiveAll(), as: UTF8.self)
        let statuses = text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { String($0.prefix(3)) }
        #expect(statuses == ["200", "404", "200", "200", "200"])
    }

    @Test func hundredParallelRequestsAreAllAnswered() throws {
        let test = try TestServer()
        let clients = try (0..<100).map { _ in try RawSocket(port: test.port) }
        for client in clients { try client.get() }
        for client in clients { #expect(try client.answer().status == 200) }
    }

    @Test func observerSeesEveryAnswer() async throws {
        let test = try TestServer()
        _ = try request(port: test.port, "/")
        _ = try request("HEAD", port: test.port, "/nothing")
        _ = try request("POST", port: test.port, "/")
        try await eventually("three exchanges") { test.exchanges.count == 3 }
        #expect(test.exchanges.map(\.status) == [200, 404, 405])
        #expect(test.exchanges.map(\.method) == [.get, .head, .other])
        #expect(test.exchanges.map(\.path) == ["/", "/nothing", "/"])
        #expect(test.exchanges.allSatisfy { $0.isComplete && $0.duration > .zero })
    }

    @Test func nothingIsLeftOfTwoHundredConnections() async throws {
        let test = try TestServer()
        for round in 0..<200 {
            let client = try RawSocket(port: test.port)
            if round % 4 != 0 { try client.get() }
            if round % 2 != 0 { _ = try client.answer() }
        }
        try await eventually("all connections closed") { test.counts.open == 0 }
        #expect(test.counts.accepted == 200)
        #expect(descriptors(onPort: test.port) == 1, "only the listening socket is left")
        test.server.stop(within: .seconds(5))
        #expect(descriptors(onPort: test.port) == 0)
    }

    /// How many of this process's descriptors are sockets bound to the port.
    private func descriptors(onPort port: Int) -> Int {
        let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return open.compactMap { Int32($0) }.filter { Int(SocketAddress(ofSocket: $0).port) == port }.count
    }
}

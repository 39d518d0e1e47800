import Foundation
import Glibc
import TestKit
import Testing

@testable import HTTP

/// What clients without manners get, and that the others do not notice.
@Suite struct ServerLimitTests {
    // MARK: Requests

    private static let tooMuch = String(repeating: "a", count: HTTPLimits().headBytes)

    @Test(arguments: [(path: "/" + tooMuch, field: "", status: 414), (path: "/", field: tooMuch, status: 431)])
    func tooLongAHeadIsRefused(path: String, field: String, status: Int) throws {
        let test = try TestServer()
        #expect(try request(port: test.port, path, headers: ["X-Large": field]).status == status)
        #expect(test.isServing)
    }

    /// In between there is a length that leaves room for the request and none for the answer's head: then it is closed.
    @Test func aHeadOfAnyLengthIsSurvived() throws {
        let test = try TestServer()
        let limit = HTTPLimits().headBytes
        for length in stride(from: limit - 3000, to: limit + 1000, by: 20) {
            let value = String(repeating: "a", count: length)
            guard let answer = try? request(port: test.port, "/big", headers: ["X-Large": value]) else { continue }
            let isWhole = answer.status == 200 && answer.body.count == TestServer.bigSize
            #expect(answer.status == 431 || isWhole, "\(length) bytes: \(answer.status)")
        }
        #expect(test.isServing)
    }

    @Test func longHeaderWithinTheLimitIsFine() throws {
        let test = try TestServer()
        let value = String(repeating: "a", count: HTTPLimits().headBytes / 2)
        #expect(try request(port: test.port, "/field", headers: ["X-Test": value]).text == value + "\n")
    }

    @Test(arguments: [
        "\u{0}\u{1}\u{2}\u{3}\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "\r\n\r\n\r\n\r\n\r\n", "* * *\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\u{3}\u{3}",
    ])
    func garbageIsSurvived(garbage: String) throws {
        let test = try TestServer()
        let client = try RawSocket(port: test.port)
        try client.send(garbage)
        shutdown(client.descriptor, Int32(SHUT_WR))
        _ = client.countUntilClosed()
        #expect(test.isServing)
    }

    @Test(arguments: ["X-Test : 1", "Content-Length : 5", "Transfer-Encoding\t: chunked", "Authorization : Basic Og=="])
    func aBlankBeforeTheColonIsRefused(field: String) throws {
        let test = try TestServer()
        let client = try RawSocket(port: test.port)
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n")
        #expect(try client.answer().status == 400)
        #expect(test.isServing)
    }

    @Test func randomBytesAreSurvived() throws {
        let test = try TestServer()
        let clients = try (0..<50).map { _ in try RawSocket(port: test.port) }
        for client in clients {
            try client.send((0..<200).map { _ in UInt8.random(in: 0...255) })
            shutdown(client.descriptor, Int32(SHUT_WR))
        }
        for client in clients { _ = client.countUntilClosed() }
        #expect(test.isServing)
    }

    @Test func smallBodyIsDroppedAndTheConnectionStays() throws {
        let test = try TestServer()
        let client = try RawSocket(port: test.port)
        try client.send("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")
        #expect(try client.answer().status == 200)
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")
        #expect(try client.answer().status == 405)
        try client.get()
        #expect(try client.answer().status == 200)
    }

    @Test(arguments: ["Content-Length: 1000000000", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip"])
    func largeBodyOrOneOfUnknownLengthIsRefusedUnread(field: String) throws {
        let test = try TestServer()
        let client = try RawSocket(port: test.port)
        try client.send("POST / HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n")
        let answer = try HTTPAnswer(parsing: try client.receiveAll())
        #expect(answer.status == 413)
        #expect(answer.headers["connection"] == "close")
    }

    @Test func abruptResetsAreSurvived() async throws {
        let test = try TestServer()
        for round in 0..<50 {
            let client = try RawSocket(port: test.port)
            if round % 2 == 0 { try client.get("/big") }
            var reset = linger(l_onoff: 1, l_linger: 0)
            unsafe setsockopt(
                client.descriptor, SOL_SOCKET, SO_LINGER, &reset, socklen_t(MemoryLayout<linger>.size))
        }
        try await eventually("all connections closed") { test.counts.open == 0 }
        #expect(test.isServing)
    }

    @Test func clientThatHangsUpIsNotWaitedFor() throws {
        let test = try TestServer()
        let clients = try (0..<50).map { _ in try RawSocket(port: test.port) }
        for client in clients {
            try client.get("/field")
            try client.send("GET /unfinished")
            shutdown(client.descriptor, Int32(SHUT_WR))
        }
        for client in clients { #expect(client.countUntilClosed() > 0) }
        #expect(test.counts.cut == 0)
    }

    // MARK: Slowness

    /// What is sent at once, and what follows byte by byte without end.
    @Test(arguments: [
        (start: "", drip: "G"), (start: "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", drip: "a"),
        (start: "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\n", drip: "a"), (start: "", drip: ""),
    ])
    func aSlowRequestIsCutWhileOthersAreServed(start: String, drip: String) async throws {
        let test = try TestServer { $0.requestTime = .milliseconds(500) }
        let slow = try RawSocket(port: test.port)
        try slow.send(start)
        var served = 0
        try await eventually("slow client cut") {
            if test.isServing { served += 1 }
            return drip.isEmpty ? test.counts.cut == 1 : (try? slow.send(drip)) == nil
        }
        #expect(served > 0)
        #expect(test.counts.cut == 1)
    }

    @Test func idleConnectionIsCutAfterItsTime() throws {
        let test = try TestServer { $0.idleTime = .milliseconds(100) }
        let client = try RawSocket(port: test.port)
        try client.get()
        #expect(try client.answer().status == 200)
        #expect(client.countUntilClosed() == 0)
        #expect(test.counts.cut == 1)
    }

    @Test func slowReaderDelaysNobodyAndIsCut() async throws {
        let test = try TestServer { $0.responseTime = .milliseconds(500) }
        let slow = try RawSocket(port: test.port)
        try slow.get("/big")
        _ = try slow.receive(atMost: 1)
        try await eventually("a good client served") { test.isServing }
        try await eventually("slow reader cut") { test.counts.cut > 0 }
        #expect(slow.countUntilClosed() < TestServer.bigSize)
        try await eventually("its end is observed") {
            test.exchanges.contains { $0.path == "/big" && !$0.isComplete }
        }
        try await eventually("a good client served") { test.isServing }
    }

    // MARK: Numbers

    @Test func idleConnectionsMakeRoomForThoseWhoAsk() throws {
        let test = try TestServer { $0.connections = 20 }
        let idle = try (0..<60).map { _ in try RawSocket(port: test.port) }
        for _ in 0..<10 { #expect(test.isServing) }
        #expect(test.counts.refused == 0)
        #expect(test.counts.open <= 21)
        #expect(idle[0].countUntilClosed() == 0)
    }

    @Test func busyConnectionsAreNotCutForOthers() async throws {
        let test = try TestServer { $0.connections = 3 }
        let busy = try (0..<3).map { _ in try RawSocket(port: test.port) }
        for client in busy { try client.get("/big", isLast: true) }
        for client in busy { _ = try client.receive(atMost: 1) }
        let refused = try RawSocket(port: test.port)
        #expect(refused.countUntilClosed() == 0)
        #expect(test.counts.refused == 1)
        for client in busy { #expect(client.countUntilClosed() > TestServer.bigSize - 1, "served to the end") }
    }

    @Test func oneClientCannotTakeAllPlaces() async throws {
        let test = try TestServer(":0") {
            $0.connections = 4
            $0.connectionsPerClient = 2
        }
        let slow = try (0..<6).map { _ in try RawSocket(port: test.port) }
        for client in slow { try client.send("GET / HTTP/1.1\r\n") }
        try await eventually("it has two places") { test.counts.open == 2 && test.counts.accepted == 6 }
        let address = try #require(try SocketAddress.toListen(onHost: "::1", port: UInt16(test.port)).first)
        let other = try RawSocket.connected(to: address)
        try other.get()
        #expect(try other.answer().status == 200)
    }

    /// Requests that do not end take every place, and a client gets in: of the same address, as behind a router.
    @Test func slowRequestsKeepNobodyOut() async throws {
        let test = try TestServer {
            $0.connections = 8
            $0.connectionsPerClient = 8
        }
        let slow = try (0..<8).map { try RawSocket(port: test.port, from: 2 + $0 % 2) }
        for client in slow { try client.send("GET / HTTP/1.1\r\n") }
        try await eventually("all places are taken") { test.counts.open == 8 }
        for _ in 0..<10 { #expect(test.isServing) }
        #expect(test.counts.refused == 0)
    }

    @Test func placesComeBack() async throws {
        let test = try TestServer { $0.connections = 2 }
        do {
            let busy = try (0..<2).map { _ in try RawSocket(port: test.port) }
            for client in busy { try client.get("/big") }
            for client in busy { _ = try client.receive(atMost: 1) }
            #expect(try RawSocket(port: test.port).countUntilClosed() == 0)
        }
        try await eventually("busy connections closed") { test.counts.open == 0 }
        #expect(test.isServing)
    }
}

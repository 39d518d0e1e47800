import Foundation
import Glibc
import TestKit
import Testing

@testable import HTTP

/// What libmicrohttpd would refuse by itself: one head of ours, a sentence, and a count, in the clear and over TLS.
@Suite struct UnreadableRequestTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let request: String
        let status: Int

        var testDescription: String { "\(request.prefix(60).debugDescription): \(status)" }

        /// As far as it takes to know; whoever sends more to a server that has hung up may lose the answer.
        var decisive: Substring {
            let isKnownAtOnce = status == 505 || !request.contains("HTTP/")
            return isKnownAtOnce ? request.prefix { $0 != "\r\n" } + "\r\n" : request[...]
        }
    }

    /// In one record of TLS.
    private static func long(_ start: String, _ more: String) -> String {
        String((start + String(repeating: more, count: 16384)).prefix(16384))
    }

    private static let short = [
        Case(request: "GET / HTTP/1.1\r\n\r\n", status: 400),
        Case(request: "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", status: 400),
        Case(request: "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: abc\r\n\r\n", status: 400),
        Case(request: "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", status: 400),
        Case(request: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", status: 413),
        Case(request: "GET / HTTP/9.9\r\nHost: a\r\n\r\n", status: 505),
        Case(request: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", status: 505),
        Case(request: "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", status: 400),
        Case(request: "GARBAGE\r\n\r\n", status: 400), Case(request: "\u{1}\u{2}\u{3}\r\n\r\n", status: 400),
    ]
    private static let long = [
        Case(request: long("GET /", "a"), status: 414),
        Case(request: long("GET / HTTP/1.1\r\nHost: a\r\nX: ", "a"), status: 431),
        Case(request: long("GET / HTTP/1.1\r\nHost: a\r\n", "a:b\r\n"), status: 431),
    ]
    private static let identity = Result { try TLSIdentity() }

    @Test(arguments: short + long, [false, true])
    func itGetsOneHeadOfOurs(unreadable: Case, isEncrypted: Bool) async throws {
        let test = try Self.server(isEncrypted)
        for kept in [0, 1, 2] {
            let client = try Client(test, isEncrypted)
            for _ in 0..<kept { try client.ask() }
            client.send(String(unreadable.decisive))
            Self.check(client.receiveAll(), unreadable)
            try await eventually("it is counted: \(test.exchanges)") {
                test.exchanges.map(\.status).filter { $0 != 200 }
                    == Array(repeating: unreadable.status, count: kept + 1)
            }
        }
        try await eventually("all connections closed") { test.counts.open == 0 }
        #expect(test.counts.cut == 0)
    }

    @Test(arguments: short, [false, true])
    func itMayComeByteByByte(unreadable: Case, isEncrypted: Bool) async throws {
        let test = try Self.server(isEncrypted)
        let client = try Client(test, isEncrypted)
        try client.ask()
        for byte in unreadable.decisive.utf8 { client.send([byte]) }
        Self.check(client.receiveAll(), unreadable)
        try await eventually("it is counted once") { test.exchanges.map(\.status) == [200, unreadable.status] }
    }

    @Test(arguments: [false, true])
    func itMayComeBehindAnother(isEncrypted: Bool) async throws {
        let test = try Self.server(isEncrypted)
        let client = try Client(test, isEncrypted)
        client.send("GET /empty HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let text = String(decoding: client.receiveAll(), as: UTF8.self)
        #expect(text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { $0.prefix(3) } == ["200", "400"])
        try await eventually("both are counted") { test.exchanges.map(\.status) == [200, 400] }
    }

    /// Half closed, as `printf | nc -N` does it.
    @Test func whoHasNothingMoreToSayIsAnsweredToo() throws {
        let test = try TestServer()
        let socket = try RawSocket(port: test.port)
        try socket.send("GARBAGE\r\n\r\n")
        shutdown(socket.descriptor, Int32(SHUT_WR))
        #expect(try HTTPAnswer(parsing: try socket.receiveAll()).status == 400)
    }

    /// The ends of connections on which all was well.
    @Test(arguments: [false, true])
    func nothingIsSaidWhereNothingIsWrong(isEncrypted: Bool) async throws {
        let test = try Self.server(isEncrypted)
        for last in ["Connection: close\r\n", ""] {
            let client = try Client(test, isEncrypted)
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\(last)\r\n")
            if last.isEmpty { client.hangUp() }
            let text = String(decoding: client.receiveAll(), as: UTF8.self)
            #expect(text.components(separatedBy: "HTTP/1.1 ").count == 2 || (last.isEmpty && text.isEmpty), "\(text)")
        }
        let expecting = try Client(test, isEncrypted)
        expecting.send(
            "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\nConnection: close\r\n\r\n")
        let go = expecting.receive()
        #expect(String(decoding: go, as: UTF8.self).hasPrefix("HTTP/1.1 100 "))
        expecting.send("x")
        #expect(try HTTPAnswer(parsing: expecting.receiveAll()).status == 405)
        let silent = try Client(test, isEncrypted)
        silent.hangUp()
        let unfinished = try Client(test, isEncrypted)
        unfinished.send("GET / HTT")
        unfinished.hangUp()
        #expect(unfinished.receiveAll().isEmpty)
        try await eventually("all connections closed") { test.counts.open == 0 }
        #expect(Set(test.exchanges.map(\.status)) == [200, 405])
    }

    /// Its fields are those of refusals that the library sends for us.
    @Test func theHeadIsThatOfOtherRefusals() throws {
        var rules = AccessRules()
        rules.fields = [(name: "X-Frame-Options", value: "deny")]
        let test = try TestServer(rules: rules)
        func head(_ field: String) throws -> (status: String, names: Set<String>, date: Int) {
            let socket = try RawSocket(port: test.port)
            try socket.send("GET / HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n")
            let lines = String(decoding: try socket.receiveAll(), as: UTF8.self).components(separatedBy: "\r\n")
            let fields = lines.dropFirst().prefix { !$0.isEmpty }
            let date = try #require(fields.first { $0.hasPrefix("Date: ") })
            return (lines[0], Set(fields.map { String($0.prefix { $0 != ":" }) }), date.count)
        }
        let (ours, others) = (try head("Content-Length: abc"), try head("Name : x"))
        #expect(ours == others)
        #expect(ours.names.contains("X-Frame-Options"))
    }

    @Test func aDateIsWrittenAsHTTPDoes() {
        #expect("\(HTTPDate(784_111_777))" == "Sun, 06 Nov 1994 08:49:37 GMT")
    }

    private static func server(_ isEncrypted: Bool) throws -> TestServer {
        guard isEncrypted else { return try TestServer() }
        let (certificate, key) = try identity.get().server
        var rules = AccessRules()
        rules.tls = TLSSettings(
            certificate: try String(contentsOfFile: certificate, encoding: .utf8),
            key: try String(contentsOfFile: key, encoding: .utf8))
        return try TestServer(rules: rules)
    }

    private static func check(_ bytes: [UInt8], _ unreadable: Case) {
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.components(separatedBy: "HTTP/1.1 ").count == 2, "\(text)")
        #expect(text.lowercased().components(separatedBy: "content-length:").count == 2)
        guard let answer = try? HTTPAnswer(parsing: bytes) else {
            Issue.record("no answer: \(text)")
            return
        }
        #expect(answer.status == unreadable.status)
        #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
        #expect(answer.headers["connection"] == "close")
        #expect(answer.headers["content-length"] == "\(answer.body.count)")
        #expect(answer.text.hasSuffix("\n") && !answer.text.contains("<") && answer.body.count > 10)
    }
}

/// A client that sends what it likes, in the clear or over TLS.
private struct Client {
    private let socket: RawSocket
    private let tls: TLSClient?

    init(_ test: TestServer, _ isEncrypted: Bool) throws {
        socket = try RawSocket(port: test.port)
        tls = isEncrypted ? try TLSClient(over: socket.descriptor, before: .now + .seconds(20)) : nil
    }

    /// Where the server has hung up meanwhile, nothing more is sent.
    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        guard let tls else {
            try? socket.send(bytes)
            return
        }
        _ = tls.send(bytes, before: .now + .seconds(20))
    }

    func hangUp() { shutdown(socket.descriptor, Int32(SHUT_WR)) }

    /// Empty at the end, and where the connection was reset.
    func receive() -> [UInt8] {
        if let tls { return tls.receive(before: .now + .seconds(20)) ?? [] }
        return (try? socket.receive()) ?? []
    }

    func receiveAll() -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let next = receive()
            if next.isEmpty { return all }
            all += next
        }
    }

    /// A request that is answered, and the connection kept.
    func ask() throws {
        send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        var all: [UInt8] = []
        while (try? HTTPAnswer(parsing: all).body.isEmpty) != false {
            let next = receive()
            guard !next.isEmpty else { throw NeverHappened(description: "no answer") }
            all += next
        }
    }
}

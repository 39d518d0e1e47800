import Foundation
import Glibc
import Synchronization
import System
import TestKit

@testable import HTTP

/// A server on a free port of 127.0.0.1 with two paths: `/` is small, `/big` is far larger than any socket buffer.
final class TestServer: Sendable {
    static let bigSize = 32 << 20

    let server: HTTPServer
    private let recorder = Recorder()

    /// A server that is patient, so that a busy machine changes nothing, unless a test wants it otherwise.
    init(
        _ address: String = "127.0.0.1:0", rules: AccessRules = AccessRules(), desk: PasswordDesk = PasswordDesk(),
        limit: (inout HTTPLimits) -> Void = { _ in }
    ) throws {
        var limits = HTTPLimits()
        limits.requestTime = .seconds(3600)
        limits.responseTime = .seconds(3600)
        limits.idleTime = .seconds(3600)
        limits.responseBytes = 1 << 30
        limit(&limits)
        let big = HTTPBody([UInt8](repeating: UInt8(ascii: "x"), count: Self.bigSize))
        let router = HTTPRouter(
            [
                .path("/") { request in
                    .line(200, "hello \(request.client)", fields: [(name: "Vary", value: "Accept")])
                },
                .path("/big") { _ in HTTPResponse(contentType: "text/plain", body: big) },
                .path("/field") { request in .line(200, request.field("x-test") ?? "none") },
                .path("/empty") { _ in HTTPResponse(contentType: "text/plain", body: HTTPBody("")) },
            ], hint: "try / or /big")
        let recorder = recorder
        var configuration = HTTPServer.Configuration(
            addresses: [try ListenAddress(address)], limits: limits, rules: rules)
        configuration.desk = desk
        configuration.memory = MemoryBudget(limit: 8 << 30)
        server = try HTTPServer(
            configuration,
            observer: { recorder.add($0) }, handler: router.respond)
    }

    var port: Int { server.addresses[0].port ?? 0 }
    var counts: HTTPConnectionCounts { server.counts }
    var exchanges: [HTTPExchange] { recorder.exchanges }

    /// True when a client that knows its manners is served.
    var isServing: Bool { (try? request(port: port, "/").status) == 200 }

    private final class Recorder: Sendable {
        private let list = Mutex<[HTTPExchange]>([])
        var exchanges: [HTTPExchange] { list.withLock { $0 } }
        func add(_ exchange: HTTPExchange) { list.withLock { $0.append(exchange) } }
    }
}

extension RawSocket {
    /// Sends a GET and reads nothing; the connection stays open for more, unless this is the last.
    func get(_ path: String = "/", isLast: Bool = false) throws {
        let ending = isLast ? "Connection: close\r\n" : ""
        try send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(ending)\r\n")
    }

    /// The next answer on a connection that stays open; it must have a `Content-Length`.
    func answer() throws -> HTTPAnswer {
        var bytes: [UInt8] = []
        while true {
            let next = try receive()
            guard !next.isEmpty else { return try HTTPAnswer(parsing: bytes) }
            bytes += next
            guard let answer = try? HTTPAnswer(parsing: bytes) else { continue }
            if answer.body.count >= Int(answer.headers["content-length"] ?? "") ?? 0 { return answer }
        }
    }

    /// How many bytes come until the peer closes the connection or breaks it.
    func countUntilClosed() -> Int {
        var count = 0
        while let next = try? receive(), !next.isEmpty { count += next.count }
        return count
    }

    /// Connects to an address of any family.
    static func connected(to address: SocketAddress) throws -> RawSocket {
        let socket = RawSocket(connected: Glibc.socket(address.family, Int32(SOCK_STREAM.rawValue), 0))
        let status = unsafe address.withPointer { unsafe connect(socket.descriptor, $0, $1) }
        guard status == 0 else { throw CannotConnect(code: errno) }
        return socket
    }

    struct CannotConnect: Error {
        let code: Int32
    }
}

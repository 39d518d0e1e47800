import Foundation
import Glibc

/// What a server answered.
public struct HTTPAnswer: Sendable {
    public let status: Int
    /// Header fields with names in lower case.
    public let headers: [String: String]
    public let body: [UInt8]

    public var text: String { String(decoding: body, as: UTF8.self) }

    public init(status: Int, headers: [String: String], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// One HTTP/1.1 request on a connection of its own, for tests: no redirects, no decoding of the body.
///
/// Blocks its thread until the server closes the connection, for 20 seconds at most.
public func request(
    _ method: String = "GET", port: Int, _ path: String, headers: [String: String] = [:]
) throws -> HTTPAnswer {
    let socket = try RawSocket(port: port)
    let fields = headers.map { "\($0): \($1)\r\n" }.sorted().joined()
    try socket.send("\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(fields)\r\n")
    return try HTTPAnswer(parsing: try socket.receiveAll())
}

extension HTTPAnswer {
    /// Reads one complete answer, status line to end of body.
    public init(parsing bytes: [UInt8]) throws {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
            throw NeverHappened(description: "no complete HTTP answer in \(bytes.count) bytes")
        }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let words = head[0].split(separator: " ")
        guard words.count >= 2, let status = Int(words[1]) else {
            throw NeverHappened(description: "no status line: \(head[0])")
        }
        var headers: [String: String] = [:]
        for line in head.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] =
                line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        let body = bytes[end.upperBound...]
        let isChunked = headers["transfer-encoding"] == "chunked"
        self.init(status: status, headers: headers, body: isChunked ? try Self.joined(chunks: body) : Array(body))
    }

    /// RFC 9112 section 7.1: each chunk is its length in hexadecimal, a line end, its bytes, a line end.
    private static func joined(chunks: ArraySlice<UInt8>) throws -> [UInt8] {
        var (rest, body) = (chunks, [UInt8]())
        while let lineEnd = rest.firstIndex(of: UInt8(ascii: "\r")) {
            let digits = String(decoding: rest[..<lineEnd], as: UTF8.self)
            guard let length = Int(digits, radix: 16), rest.count >= lineEnd - rest.startIndex + length + 4 else {
                break
            }
            if length == 0 { return body }
            body += rest[(lineEnd + 2)..<(lineEnd + 2 + length)]
            rest = rest[(lineEnd + 4 + length)...]
        }
        throw NeverHappened(description: "a chunked body without its end")
    }
}

/// A plain connection, to a port of 127.0.0.1 unless told otherwise, for tests that speak a protocol by hand.
public final class RawSocket: Sendable {
    public let descriptor: Int32

    /// Takes over a socket that is connected already, such as one of another family.
    public init(connected descriptor: Int32) {
        self.descriptor = descriptor
        limitWaiting()
    }

    /// - Parameter host: the last number of the client's own address, which is 127.0.0.HOST.
    public init(port: Int, from host: UInt8 = 1) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        // Without need a bound port would be taken from others.
        let isBound = unsafe host == 1 || Self.withAddress(of: host, port: 0) { unsafe bind(descriptor, $0, $1) } == 0
        let isConnected = unsafe Self.withAddress(of: 1, port: port) { unsafe connect(descriptor, $0, $1) } == 0
        guard isBound && isConnected else {
            throw NeverHappened(description: "connect to port \(port): errno \(errno)")
        }
        limitWaiting()
    }

    private static func withAddress(
        of host: UInt8, port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = (0x7F00_0000 | UInt32(host)).bigEndian
        return unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    deinit {
        close(descriptor)
    }

    private func limitWaiting() {
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    public func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    public func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    descriptor, buffer.baseAddress! + sent, buffer.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw NeverHappened(description: "send: errno \(errno)") }
            sent += count
        }
    }

    /// The next bytes; empty at the end of the stream.
    public func receive(atMost size: Int = 65536) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: size)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count >= 0 else { throw NeverHappened(description: "receive: errno \(errno)") }
        return Array(buffer.prefix(count))
    }

    /// Everything until the peer closes the connection.
    public func receiveAll() throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let next = try receive()
            if next.isEmpty { return all }
            all += next
        }
    }
}

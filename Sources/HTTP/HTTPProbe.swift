// The client side, just large enough for a health check from inside a container that has no curl.

import Glibc

/// Asks a server for a path and reports the status of its answer.
public enum HTTPProbe {
    /// Why there was no answer.
    public struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        public let description: String
    }

    /// The status of `GET path`; the body is not read.
    ///
    /// Blocks its thread, for `limit` at the most for each of connecting, sending and receiving.
    ///
    /// - Parameter isSecure: over TLS, without a look at the server's certificate: the request carries no secret, and
    ///   a program that could answer in the server's place could do so without TLS.
    public static func status(
        of path: String, at address: ListenAddress, isSecure: Bool = false, within limit: Duration = .seconds(3)
    ) throws(Failure) -> Int {
        let descriptor = try connect(to: address, limit)
        defer { close(descriptor) }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        guard isSecure else {
            let sent = unsafe request.withUnsafeBytes { unsafe send(descriptor, $0.baseAddress, $0.count, flags) }
            guard sent == request.count else { throw Failure(description: "\(address): the request could not be sent") }
            return try status(in: try head(address) { received(on: descriptor) }, address)
        }
        guard let client = TLSClient(over: descriptor) else {
            throw Failure(description: "\(address): no TLS connection; the server may want a client certificate")
        }
        guard client.send(request) else { throw Failure(description: "\(address): the request could not be sent") }
        let deadline = ContinuousClock.now + limit
        return try status(in: try head(address) { client.receive(before: deadline) }, address)
    }

    private static let flags = Int32(MSG_NOSIGNAL)

    /// The first line of the answer: what has come when a line feed is there, or the connection ends.
    private static func head(_ address: ListenAddress, from next: () -> [UInt8]?) throws(Failure) -> [UInt8] {
        var head: [UInt8] = []
        while !head.contains(UInt8(ascii: "\n")) && head.count < 4096 {
            guard let bytes = next() else { throw Failure(description: "\(address): no answer") }
            if bytes.isEmpty { break }
            head += bytes
        }
        return head
    }

    private static func received(on descriptor: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 512)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        return count < 0 ? nil : Array(buffer.prefix(count))
    }

    private static func status(in head: [UInt8], _ address: ListenAddress) throws(Failure) -> Int {
        let words = head.prefix { $0 != UInt8(ascii: "\r") }.split(separator: UInt8(ascii: " "))
        guard words.count >= 2, words[0].starts(with: "HTTP/".utf8),
            let status = Int(String(decoding: words[1], as: UTF8.self))
        else { throw Failure(description: "\(address): this is not an HTTP server") }
        return status
    }

    private static func connect(to address: ListenAddress, _ limit: Duration) throws(Failure) -> Int32 {
        let candidates: [SocketAddress]
        switch address {
        case .unix(let path): candidates = [SocketAddress(path: path)]
        case .tcp(let host, let port):
            do {
                candidates = try SocketAddress.toListen(onHost: host ?? "localhost", port: port)
            } catch {
                throw Failure(description: "\(address): \(error.reason)")
            }
        }
        var reason = ENOENT
        for candidate in candidates {
            let descriptor = socket(candidate.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            guard descriptor >= 0 else { continue }
            var time = timeval(tv_sec: Int(limit.components.seconds), tv_usec: 0)
            let size = socklen_t(MemoryLayout<timeval>.size)
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
            if unsafe candidate.withPointer({ unsafe Glibc.connect(descriptor, $0, $1) }) == 0 { return descriptor }
            reason = errno
            close(descriptor)
        }
        throw Failure(description: "\(address): \(unsafe String(cString: strerror(reason)))")
    }
}

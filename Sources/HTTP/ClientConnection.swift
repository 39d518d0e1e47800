// A connection that this program opens to an HTTP server, encrypted or not.

import Glibc

/// A connected socket with time limits, closed with its owner.
final class ClientConnection {
    private let descriptor: Int32
    private let tls: TLSClient?
    private let deadline: ContinuousClock.Instant

    /// Blocks its thread for `limit` at the most for each of connecting, shaking hands, sending and receiving.
    ///
    /// - Parameter tls: nil for a connection in the clear.
    /// - Throws: the address and why it cannot be had.
    init(
        to address: ListenAddress, _ tls: TLSClientSettings?, within limit: Duration
    ) throws(HTTPProbe.Failure) {
        descriptor = try Self.connect(to: address, limit)
        deadline = .now + limit
        do throws(TLSClient.Refused) {
            let (descriptor, deadline) = (descriptor, deadline)
            self.tls = try tls.map { settings throws(TLSClient.Refused) in
                try TLSClient(over: descriptor, settings, before: deadline)
            }
        } catch {
            close(descriptor)
            throw HTTPProbe.Failure("\(address): \(error)")
        }
    }

    deinit {
        close(descriptor)
    }

    /// Whether all of it was sent.
    func send(_ bytes: [UInt8]) -> Bool {
        if let tls { return tls.send(bytes, before: deadline) }
        let sent = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        return sent == bytes.count
    }

    /// The next bytes; empty at the end, nil when none came in time.
    func receive() -> [UInt8]? {
        guard .now < deadline else { return nil }
        if let tls { return tls.receive(before: deadline) }
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
            if count >= 0 { return Array(buffer.prefix(count)) }
            guard errno == EINTR, .now < deadline else { return nil }
        }
    }

    private static func connect(to address: ListenAddress, _ limit: Duration) throws(HTTPProbe.Failure) -> Int32 {
        let candidates: [SocketAddress]
        switch address {
        case .unix(let path): candidates = [SocketAddress(path: path)]
        case .tcp(let host, let port):
            do {
                candidates = try SocketAddress.toListen(onHost: host ?? "localhost", port: port)
            } catch {
                throw HTTPProbe.Failure("\(address): \(error.reason)")
            }
        }
        var reason = ENOENT
        let (seconds, attoseconds) = limit.components
        for candidate in candidates {
            let descriptor = socket(candidate.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            guard descriptor >= 0 else { continue }
            // A request right behind a handshake would wait for the other end's delayed acknowledgement.
            var on: Int32 = 1
            unsafe setsockopt(
                descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
            var time = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
            let size = socklen_t(MemoryLayout<timeval>.size)
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
            if unsafe candidate.withPointer({ unsafe Glibc.connect(descriptor, $0, $1) }) == 0 { return descriptor }
            reason = errno
            close(descriptor)
        }
        // That is what connect(2) says when SO_SNDTIMEO is over.
        let text = reason == EINPROGRESS ? "no connection in time" : unsafe String(cString: strerror(reason))
        throw HTTPProbe.Failure("\(address): \(text)")
    }
}

import Foundation
import Glibc
import Synchronization

/// A TCP server that says whatever a test wants, to every client that connects.
///
/// Each connection is served on a thread of its own by the closure, and closed when that returns.
public final class FakeServer: Sendable {
    public let port: Int
    private let listener: Int32
    private let accepted = Atomic<Int>(0)

    /// Connections so far.
    public var connections: Int { accepted.load(ordering: .relaxed) }

    public init(_ serve: @escaping @Sendable (FakeClient) -> Void) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                let bound = unsafe bind(listener, generic, length)
                return bound == 0 ? unsafe getsockname(listener, generic, &length) : bound
            }
        }
        guard status == 0, listen(listener, 16) == 0 else { throw NeverHappened(description: "listen: errno \(errno)") }
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { return }
                self?.accepted.add(1, ordering: .relaxed)
                Thread.detachNewThread { serve(FakeClient(descriptor)) }
            }
        }
    }

    deinit {
        // Wakes the thread that waits in accept, which close alone would not.
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }
}

/// One client of a ``FakeServer``.
public final class FakeClient: Sendable {
    private let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close(descriptor)
    }

    /// The next bytes the client sent; empty when it has hung up, or has said nothing for 20 seconds.
    @discardableResult
    public func receive() -> String {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    /// Sends the text; false when the client has hung up.
    @discardableResult
    public func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.send(descriptor, buffer.baseAddress! + sent, buffer.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}

// The sockets on which the server waits for clients.

import Glibc

/// A listening socket, closed with its owner; a unix socket's file goes with it.
final class ListeningSocket: Sendable {
    /// What came of looking for a new client.
    enum Arrival {
        case client(descriptor: Int32, address: SocketAddress)
        /// No connection is waiting any more.
        case nobody
        /// The process or the machine has no descriptor or memory left; the client goes on waiting.
        case exhausted
    }

    let descriptor: Int32
    /// Where it listens; the port is the real one.
    let address: ListenAddress

    /// Whether it is a unix socket.
    var isLocal: Bool { address.port == nil }

    /// Connections that the kernel keeps until they are accepted.
    private static let backlog: Int32 = 511

    /// Starts listening.
    ///
    /// Of a host with several addresses the first that works is taken. Without a host, IPv6 and IPv4 share one socket;
    /// on a machine without IPv6 it is IPv4.
    ///
    /// - Parameter sendBuffer: bytes that the kernel is asked to keep for a client at the most; clients inherit it.
    init(
        _ address: ListenAddress, sendBuffer: Int = HTTPLimits().sendBufferBytes
    ) throws(HTTPServerError) {
        switch address {
        case .unix(let path):
            descriptor = try Self.listen(onPath: path, for: address)
            self.address = address
        case .tcp(let host, let port):
            descriptor = try Self.listen(onHost: host, port: port, for: address)
            self.address = .tcp(host: host, port: SocketAddress(ofSocket: descriptor).port)
        }
        Self.set(SO_SNDBUF, SOL_SOCKET, to: Int32(clamping: sendBuffer), on: descriptor)
    }

    deinit {
        Glibc.close(descriptor)
        if case .unix(let path) = address { unsafe unlink(path) }
    }

    /// Takes the next client; its socket belongs to the caller.
    func accept() -> Arrival {
        var client = SocketAddress()
        let accepted = unsafe client.withMutablePointer {
            unsafe Glibc.accept(descriptor, $0, $1)
        }
        if accepted >= 0 {
            _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
            return .client(descriptor: accepted, address: client)
        }
        switch errno {
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted
        default: return .nobody
        }
    }

    private static func listen(
        onHost host: String?, port: UInt16, for address: ListenAddress
    ) throws(HTTPServerError) -> Int32 {
        let candidates: [SocketAddress]
        do {
            candidates = try SocketAddress.toListen(onHost: host, port: port)
        } catch {
            throw .cannotListen(address, reason: error.reason)
        }
        var failure = EADDRNOTAVAIL
        for candidate in candidates {
            switch bind(to: candidate) {
            case .success(let descriptor): return descriptor
            case .failure(let error): failure = error.code
            }
            // A taken port is the operator's to solve; the other family must not hide it.
            if failure == EADDRINUSE || failure == EACCES { break }
        }
        throw .cannotListen(address, reason: Self.reason(failure))
    }

    private static func listen(onPath path: String, for address: ListenAddress) throws(HTTPServerError) -> Int32 {
        let socket = SocketAddress(path: path)
        var outcome = bind(to: socket)
        if case .failure(let error) = outcome, error.code == EADDRINUSE, isAbandoned(path, socket) {
            unsafe unlink(path)
            outcome = bind(to: socket)
        }
        switch outcome {
        case .success(let descriptor): return descriptor
        case .failure(let error): throw .cannotListen(address, reason: Self.reason(error.code))
        }
    }

    private struct SystemError: Error {
        let code: Int32
    }

    private static func bind(to address: SocketAddress) -> Result<Int32, SystemError> {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(address.family, kind, 0)
        guard descriptor >= 0 else { return .failure(SystemError(code: errno)) }
        if address.family != AF_UNIX { set(SO_REUSEADDR, SOL_SOCKET, to: 1, on: descriptor) }
        if address.family == AF_INET6 { set(IPV6_V6ONLY, Int32(IPPROTO_IPV6), to: 0, on: descriptor) }
        guard unsafe address.withPointer({ unsafe Glibc.bind(descriptor, $0, $1) }) == 0,
            Glibc.listen(descriptor, backlog) == 0
        else {
            let code = errno
            Glibc.close(descriptor)
            return .failure(SystemError(code: code))
        }
        return .success(descriptor)
    }

    private static func set(_ option: Int32, _ level: Int32, to value: Int32, on descriptor: Int32) {
        var value = value
        unsafe setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// True when a socket's file has outlived its server.
    private static func isAbandoned(_ path: String, _ address: SocketAddress) -> Bool {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return false }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard probe >= 0 else { return false }
        defer { Glibc.close(probe) }
        return unsafe address.withPointer { unsafe connect(probe, $0, $1) } != 0 && errno == ECONNREFUSED
    }

    private static func reason(_ code: Int32) -> String {
        switch code {
        case EADDRINUSE: "the address is in use; another process listens there"
        case EACCES: "permission denied; a port below 1024 needs CAP_NET_BIND_SERVICE, a path a writable folder"
        case EADDRNOTAVAIL: "this machine does not have that address"
        default: unsafe String(cString: strerror(code))
        }
    }
}

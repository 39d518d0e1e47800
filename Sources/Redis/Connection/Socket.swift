// A connected stream socket that never blocks longer than its deadline: the descriptor is non-blocking, and every wait
// is a poll(2) for what the deadline leaves.

import Glibc
import Metrics
import System

/// Owns one connected socket; closed with its last use.
struct Socket: ~Copyable {
    /// Where it leads.
    let peer: ResolvedAddress
    private let descriptor: Int32
    /// Goes after the descriptor was closed.
    private var watched: WatchedConnection?

    private init(descriptor: Int32, to peer: ResolvedAddress) {
        self.descriptor = descriptor
        self.peer = peer
    }

    deinit {
        close(descriptor)
    }

    /// Connects to the first of the endpoint's addresses that answers.
    ///
    /// Each address gets an equal share of the time that is left, so that one which swallows packets does not keep the
    /// others from being tried.
    ///
    /// - Parameter watch: is told of every connection that is tried.
    static func connect(
        to endpoint: RedisAddress.Endpoint, _ lookUp: NameWatch.LookUp, watch: ConnectionWatch?,
        before deadline: Deadline
    ) throws(CollectorFailure) -> Socket {
        switch endpoint {
        case .unix(let path):
            return try connect(to: ResolvedAddress.unix(path: path), watch: nil, before: deadline)
        case .tcp(let host, let port):
            let addresses = try lookUp(host, port)
            var failure = CollectorFailure(.resolve, "\(host) has no address")
            for (index, address) in addresses.enumerated() {
                let share = deadline.remaining / (addresses.count - index)
                do throws(CollectorFailure) {
                    return try connect(to: address, watch: watch, before: deadline.orAfter(share))
                } catch {
                    failure = error
                }
            }
            throw failure
        }
    }

    private static func connect(
        to address: ResolvedAddress, watch: ConnectionWatch?, before deadline: Deadline
    ) throws(CollectorFailure) -> Socket {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = Glibc.socket(address.family, kind, 0)
        guard descriptor >= 0 else { throw failure(.connect, "no socket", errno) }
        var socket = Socket(descriptor: descriptor, to: address)
        if address.family != AF_UNIX { socket.sendWithoutDelay() }
        let status = unsafe address.bytes.withUnsafeBytes { bytes in
            unsafe Glibc.connect(
                descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
        let reason = errno
        socket.watched = WatchedConnection(descriptor, watch)
        if status == 0 { return socket }
        guard reason == EINPROGRESS || reason == EINTR else { throw failure(.connect, "no connection", reason) }
        guard try socket.wait(for: Int16(POLLOUT), before: deadline) else {
            throw CollectorFailure(.timeout, "no connection in time; nothing answers at this address")
        }
        let outcome = socket.pendingError
        guard outcome == 0 else { throw failure(.connect, "no connection", outcome) }
        return socket
    }

    /// Writes as much as the kernel takes now; waits for room first where there is none.
    ///
    /// - Returns: how many of the bytes from `offset` on were taken, at least one.
    borrowing func write(_ bytes: [UInt8], from offset: Int, before deadline: Deadline) throws(CollectorFailure) -> Int
    {
        while true {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[offset...])
                return unsafe send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 { return count }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                guard try wait(for: Int16(POLLOUT), before: deadline) else { throw Self.late }
            case EPIPE, ECONNRESET: throw Self.closed
            case let other: throw Self.failure(.closed, "the connection broke", other)
            }
        }
    }

    /// Reads what has arrived; waits where nothing has.
    ///
    /// - Returns: the number of bytes put at the buffer's start; 0 at the end of the stream.
    borrowing func read(into buffer: inout [UInt8], before deadline: Deadline) throws(CollectorFailure) -> Int {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
            if count >= 0 { return count }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                guard try wait(for: Int16(POLLIN), before: deadline) else { throw Self.late }
            case ECONNRESET: return 0
            case let other: throw Self.failure(.closed, "the connection broke", other)
            }
        }
    }

    /// Whether the peer has closed the connection, or sent something unasked, since the last read.
    var isSpent: Bool {
        var byte: UInt8 = 0
        let count = unsafe recv(descriptor, &byte, 1, Int32(MSG_PEEK))
        return count >= 0 || (errno != EAGAIN && errno != EINTR)
    }

    /// Waits until the socket is ready; false when the deadline passes first.
    private borrowing func wait(for events: Int16, before deadline: Deadline) throws(CollectorFailure) -> Bool {
        while true {
            var entry = pollfd(fd: descriptor, events: events, revents: 0)
            let count = unsafe poll(&entry, 1, deadline.milliseconds)
            if count > 0 { return true }
            if count == 0 && deadline.isOver { return false }
            guard count == 0 || errno == EINTR else { throw Self.failure(.closed, "the connection broke", errno) }
        }
    }

    /// The outcome of a connect that was in progress.
    private var pendingError: Int32 {
        var value: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &value, &size) == 0 ? value : errno
    }

    private borrowing func sendWithoutDelay() {
        var on: Int32 = 1
        _ = unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    private static let late = CollectorFailure(.timeout, "the server did not answer in time")
    private static let closed = CollectorFailure(.closed, "the server closed the connection")

    private static func failure(_ reason: CollectorFailure.Reason, _ what: String, _ code: Int32) -> CollectorFailure {
        CollectorFailure(reason, unsafe "\(what): \(String(cString: strerror(code)))")
    }
}

import Glibc

/// Where a server is on this machine.
public enum SocketPlace: Sendable {
    /// A port of 127.0.0.1; 0 to listen on one that the kernel chooses.
    case port(Int)
    /// A unix socket.
    case path(String)

    /// A socket that takes clients there.
    ///
    /// - Parameter backlog: how many clients may wait to be accepted, beside one.
    func listen(backlog: Int32 = 128) throws -> Int32 {
        let descriptor = unsafe try socket { unsafe bind($0, $1, $2) }
        guard Glibc.listen(descriptor, backlog) == 0 else { throw NeverHappened(description: "listen: errno \(errno)") }
        return descriptor
    }

    /// The place that a listening socket has really got, where the kernel was to choose the port.
    func real(of descriptor: Int32) -> SocketPlace {
        guard case .port(0) = self else { return self }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        return .port(Int(UInt16(bigEndian: address.sin_port)))
    }

    /// A connection to whoever is there.
    func connect() throws -> RawSocket {
        RawSocket(connected: unsafe try socket { unsafe Glibc.connect($0, $1, $2) })
    }

    private func socket(_ use: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32) throws -> Int32 {
        let family = if case .port = self { AF_INET } else { AF_UNIX }
        let descriptor = Glibc.socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var (reuse, bytes) = (Int32(1), address)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        let status = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe use(descriptor, buffer.assumingMemoryBound(to: sockaddr.self).baseAddress!, socklen_t(buffer.count))
        }
        guard status == 0 else {
            let reason = errno
            close(descriptor)
            throw NeverHappened(description: "\(self): errno \(reason)")
        }
        return descriptor
    }

    /// A `sockaddr_in` or `sockaddr_un`, byte for byte.
    private var address: [UInt8] {
        switch self {
        case .port(let port):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = UInt16(port).bigEndian
            address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
            return unsafe withUnsafeBytes(of: address) { unsafe Array($0) }
        case .path(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            unsafe withUnsafeMutableBytes(of: &address.sun_path) { buffer in
                unsafe buffer.copyBytes(from: path.utf8.prefix(buffer.count - 1))
            }
            return unsafe withUnsafeBytes(of: address) { unsafe Array($0) }
        }
    }
}

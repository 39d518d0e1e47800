import Glibc

/// Where a server is on this machine.
public enum SocketPlace: Sendable {
    /// A port of 127.0.0.1.
    case port(Int)
    /// A unix socket.
    case path(String)

    /// A socket that takes clients there.
    func listen() throws -> Int32 {
        let descriptor = unsafe try socket { unsafe bind($0, $1, $2) }
        guard Glibc.listen(descriptor, 128) == 0 else { throw NeverHappened(description: "listen: errno \(errno)") }
        return descriptor
    }

    /// A connection to whoever is there.
    func connect() throws -> RawSocket {
        RawSocket(connected: unsafe try socket { unsafe Glibc.connect($0, $1, $2) })
    }

    private func socket(_ use: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32) throws -> Int32 {
        let family = if case .port = self { AF_INET } else { AF_UNIX }
        let descriptor = Glibc.socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var bytes = address
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

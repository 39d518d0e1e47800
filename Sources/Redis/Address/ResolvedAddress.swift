// Socket addresses: what a name resolves to, or the path of a unix socket, as the kernel wants it.

import Glibc
import Metrics
import System

/// One address that connect(2) can be tried with.
struct ResolvedAddress: Sendable, Equatable {
    let family: Int32
    /// A `sockaddr` of that family, byte for byte.
    let bytes: [UInt8]

    /// Every address of a host, in the order of getaddrinfo(3).
    ///
    /// Blocks for as long as the system's resolver takes, whatever the deadline of the poll.
    static func all(host: String, port: UInt16) throws(CollectorFailure) -> [ResolvedAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_NUMERICSERV
        var first: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host, String(port), &hints, &first)
        guard status == 0 else {
            let reason = unsafe String(cString: gai_strerror(status))
            throw CollectorFailure(.resolve, "\(host) cannot be resolved: \(reason)")
        }
        defer { unsafe freeaddrinfo(first) }
        var found: [ResolvedAddress] = []
        var next = unsafe first
        while let entry = unsafe next {
            let bytes = unsafe UnsafeRawBufferPointer(
                start: entry.pointee.ai_addr, count: Int(entry.pointee.ai_addrlen))
            unsafe found.append(ResolvedAddress(family: entry.pointee.ai_family, bytes: Array(bytes)))
            unsafe next = entry.pointee.ai_next
        }
        return found
    }

    /// Whether the host is an IPv4 or IPv6 address and no name.
    static func isLiteral(_ host: String) -> Bool {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_NUMERICHOST
        var first: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, nil, &hints, &first) == 0 else { return false }
        unsafe freeaddrinfo(first)
        return true
    }

    /// The address of a socket in the file system, whose path ``RedisAddress`` has checked for its length.
    static func unix(path: String) -> ResolvedAddress {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { buffer in
            unsafe buffer.copyBytes(from: path.utf8.prefix(buffer.count - 1))
        }
        return unsafe ResolvedAddress(family: AF_UNIX, bytes: withUnsafeBytes(of: address) { unsafe Array($0) })
    }
}

extension RedisAddress {
    /// The addresses that the host has at this moment, each as the 16 bytes of an IPv6 address; none for a Unix socket,
    /// and where the name does not resolve. Blocks for as long as the system's resolver takes.
    public func resolved() -> [(address: [UInt8], port: UInt16)] {
        guard case .tcp(let host, let port) = endpoint, let found = try? ResolvedAddress.all(host: host, port: port)
        else { return [] }
        return found.compactMap { address in
            LocalAddresses.internetAddress(address.bytes, family: address.family).map { ($0, port) }
        }
    }
}

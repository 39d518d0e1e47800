// Socket addresses as the kernel has them, and the way from a host name to them.

import Glibc

/// A socket address of any family.
struct SocketAddress {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    /// An address that a system call fills in.
    init() {}

    /// The address that a socket is bound to.
    init(ofSocket descriptor: Int32) {
        _ = unsafe withMutablePointer { unsafe getsockname(descriptor, $0, $1) }
    }

    /// An address as `getaddrinfo` gives it.
    @unsafe
    init(copying address: UnsafePointer<sockaddr>, length: socklen_t) {
        self.length = min(length, socklen_t(MemoryLayout<sockaddr_storage>.size))
        unsafe withUnsafeMutableBytes(of: &storage) { bytes in
            unsafe bytes.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(self.length)))
        }
    }

    /// The address of a unix socket, unix(7). The path is at most ``ListenAddress/longestPath`` bytes long.
    init(path: String) {
        storage.ss_family = sa_family_t(AF_UNIX)
        let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path)!
        unsafe withUnsafeMutableBytes(of: &storage) { bytes in
            for (offset, byte) in path.utf8.prefix(ListenAddress.longestPath).enumerated() {
                unsafe bytes[start + offset] = byte
            }
        }
        length = socklen_t(MemoryLayout<sockaddr_un>.size)
    }

    var family: Int32 { Int32(storage.ss_family) }

    /// The port, or 0 where there is none.
    var port: UInt16 {
        switch family {
        case AF_INET: UInt16(bigEndian: field(at: MemoryLayout<sockaddr_in>.offset(of: \.sin_port)!, as: UInt16.self))
        case AF_INET6:
            UInt16(bigEndian: field(at: MemoryLayout<sockaddr_in6>.offset(of: \.sin6_port)!, as: UInt16.self))
        default: 0
        }
    }

    /// The client that has this address.
    var client: ClientAddress {
        switch family {
        case AF_INET: ClientAddress(bytes: bytes(at: MemoryLayout<sockaddr_in>.offset(of: \.sin_addr)!, count: 4))
        case AF_INET6:
            ClientAddress(bytes: bytes(at: MemoryLayout<sockaddr_in6>.offset(of: \.sin6_addr)!, count: 16))
        default: .local
        }
    }

    /// Calls with the address as system calls want it.
    func withPointer<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        unsafe withUnsafePointer(to: storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }

    /// Calls with room for an address, which the system call fills in.
    mutating func withMutablePointer<R>(
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> R
    ) -> R {
        unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, &length) }
        }
    }

    private func field<T: BitwiseCopyable>(at offset: Int, as type: T.Type) -> T {
        unsafe withUnsafeBytes(of: storage) { unsafe $0.loadUnaligned(fromByteOffset: offset, as: type) }
    }

    private func bytes(at offset: Int, count: Int) -> [UInt8] {
        unsafe withUnsafeBytes(of: storage) { unsafe Array($0[offset..<offset + count]) }
    }
}

extension SocketAddress {
    /// The addresses to listen on for a host, in the order in which to try them.
    ///
    /// - Parameter host: a name or a number, IPv4 first, as clients of `localhost` expect; nil is every address of the
    ///   machine, IPv6 first, since a socket for it takes IPv4 as well.
    /// - Throws: the resolver's reason, as text.
    static func toListen(onHost host: String?, port: UInt16) throws(Unresolved) -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host, "\(port)", &hints, &list)
        guard status == 0 else { throw Unresolved(reason: unsafe String(cString: gai_strerror(status))) }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            if let address = unsafe entry.pointee.ai_addr {
                addresses.append(unsafe SocketAddress(copying: address, length: entry.pointee.ai_addrlen))
            }
            unsafe next = entry.pointee.ai_next
        }
        let first = host == nil ? AF_INET6 : AF_INET
        return addresses.filter { $0.family == first } + addresses.filter { $0.family != first }
    }

    struct Unresolved: Error {
        let reason: String
    }
}

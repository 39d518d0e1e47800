// The process' own end of a connection. Among the packets of a machine Sidelong's own sessions are known by it, and
// leaves them out: they are no traffic of users.

import Glibc

/// The address and the port that a TCP socket has on this side.
public struct LocalEndpoint: Hashable, Sendable {
    /// The IPv6 address, 16 bytes as on the wire; an IPv4 address as ::ffff:a.b.c.d.
    public let address: [UInt8]
    public let port: UInt16

    /// Asks the kernel (getsockname(2)); nil for a socket of another family, and before it has a port.
    ///
    /// A socket has its port as soon as connect(2) was called, also while the connection is not made yet.
    public init?(of descriptor: Int32) {
        var name = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = unsafe withUnsafeMutablePointer(to: &name) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &size)
            }
        }
        guard status == 0 else { return nil }
        let bytes = unsafe withUnsafeBytes(of: name) { unsafe Array($0) }
        let address: ArraySlice<UInt8>
        switch Int32(name.ss_family) {
        case AF_INET: address = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] + bytes[4..<8]
        case AF_INET6: address = bytes[8..<24]
        default: return nil
        }
        port = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        guard port != 0 else { return nil }
        self.address = Array(address)
    }
}

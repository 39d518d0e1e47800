// The addresses that this machine, or its network namespace, has itself. A server on the loopback is reached by any of
// them.

import Glibc

/// The machine's own addresses.
public enum LocalAddresses {
    /// All of them (getifaddrs(3)), each as the 16 bytes of an IPv6 address, IPv4 ones as ::ffff:a.b.c.d; none when
    /// they cannot be read.
    public static func all() -> [[UInt8]] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&first) == 0 else { return [] }
        defer { unsafe freeifaddrs(first) }
        var found: [[UInt8]] = []
        var next = unsafe first
        while let entry = unsafe next {
            if let address = unsafe entry.pointee.ifa_addr {
                let family = unsafe Int32(address.pointee.sa_family)
                let size = family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
                if family == AF_INET || family == AF_INET6 {
                    let bytes = unsafe Array(UnsafeRawBufferPointer(start: address, count: size))
                    if let address = internetAddress(bytes, family: family) { found.append(address) }
                }
            }
            unsafe next = entry.pointee.ifa_next
        }
        return found
    }

    /// The address within a `sockaddr`, as 16 bytes; nil for another family.
    public static func internetAddress(_ name: [UInt8], family: Int32) -> [UInt8]? {
        switch family {
        case AF_INET where name.count >= 8: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] + name[4..<8]
        case AF_INET6 where name.count >= 24: Array(name[8..<24])
        default: nil
        }
    }
}

// What a host's name resolves to. libpq would look for itself, but then all addresses of a name would have one share of
// the time.
import Glibc

/// The system's resolver.
enum HostAddresses {
    /// The addresses of a name as numbers, in the order of getaddrinfo(3); none where there are none.
    ///
    /// Blocks for as long as the resolver takes, whatever the deadline of the poll.
    static func all(of name: String) -> [String] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(name, nil, &hints, &first) == 0 else { return [] }
        defer { unsafe freeaddrinfo(first) }
        var found: [String] = []
        var next = unsafe first
        while let entry = unsafe next {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let status = unsafe text.withUnsafeMutableBufferPointer { buffer in
                unsafe getnameinfo(
                    entry.pointee.ai_addr, entry.pointee.ai_addrlen, buffer.baseAddress, socklen_t(buffer.count), nil,
                    0, NI_NUMERICHOST)
            }
            let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            if status == 0 { found.append(String(decoding: bytes, as: UTF8.self)) }
            unsafe next = entry.pointee.ai_next
        }
        return found
    }
}

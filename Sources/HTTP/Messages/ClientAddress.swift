// The other end of a connection: what limits, quotas and allow lists count by.

/// The address of a client, without its port.
///
/// An IPv4 client of a dual stack socket (`::ffff:192.0.2.1`) is the IPv4 client that it is.
public struct ClientAddress: Sendable, Hashable, CustomStringConvertible {
    /// In network order: 4 bytes for IPv4, 16 for IPv6, none for a unix socket.
    public let bytes: [UInt8]

    /// - Parameter bytes: in network order; an IPv4 address inside IPv6 is unwrapped.
    public init(bytes: [UInt8]) {
        let wrapsIPv4 = bytes.count == 16 && bytes.starts(with: Self.mappedPrefix)
        self.bytes = wrapsIPv4 ? Array(bytes.suffix(4)) : bytes
    }

    /// A client on a unix socket. All of them are one.
    public static let local = ClientAddress(bytes: [])

    /// What one client can change its address within, and what is counted as one. For IPv6 that is the first 64 bits,
    /// which a host fills as it likes, and 127.0.0.0/8, all of which every machine has.
    var network: ClientAddress {
        if bytes.count == 16 { return ClientAddress(bytes: Array(bytes.prefix(8))) }
        return bytes.count == 4 && bytes[0] == 127 ? ClientAddress(bytes: [127, 0, 0, 1]) : self
    }

    /// RFC 4291 section 2.5.5.2: `::ffff:0:0/96`.
    private static let mappedPrefix = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

    /// The usual text: `192.0.2.1`, `2001:db8::1` (RFC 5952), or `local` for a unix socket.
    public var description: String {
        switch bytes.count {
        case 4: bytes.map { "\($0)" }.joined(separator: ".")
        case 16: Self.textOfIPv6(bytes)
        default: "local"
        }
    }

    private static func textOfIPv6(_ bytes: [UInt8]) -> String {
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        let zeros = longestRunOfZeros(in: groups)
        let text = groups.map { String($0, radix: 16) }
        guard zeros.count > 1 else { return text.joined(separator: ":") }
        let left = text[..<zeros.lowerBound].joined(separator: ":")
        let right = text[zeros.upperBound...].joined(separator: ":")
        return left + "::" + right
    }

    private static func longestRunOfZeros(in groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            guard group == 0 else {
                start = index + 1
                continue
            }
            if index + 1 - start > longest.count { longest = start..<index + 1 }
        }
        return longest
    }
}

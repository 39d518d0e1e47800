// Ranges of addresses as an operator writes them in an allow list: `10.0.0.0/8`, `2001:db8::/32`, `192.0.2.7`.

import Glibc

/// A range of client addresses, IPv4 or IPv6 (CIDR notation, RFC 4632 and RFC 4291 section 2.3).
///
/// `::ffff:10.0.0.0/104` is `10.0.0.0/8`. A range of one family holds no address of the other: `::/0` is every IPv6
/// client.
public struct AddressRange: Sendable, Hashable, CustomStringConvertible {
    private let first: ClientAddress
    /// How many leading bits a client shares with the range.
    private let length: Int

    /// - Parameter text: an address, or an address, a slash and a number of bits; bits beyond those are ignored.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = ClientAddress.bytes(of: String(parts[0])) else { return nil }
        var length = bytes.count * 8
        if parts.count > 1 {
            let digits = parts[1].utf8
            guard (1...3).contains(digits.count), digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
                let bits = Int(parts[1]), bits <= length
            else { return nil }
            length = bits
        }
        let address = ClientAddress(bytes: bytes)
        // An IPv4 range inside IPv6; one that is wider than IPv4 stays IPv6, where no IPv4 client is looked for.
        let unwrapped = bytes.count - address.bytes.count
        guard length >= unwrapped * 8 else { return nil }
        self.first = address
        self.length = length - unwrapped * 8
    }

    /// Whether the client is in the range. One on a unix socket never is.
    public func contains(_ client: ClientAddress) -> Bool {
        guard client.bytes.count == first.bytes.count else { return false }
        let whole = length / 8
        guard client.bytes.prefix(whole) == first.bytes.prefix(whole) else { return false }
        guard length % 8 > 0 else { return true }
        let mask = UInt8.max << (8 - UInt8(length % 8))
        return client.bytes[whole] & mask == first.bytes[whole] & mask
    }

    public var description: String { "\(first)/\(length)" }
}

extension ClientAddress {
    /// Reads a numeric address, IPv4 or IPv6, without brackets.
    init?(_ text: String) {
        guard let bytes = Self.bytes(of: text) else { return nil }
        self.init(bytes: bytes)
    }

    /// The bytes of a numeric address in network order, 4 or 16 of them.
    fileprivate static func bytes(of text: String) -> [UInt8]? {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if unsafe inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}

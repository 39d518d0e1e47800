// What stands before the IP header depends on the interface: Ethernet, the cooked headers of `any`, or nothing.

/// The link layers that a capture may come with.
public enum LinkType: Sendable, Hashable, CaseIterable {
    /// BSD loopback: the address family in the capturing host's byte order.
    case null
    /// OpenBSD loopback: the address family in network order.
    case loop
    /// Ethernet, with any number of 802.1Q or 802.1ad tags up to four.
    case ethernet
    /// Bare IPv4 or IPv6.
    case raw
    /// Linux cooked capture, 16 bytes.
    case linuxCooked
    /// Linux cooked capture v2, 20 bytes.
    case linuxCooked2

    /// The link type of a capture handle or file (the LINKTYPE_ and DLT_ numbers of pcap-linktype(7)); nil when the
    /// engine does not know it.
    public init?(number: Int) {
        switch number {
        case 0: self = .null
        case 1: self = .ethernet
        case 12, 14, 101, 228, 229: self = .raw
        case 108: self = .loop
        case 113: self = .linuxCooked
        case 276: self = .linuxCooked2
        default: return nil
        }
    }

    /// Where the IP header starts.
    @inline(__always)
    func networkOffset(in frame: Span<UInt8>) throws(PacketFault) -> Int {
        switch self {
        case .raw: 0
        case .null, .loop: 4
        case .ethernet: try Self.skipTags(in: frame, typeAt: 12)
        case .linuxCooked: try Self.skipTags(in: frame, typeAt: 14)
        case .linuxCooked2: try Self.cooked2(frame)
        }
    }

    /// Skips VLAN tags after an EtherType field and checks that IP follows.
    @inline(__always)
    private static func skipTags(in frame: Span<UInt8>, typeAt offset: Int) throws(PacketFault) -> Int {
        var offset = offset
        for _ in 0...4 {
            guard offset + 2 <= frame.count else { throw .truncated }
            switch frame.short(at: offset) {
            case 0x0800, 0x86DD: return offset + 2
            case 0x8100, 0x88A8, 0x9100: offset += 4
            default: throw .notIP
            }
        }
        throw .notIP
    }

    /// The type stands first in a v2 header; tags, if any, stand after it.
    private static func cooked2(_ frame: Span<UInt8>) throws(PacketFault) -> Int {
        guard frame.count >= 20 else { throw .truncated }
        switch frame.short(at: 0) {
        case 0x0800, 0x86DD: return 20
        case 0x8100, 0x88A8, 0x9100: return try skipTags(in: frame, typeAt: 22)
        default: throw .notIP
        }
    }
}

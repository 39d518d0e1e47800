// IPv4 and IPv6 headers. Lengths come from here, so that Ethernet's padding is never taken for payload.

/// What the engine needs from an IP header.
struct InternetHeader {
    let source: Address
    let destination: Address
    /// Where the TCP header starts in the frame.
    let transport: Int
    /// Where the packet ends in the frame as it was on the wire, which may be past the captured bytes.
    let end: Int

    /// Reads the header at `offset`, extension headers included.
    ///
    /// - Parameter length: the frame's length on the wire.
    @inline(__always)
    init(_ frame: Span<UInt8>, at offset: Int, length: Int) throws(PacketFault) {
        guard offset < frame.count else { throw .truncated }
        switch frame[offset] >> 4 {
        case 4: try self.init(v4: frame, at: offset, length: length)
        case 6: try self.init(v6: frame, at: offset, length: length)
        default: throw .notIP
        }
    }

    /// RFC 791. A total length of 0 means that the packet is larger than 64 KiB (segmentation offload).
    @inline(__always)
    private init(v4 frame: Span<UInt8>, at offset: Int, length: Int) throws(PacketFault) {
        guard offset + 20 <= frame.count else { throw .truncated }
        // Three loads for all fields; each is checked against the frame's end.
        let first = frame.word(at: offset).byteSwapped
        let second = frame.word(at: offset &+ 8).byteSwapped
        let addresses = frame.word(at: offset &+ 12).byteSwapped
        let headerLength = Int(first >> 56 & 0x0F) &* 4
        let total = Int(first >> 32 & 0xFFFF)
        guard headerLength >= 20, total == 0 || total >= headerLength else { throw .malformed }
        guard first & 0x3FFF == 0 else { throw .fragment }
        guard UInt8(truncatingIfNeeded: second >> 48) == Self.tcp else { throw .notTCP }
        source = Address(ipv4: UInt32(truncatingIfNeeded: addresses >> 32))
        destination = Address(ipv4: UInt32(truncatingIfNeeded: addresses))
        transport = offset &+ headerLength
        end = total == 0 ? length : offset + total
        guard end <= length else { throw .malformed }
    }

    /// RFC 8200. A payload length of 0 means that the packet is larger than 64 KiB (RFC 2675).
    private init(v6 frame: Span<UInt8>, at offset: Int, length: Int) throws(PacketFault) {
        guard offset + 40 <= frame.count else { throw .truncated }
        let payload = Int(frame.short(at: offset + 4))
        source = Self.address(frame, at: offset + 8)
        destination = Self.address(frame, at: offset + 24)
        transport = try Self.skipExtensions(frame, from: offset + 40, first: frame[offset + 6])
        end = payload == 0 ? length : offset + 40 + payload
        guard end <= length else { throw .malformed }
    }

    private static let tcp: UInt8 = 6

    private static func address(_ frame: Span<UInt8>, at offset: Int) -> Address {
        Address(high: frame.word(at: offset).byteSwapped, low: frame.word(at: offset + 8).byteSwapped)
    }

    private static func skipExtensions(
        _ frame: Span<UInt8>, from offset: Int, first: UInt8
    ) throws(PacketFault) -> Int {
        var offset = offset
        var kind = first
        for _ in 0..<8 {
            if kind == tcp { return offset }
            guard offset + 8 <= frame.count else { throw .truncated }
            switch kind {
            case 0, 43, 60, 135:  // hop-by-hop, routing, destination options, mobility
                kind = frame[offset]
                offset += (Int(frame[offset + 1]) + 1) * 8
            case 51:  // authentication
                kind = frame[offset]
                offset += (Int(frame[offset + 1]) + 2) * 4
            case 44:  // fragment; one that is the whole packet is fine
                guard frame.short(at: offset + 2) & 0xFFF9 == 0 else { throw .fragment }
                kind = frame[offset]
                offset += 8
            default: throw .notTCP
            }
        }
        throw .malformed
    }
}

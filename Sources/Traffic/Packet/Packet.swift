// From the frame to the segment in it: link layer, IP, TCP. What cannot be read is refused with a reason.

/// One TCP/IP packet.
struct Packet {
    let source: Endpoint
    let destination: Endpoint
    let segment: Segment

    /// Decodes a frame down to TCP. Checksums are not looked at: offloading makes them wrong on the capturing host.
    ///
    /// - Parameter originalLength: the frame's length on the wire; what is not captured of it is `missing`.
    @inline(__always)
    init(_ frame: Span<UInt8>, originalLength: Int, link: LinkType) throws(PacketFault) {
        let network = try link.networkOffset(in: frame)
        let header = try InternetHeader(frame, at: network, length: Swift.max(originalLength, frame.count))
        let tcp = header.transport
        guard tcp &+ 20 <= frame.count else { throw .truncated }
        let start = tcp &+ Int(frame[tcp &+ 12] >> 4) &* 4
        guard start >= tcp &+ 20, start <= header.end else { throw .malformed }
        source = Endpoint(address: header.source, port: frame.short(at: tcp))
        destination = Endpoint(address: header.destination, port: frame.short(at: tcp &+ 2))
        let captured = Swift.min(header.end, frame.count)
        let payload = Swift.min(start, captured)..<captured
        segment = Segment(
            sequence: SequenceNumber(frame.long(at: tcp &+ 4)),
            acknowledgment: SequenceNumber(frame.long(at: tcp &+ 8)), flags: SegmentFlags(rawValue: frame[tcp &+ 13]),
            payload: payload, missing: header.end &- start &- payload.count)
    }
}

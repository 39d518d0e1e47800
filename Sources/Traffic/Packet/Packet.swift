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
        // Two loads for all fields; each is checked against the frame's end.
        let first = frame.word(at: tcp).byteSwapped
        let second = frame.word(at: tcp &+ 8).byteSwapped
        let start = tcp &+ Int(second >> 28 & 0x0F) &* 4
        guard start >= tcp &+ 20, start <= header.end else { throw .malformed }
        source = Endpoint(address: header.source, port: UInt16(truncatingIfNeeded: first >> 48))
        destination = Endpoint(address: header.destination, port: UInt16(truncatingIfNeeded: first >> 32))
        let captured = Swift.min(header.end, frame.count)
        let payload = Swift.min(start, captured)..<captured
        segment = Segment(
            sequence: SequenceNumber(UInt32(truncatingIfNeeded: first)),
            acknowledgment: SequenceNumber(UInt32(truncatingIfNeeded: second >> 32)),
            flags: SegmentFlags(rawValue: UInt8(truncatingIfNeeded: second >> 16)),
            payload: payload, missing: header.end &- start &- payload.count)
    }
}

// A TCP segment as the flows see it: whose it is, where it stands in its stream, and where its bytes are.

/// The flags of RFC 9293 section 3.1 that matter here.
struct SegmentFlags: OptionSet, Sendable {
    let rawValue: UInt8

    static let fin = SegmentFlags(rawValue: 0x01)
    static let syn = SegmentFlags(rawValue: 0x02)
    static let rst = SegmentFlags(rawValue: 0x04)
    static let ack = SegmentFlags(rawValue: 0x10)
}

/// One TCP segment, decoded without copying anything.
struct Segment {
    let source: Endpoint
    let destination: Endpoint
    let sequence: SequenceNumber
    let acknowledgment: SequenceNumber
    let flags: SegmentFlags
    /// The captured payload within the frame.
    let payload: Range<Int>
    /// Payload bytes after those that the capture cut off.
    let missing: Int

    /// The payload's length on the wire.
    var length: Int { payload.count + missing }

    /// Decodes a frame down to TCP. Checksums are not looked at: offloading makes them wrong on the capturing host.
    ///
    /// - Parameter originalLength: the frame's length on the wire; what is not captured of it is `missing`.
    @inline(__always)
    init(_ frame: Span<UInt8>, originalLength: Int, link: LinkType) throws(PacketFault) {
        let network = try link.networkOffset(in: frame)
        let header = try InternetHeader(frame, at: network, length: Swift.max(originalLength, frame.count))
        let tcp = header.transport
        guard tcp + 20 <= frame.count else { throw .truncated }
        let start = tcp + Int(frame[tcp + 12] >> 4) * 4
        guard start >= tcp + 20, start <= header.end else { throw .malformed }
        source = Endpoint(address: header.source, port: frame.short(at: tcp))
        destination = Endpoint(address: header.destination, port: frame.short(at: tcp + 2))
        sequence = SequenceNumber(frame.long(at: tcp + 4))
        acknowledgment = SequenceNumber(frame.long(at: tcp + 8))
        flags = SegmentFlags(rawValue: frame[tcp + 13])
        let captured = Swift.min(header.end, frame.count)
        payload = start < captured ? start..<captured : captured..<captured
        missing = header.end - start - payload.count
    }
}

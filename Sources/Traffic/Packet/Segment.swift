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
    let sequence: SequenceNumber
    let acknowledgment: SequenceNumber
    let flags: SegmentFlags
    /// The captured payload within the frame.
    let payload: Range<Int>
    /// Payload bytes after those that the capture cut off.
    let missing: Int

    /// The payload's length on the wire.
    @inline(__always)
    var length: Int { payload.count &+ missing }
}

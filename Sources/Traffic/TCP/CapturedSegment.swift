// What the packet tells of a segment before anything is known of its connection.

/// One segment, whose it is, and how it came.
struct CapturedSegment {
    let segment: Segment
    /// Its connection, and that one's hash.
    let key: FlowKey
    let hash: UInt64
    /// Which end has sent it.
    let side: Side
    /// When it was captured, in nanoseconds since 1970.
    let stamp: UInt64
    /// The number of the interface that showed it.
    let interface: UInt16

    @inline(__always)
    init(_ packet: Packet, from side: Side, at stamp: UInt64, by interface: Int, _ hasher: Hasher64) {
        segment = packet.segment
        key =
            side == .server
            ? FlowKey(client: packet.destination, server: packet.source)
            : FlowKey(client: packet.source, server: packet.destination)
        hash = key.hash(hasher)
        self.side = side
        self.stamp = stamp
        self.interface = UInt16(truncatingIfNeeded: interface)
    }
}

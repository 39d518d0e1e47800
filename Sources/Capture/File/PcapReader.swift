// pcap: a header, and then packets with a header each (draft-ietf-opsawg-pcap).

import Traffic

/// What is read of a pcap file.
struct PcapReader {
    private static let headerSize = 24

    /// Nanoseconds in a unit of the second half of a stamp.
    private let unit: UInt64
    /// Bytes before each packet.
    private let recordSize: Int
    private let link: LinkType

    /// Reads the header.
    ///
    /// - Returns: nil when the file begins otherwise.
    init?(_ window: inout FileWindow) throws(PacketFileFault) {
        guard try window.has(4) else { return nil }
        if Self.kind(of: window.number(at: 0)) == nil { window.isSwapped = true }
        guard let kind = Self.kind(of: window.number(at: 0)) else {
            window.isSwapped = false
            return nil
        }
        (unit, recordSize) = kind
        guard try window.has(Self.headerSize) else { throw .cut }
        guard window.number(at: 4, UInt16.self) == 2 else { throw .unreadable("a pcap file that is not of version 2") }
        // The upper bits say how long the frame check sequence is.
        let number = Int(window.number(at: 20) & 0xFFFF)
        guard let link = LinkType(number: number) else { throw .linkLayer(number) }
        self.link = link
        try window.pass(Self.headerSize)
    }

    private static func kind(of magic: UInt32) -> (unit: UInt64, recordSize: Int)? {
        switch magic {
        case 0xA1B2_C3D4: (1000, 16)
        case 0xA1B2_3C4D: (1, 16)
        // Patched libpcaps of the nineties, and some devices to this day.
        case 0xA1B2_CD34: (1000, 24)
        default: nil
        }
    }

    /// Makes the next packet visible.
    ///
    /// - Returns: nil at the end of the file.
    @inline(__always)
    func next(_ window: inout FileWindow) throws(PacketFileFault) -> StoredPacket? {
        guard try window.has(recordSize) else {
            guard try window.has(1) else { return nil }
            throw .cut
        }
        let count = Int(window.number(at: 8))
        guard count <= StoredPacket.largest else { throw .unreadable("a packet of \(count) bytes") }
        guard try window.has(recordSize + count) else { throw .cut }
        let stamp = UInt64(window.number(at: 0)) &* 1_000_000_000 &+ UInt64(window.number(at: 4)) &* unit
        return StoredPacket(
            offset: recordSize, count: count, length: max(count, Int(window.number(at: 12))), stamp: stamp, link: link,
            size: recordSize + count)
    }
}

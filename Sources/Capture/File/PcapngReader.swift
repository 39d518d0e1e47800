// pcapng: blocks of many kinds, of which three matter here: sections, interfaces and packets
// (draft-ietf-opsawg-pcapng).

import Traffic

/// What is read of a pcapng file.
struct PcapngReader {
    /// The blocks that are read, by their number.
    private enum Block {
        static let section: UInt32 = 0x0A0D_0D0A
        static let interface: UInt32 = 1
        static let packetOfOld: UInt32 = 2
        static let simplePacket: UInt32 = 3
        static let packet: UInt32 = 6
    }

    /// Whose packets are read; nil for one whose link layer is not known.
    private var interfaces: [CapturedInterface?] = []
    private var hasPackets = false
    /// The number of a link layer that is not known.
    private var unknownLink: Int?

    /// - Returns: nil when the file begins otherwise.
    init?(_ window: inout FileWindow) throws(PacketFileFault) {
        guard try window.has(4), window.number(at: 0) == Block.section else { return nil }
    }

    /// Makes the next packet visible.
    ///
    /// - Returns: nil at the end of the file.
    mutating func next(_ window: inout FileWindow) throws(PacketFileFault) -> StoredPacket? {
        while try window.has(12) {
            let type = window.number(at: 0)
            // The same in both orders.
            if type == Block.section { try beginSection(&window) }
            let size = Int(window.number(at: 4))
            guard size >= 12, size % 4 == 0 else { throw .unreadable("a block of \(size) bytes") }
            switch type {
            case Block.interface: try addInterface(&window, size)
            case Block.packet: if let packet = try packet(&window, size, isOld: false) { return packet }
            case Block.packetOfOld: if let packet = try packet(&window, size, isOld: true) { return packet }
            case Block.simplePacket: throw .unreadable("packets without their time (simple packet blocks)")
            default: break
            }
            try window.pass(size)
        }
        guard try !window.has(1) else { throw .cut }
        if let unknownLink, !hasPackets { throw .linkLayer(unknownLink) }
        return nil
    }

    /// Learns the order of bytes. Interfaces are counted anew.
    private mutating func beginSection(_ window: inout FileWindow) throws(PacketFileFault) {
        switch window.number(at: 8) {
        case 0x1A2B_3C4D: break
        case 0x4D3C_2B1A: window.isSwapped.toggle()
        default: throw .unreadable("a section whose order of bytes is unknown")
        }
        guard window.number(at: 4) >= 28 else { throw .unreadable("a block of \(window.number(at: 4)) bytes") }
        guard try window.has(28) else { throw .cut }
        guard window.number(at: 12, UInt16.self) == 1 else {
            throw .unreadable("a pcapng section that is not of version 1")
        }
        interfaces = []
    }

    private mutating func addInterface(_ window: inout FileWindow, _ size: Int) throws(PacketFileFault) {
        guard size >= 20, size <= FileWindow.size else { throw .unreadable("an interface block of \(size) bytes") }
        guard interfaces.count < CapturedInterface.atMost else { throw .unreadable("too many interfaces") }
        guard try window.has(size) else { throw .cut }
        let number = Int(window.number(at: 8, UInt16.self))
        guard let link = LinkType(number: number) else {
            unknownLink = unknownLink ?? number
            interfaces.append(nil)
            return
        }
        var interface = CapturedInterface(link: link)
        var place = 16
        while place + 4 <= size - 4 {
            let (code, count) = (window.number(at: place, UInt16.self), Int(window.number(at: place + 2, UInt16.self)))
            place += 4
            guard code != 0, place + count <= size - 4 else { break }
            switch (code, count) {
            case (9, 1): interface.setResolution(window.number(at: place, UInt8.self))
            case (14, 8): interface.offset = window.number(at: place, Int64.self)
            default: break
            }
            place += (count + 3) & ~3
        }
        interfaces.append(interface)
    }

    /// The packet of a block; nil when its interface is passed over.
    @inline(__always)
    private mutating func packet(
        _ window: inout FileWindow, _ size: Int, isOld: Bool
    ) throws(PacketFileFault) -> StoredPacket? {
        guard size >= 32, try window.has(28) else { throw .cut }
        let index = isOld ? Int(window.number(at: 8, UInt16.self)) : Int(window.number(at: 8))
        guard index < interfaces.count else {
            throw .unreadable("a packet of interface \(index), which is not described")
        }
        guard let interface = interfaces[index] else { return nil }
        let count = Int(window.number(at: 20))
        guard count <= StoredPacket.largest, count <= size - 32 else { throw .unreadable("a packet of \(count) bytes") }
        guard try window.has(28 + count) else { throw .cut }
        hasPackets = true
        let time = UInt64(window.number(at: 12)) << 32 | UInt64(window.number(at: 16))
        return StoredPacket(
            offset: 28, count: count, length: max(count, Int(window.number(at: 24))), stamp: interface.stamp(time),
            link: interface.link, size: size)
    }
}

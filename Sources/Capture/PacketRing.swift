// The ring in which the kernel leaves packets for the capture's thread (TPACKET_V3, Documentation/networking/
// packet_mmap.rst). It has blocks of many packets, one after the other, each handed over when it is full or a little
// old. A packet takes up its own length and no more, and is measured where it lies.

import CPacketSocket
import Glibc
import Synchronization

/// A packet socket with its ring, mapped into memory.
@safe
struct PacketRing: ~Copyable, @unchecked Sendable {
    /// How long a packet may wait for its block to be handed over, in milliseconds.
    static let timeout: UInt32 = 200
    /// A block of the ring. The larger, the fewer wake-ups at a high rate.
    private static let usualBlock = 512 << 10
    /// What a block holds besides a packet.
    private static let overhead = 256

    private let socket: PacketSocket
    private let memory: UnsafeMutableRawPointer
    private let blockSize: Int
    private let blocks: Int
    /// The block that is read next.
    private var next = 0
    /// The number that the kernel gave to the last block that was read; it counts them from 1.
    private var last: UInt64 = 0
    private var hasEnded = false
    /// The kernel's number of the interface, 0 for all of them; nil while there is none.
    private(set) var index: UInt32?
    /// Packets that were read.
    private(set) var packets: UInt64 = 0
    /// Packets that were dropped because the ring was full.
    private(set) var dropped: UInt64 = 0

    /// Gives the socket a ring. It gets nothing until it is bound.
    ///
    /// - Parameters:
    ///   - size: bytes, which count as resident memory.
    ///   - snapLength: the longest packet that the socket's filter lets through.
    init(_ socket: consuming PacketSocket, size: Int, snapLength: Int) throws(CaptureError) {
        var blockSize = 4096
        let least = max(snapLength + Self.overhead, min(Self.usualBlock, size / 8))
        while blockSize < least { blockSize *= 2 }
        let blocks = max(2, size / blockSize)
        var version = Int32(TPACKET_V3.rawValue)
        var request = tpacket_req3()
        request.tp_block_size = UInt32(blockSize)
        request.tp_block_nr = UInt32(blocks)
        request.tp_frame_size = UInt32(blockSize)
        request.tp_frame_nr = UInt32(blocks)
        request.tp_retire_blk_tov = Self.timeout
        let versionSize = socklen_t(MemoryLayout<Int32>.size)
        let requestSize = socklen_t(MemoryLayout<tpacket_req3>.size)
        guard unsafe setsockopt(socket.descriptor, SOL_PACKET, PACKET_VERSION, &version, versionSize) == 0,
            unsafe setsockopt(socket.descriptor, SOL_PACKET, PACKET_RX_RING, &request, requestSize) == 0,
            let memory = unsafe mmap(
                nil, blockSize * blocks, PROT_READ | PROT_WRITE, MAP_SHARED, socket.descriptor, 0),
            unsafe memory != MAP_FAILED
        else { throw .resources("ring of \(size) bytes: \(unsafe String(cString: strerror(errno)))") }
        // Packets hold what the process itself never keeps, such as tokens: they do not belong into a core file.
        unsafe madvise(memory, blockSize * blocks, MADV_DONTDUMP)
        unsafe self.memory = memory
        self.blockSize = blockSize
        self.blocks = blocks
        self.socket = socket
    }

    deinit {
        unsafe munmap(memory, blockSize * blocks)
    }

    /// Takes a packet from its IP header on, with its length on the wire, its stamp in nanoseconds since 1970 and the
    /// kernel's number of the interface that it passed.
    typealias Take = (_ packet: Span<UInt8>, _ length: Int, _ stamp: UInt64, _ interface: UInt32) -> Void

    /// Readable when there are packets.
    var descriptor: Int32 { socket.descriptor }
    /// Bytes.
    var size: Int { blockSize * blocks }

    /// The longest packet for which a ring of so many bytes has room, and for three more of its kind.
    static func longestPacket(ofRing size: Int) -> Int { size / 4 - overhead }

    /// From now on gets what the filter takes. Takes no capability.
    func take(_ filter: PacketFilter) { socket.take(filter) }

    /// Gets the packets of the interface that has this number now; of all interfaces with 0.
    ///
    /// - Returns: whether the kernel agreed.
    mutating func bind(to index: UInt32) -> Bool {
        let isBound = socket.bind(to: index)
        self.index = isBound ? index : nil
        return isBound
    }

    /// Whether more than half of the ring waits to be read, so that it may soon be too small.
    var isHalfFull: Bool { isReady((next + blocks / 2) % blocks) }

    /// Gets nothing more, so that all that is in the ring can be read at once.
    mutating func end() {
        socket.take(.nothing)
        // Until another processor has written the packet at which it was.
        usleep(2000)
        count()
        hasEnded = true
    }

    /// Goes on with the counts of a ring that ended.
    mutating func goOn(from other: borrowing PacketRing) {
        packets &+= other.packets
        dropped &+= other.dropped
    }

    /// Asks the kernel what it has dropped.
    mutating func count() { dropped &+= socket.takeDrops() }

    /// Why nothing comes; nil when nothing is wrong.
    func takeError() -> String? { socket.takeError() }

    /// Whether there are packets.
    var isReadable: Bool { isReady(next) }

    /// Where a packet's sockaddr_ll is: behind its header, at the next multiple of TPACKET_ALIGNMENT.
    private static let addressOffset = (MemoryLayout<tpacket3_hdr>.size + 15) & ~15

    /// Shows the packets of one block, if there is one.
    @inline(__always)
    mutating func read(_ take: Take) {
        guard isReady(next) else { return }
        let block = unsafe memory + next * blockSize
        let header = unsafe block.assumingMemoryBound(to: tpacket_block_desc.self).pointee.hdr.bh1
        var place = unsafe block + Int(header.offset_to_first_pkt)
        for _ in 0..<header.num_pkts {
            let packet = unsafe place.assumingMemoryBound(to: tpacket3_hdr.self)
            let start = unsafe place + Int(packet.pointee.tp_net)
            let bytes = unsafe Span<UInt8>(
                _unsafeStart: start.assumingMemoryBound(to: UInt8.self), count: Int(packet.pointee.tp_snaplen))
            let stamp = unsafe UInt64(packet.pointee.tp_sec) &* 1_000_000_000 &+ UInt64(packet.pointee.tp_nsec)
            let address = unsafe (place + Self.addressOffset).assumingMemoryBound(to: sockaddr_ll.self)
            let interface = unsafe UInt32(bitPattern: address.pointee.sll_ifindex)
            take(bytes, unsafe Int(packet.pointee.tp_len), stamp, interface)
            unsafe place += Int(packet.pointee.tp_next_offset)
        }
        packets &+= UInt64(header.num_pkts)
        last = header.seq_num
        unsafe status(of: next).pointee.store(UInt32(TP_STATUS_KERNEL), ordering: .releasing)
        next = (next + 1) % blocks
    }

    /// Whether the kernel has handed a block over, or writes no more to the one that it would hand over next.
    private func isReady(_ block: Int) -> Bool {
        let status = unsafe status(of: block).pointee.load(ordering: .acquiring)
        return status & UInt32(TP_STATUS_USER) != 0 || hasEnded && block == next && isNew(block)
    }

    /// Whether the kernel has begun to fill the block since it was read.
    private func isNew(_ block: Int) -> Bool {
        let header = unsafe (memory + block * blockSize).assumingMemoryBound(to: tpacket_block_desc.self)
        return unsafe header.pointee.hdr.bh1.seq_num == last + 1
    }

    /// The word by which a block changes hands (tpacket_block_desc.hdr.bh1.block_status).
    private func status(of block: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
        unsafe (memory + block * blockSize + 8).assumingMemoryBound(to: Atomic<UInt32>.self)
    }
}

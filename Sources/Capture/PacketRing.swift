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
    static let timeout: UInt32 = 20
    /// A block of the ring. The larger, the fewer wake-ups at a high rate.
    private static let usualBlock = 128 << 10
    /// What the kernel puts before each packet, and some more.
    private static let overhead = 256

    private let socket: PacketSocket
    private let memory: UnsafeMutableRawPointer
    private let blockSize: Int
    private let blocks: Int
    /// The block that is read next.
    private var next = 0
    /// Packets that were read.
    private(set) var packets: UInt64 = 0
    /// Whether the block that was read last was full before its time was over.
    private(set) var isBusy = false

    /// Gives the socket a ring.
    ///
    /// - Parameters:
    ///   - size: bytes, which count as resident memory.
    ///   - snapLength: the longest packet that the socket's filter lets through.
    init(_ socket: consuming PacketSocket, size: Int, snapLength: Int) throws(CaptureError) {
        var blockSize = 4096
        while blockSize < snapLength + Self.overhead || blockSize < min(Self.usualBlock, size / 4) { blockSize *= 2 }
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

    func take(_ filter: PacketFilter) { socket.take(filter) }
    func bind(to index: UInt32) -> Bool { socket.bind(to: index) }
    func takeCounts() -> (taken: UInt64, dropped: UInt64) { socket.takeCounts() }
    func takeError() -> String? { socket.takeError() }

    /// Whether there are packets.
    var isReadable: Bool { isReady(next) }

    /// Where a packet's sockaddr_ll is: behind its header, at the next multiple of TPACKET_ALIGNMENT.
    private static let addressOffset = (MemoryLayout<tpacket3_hdr>.size + 15) & ~15

    /// Shows the packets of one block.
    ///
    /// - Returns: whether there was a block.
    @inline(__always)
    mutating func read(_ take: Take) -> Bool {
        guard isReady(next) else { return false }
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
        isBusy = header.block_status & UInt32(TP_STATUS_BLK_TMO) == 0
        unsafe status(of: next).pointee.store(UInt32(TP_STATUS_KERNEL), ordering: .releasing)
        next = (next + 1) % blocks
        return true
    }

    /// Whether the kernel has handed a block over.
    private func isReady(_ block: Int) -> Bool {
        unsafe status(of: block).pointee.load(ordering: .acquiring) & UInt32(TP_STATUS_USER) != 0
    }

    /// The word by which a block changes hands (tpacket_block_desc.hdr.bh1.block_status).
    private func status(of block: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
        unsafe (memory + block * blockSize + 8).assumingMemoryBound(to: Atomic<UInt32>.self)
    }
}

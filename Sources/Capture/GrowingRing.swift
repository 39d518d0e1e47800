// Rings count as resident memory, and most interfaces have little Redis traffic or none. So a ring starts small, and a
// larger one takes over at a rate at which a moment without a processor would cost packets.

/// An interface's packets, in a small ring or a large one.
///
/// For the moment of the change both get packets; those that come twice are repeated segments to the engine. The large
/// ring is read once the small one is empty, so that packets stay in order, and it stays.
struct GrowingRing: ~Copyable {
    /// What a ring starts with, in bytes.
    static let smallest = 1 << 20

    private var ring: PacketRing
    /// The kernel's number of the interface.
    private(set) var index: UInt32
    /// Nil when the ring may not grow.
    private let large: LargeRing?
    /// The large ring while the small one is read to its end.
    private var successor: PacketRing?
    /// Packets that came into the small ring.
    private var arrived: UInt64 = 0
    /// Packets that were dropped because the ring was full.
    private(set) var dropped: UInt64 = 0
    /// Bytes of all rings.
    private(set) var size: Int

    /// Starts to capture on an interface.
    ///
    /// - Parameter size: what the ring may grow to, in bytes.
    init(
        _ interface: NetworkInterface, _ filter: PacketFilter, size: Int, snapLength: Int
    ) throws(CaptureError) {
        func open() throws(CaptureError) -> PacketSocket {
            let socket = try PacketSocket(filter)
            if interface.isLoopback { socket.ignoreOutgoing() }
            return socket
        }
        let ring = try PacketRing(try open(), size: min(size, Self.smallest), snapLength: snapLength)
        let large = size > Self.smallest ? LargeRing(try open(), size: size, snapLength: snapLength) : nil
        guard ring.bind(to: interface.index) else { throw .noInterface(interface.name) }
        self.large = large
        self.size = ring.size
        self.ring = ring
        index = interface.index
    }

    /// Readable when there are packets, or something is wrong.
    var descriptor: Int32 { ring.descriptor }
    /// Whether packets wait to be read.
    var isReadable: Bool { ring.isReadable || successor != nil }

    /// Shows the packets of one block; see ``PacketRing/read(_:)``.
    @inline(__always)
    mutating func read(_ take: (_ packet: Span<UInt8>, _ length: Int, _ stamp: UInt64) -> Void) {
        _ = ring.read(take)
        if let large { grow(into: large) }
    }

    /// Why nothing comes; nil when nothing is wrong.
    func takeError() -> String? { ring.takeError() }

    /// Goes on with the interface that has this number now.
    ///
    /// - Returns: whether the kernel agreed.
    mutating func bind(to index: UInt32) -> Bool {
        self.index = index
        return ring.bind(to: index) && successor?.bind(to: index) ?? true
    }

    /// Asks the kernel what it has counted.
    mutating func count() {
        let counts = ring.takeCounts()
        arrived &+= counts.taken - counts.dropped
        dropped &+= counts.dropped
    }

    /// Goes over to the large ring, when it is needed, step by step.
    private mutating func grow(into large: LargeRing) {
        if ring.isBusy { large.make() }
        if let larger = large.take(), larger.bind(to: index) {
            // From here on the small ring gets nothing.
            ring.take(.nothing)
            count()
            size += larger.size
            successor = consume larger
        }
        guard ring.packets >= arrived, var old = successor.take() else { return }
        swap(&ring, &old)
        size = ring.size
        large.close(old)
    }
}

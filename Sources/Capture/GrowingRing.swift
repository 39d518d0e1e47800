// Rings count as resident memory, and most interfaces have little Redis traffic or none. So a ring starts small, and a
// larger one takes over at a rate at which a moment without a processor would cost packets.

/// An interface's packets, in a small ring or a large one.
///
///     small ──── packets pile up: another thread makes a large ring, the small one goes on ───► small, large asked for
///                                                                                                        │
///                                     the large ring is there: it is bound, the small one gets nothing new
///                                                                                                        ▼
///     large ◄─── the small one is read to its end: the large one takes its place for good ──── small, large follows
///
/// For the moment of the change both get packets; those that come twice are repeated segments to the engine. The large
/// ring is read once the small one is empty, so that packets stay in order, and it stays.
struct GrowingRing: ~Copyable {
    /// What a ring starts with, in bytes.
    static let smallest = 1 << 20

    private var ring: PacketRing
    /// The kernel's number of the interface, 0 for all of them; nil while there is none.
    private(set) var index: UInt32?
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

    /// Makes a ring that gets nothing until it is bound.
    ///
    /// - Parameters:
    ///   - ignoresOutgoing: whether packets that go out are left out, as on a loopback, where each comes in as well.
    ///   - size: what the ring may grow to, in bytes.
    init(_ filter: PacketFilter, ignoresOutgoing: Bool, size: Int, snapLength: Int) throws(CaptureError) {
        func open() throws(CaptureError) -> PacketSocket {
            let socket = try PacketSocket(filter)
            if ignoresOutgoing { socket.ignoreOutgoing() }
            return socket
        }
        let ring = try PacketRing(try open(), size: min(size, Self.smallest), snapLength: snapLength)
        let large = size > Self.smallest ? LargeRing(try open(), size: size, snapLength: snapLength) : nil
        self.large = large
        self.size = ring.size
        self.ring = ring
    }

    /// Readable when there are packets, or something is wrong.
    var descriptor: Int32 { ring.descriptor }
    /// Whether packets wait to be read.
    var isReadable: Bool { ring.isReadable || successor != nil }

    /// Shows the packets of one block; see ``PacketRing/read(_:)``.
    @inline(__always)
    mutating func read(_ take: PacketRing.Take) {
        _ = ring.read(take)
        if let large { grow(into: large) }
    }

    /// Why nothing comes; nil when nothing is wrong.
    func takeError() -> String? { ring.takeError() }

    /// Gets the packets of the interface that has this number now; of all interfaces with 0.
    ///
    /// - Returns: whether the kernel agreed.
    mutating func bind(to index: UInt32) -> Bool {
        let isBound = ring.bind(to: index) && successor?.bind(to: index) ?? true
        self.index = isBound ? index : nil
        return isBound
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
        if let index, let larger = large.take(), larger.bind(to: index) {
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

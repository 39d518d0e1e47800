// Rings count as resident memory, and most interfaces have little Redis traffic or none. So a ring starts small, and a
// larger one takes over when packets begin to pile up, before any is dropped. The socket for it is opened at the start,
// since opening one takes the capability that is dropped then.

/// An interface's packets, in a small ring or a large one.
///
/// For the moment of the change both get packets; those that come twice are repeated segments to the engine. The large
/// ring is read once the small one is empty, so that packets stay in order, and it stays.
struct GrowingRing: ~Copyable {
    /// What a ring starts with, in bytes.
    static let smallest = 1 << 20

    private var ring: PacketRing
    private let largest: Int
    private let snapLength: Int
    /// The kernel's number of the interface.
    private(set) var index: UInt32
    /// For the large ring; nil when there is none to come.
    private var spare: PacketSocket?
    /// The large ring while the small one is read to its end.
    private var successor: PacketRing?
    /// The small ring once it is empty. Closing a socket takes the kernel a while, so that waits for a quiet moment.
    private var predecessor: PacketRing?
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
        let spare: PacketSocket? = size > Self.smallest ? try open() : nil
        guard ring.bind(to: interface.index) else { throw .noInterface(interface.name) }
        self.size = ring.size
        self.ring = ring
        self.spare = spare
        largest = size
        self.snapLength = snapLength
        index = interface.index
    }

    /// Readable when there are packets, or something is wrong.
    var descriptor: Int32 { ring.descriptor }
    /// Whether packets wait to be read.
    var isReadable: Bool { ring.isReadable || successor != nil }

    /// Shows the packets of one block; see ``PacketRing/read(_:)``.
    @inline(__always)
    mutating func read(_ take: (_ packet: Span<UInt8>, _ length: Int, _ stamp: UInt64) -> Void) {
        if spare != nil && ring.isPilingUp { grow() }
        _ = ring.read(take)
        if successor != nil && ring.packets >= arrived { succeed() }
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

    /// Gives up what is not needed any longer.
    mutating func rest() {
        if predecessor == nil { return }
        predecessor = nil
        size = ring.size
    }

    /// Lets a large ring get the packets from here on. Where there is no memory for one, the small ring has to do.
    private mutating func grow() {
        guard let socket = spare.take(),
            let larger = try? PacketRing(socket, size: largest, snapLength: snapLength), larger.bind(to: index)
        else { return }
        ring.take(.nothing)
        count()
        size += larger.size
        successor = consume larger
    }

    /// Leaves the small ring for the large one.
    private mutating func succeed() {
        guard var old = successor.take() else { return }
        swap(&ring, &old)
        predecessor = consume old
    }
}

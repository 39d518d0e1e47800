// One socket of the capture. Interfaces go away and come back, with a pod's network or a cable; what was open goes on
// then.

import Traffic

/// A socket's ring, and the interfaces that it is filled from.
final class Tap {
    private let scope: TapScope
    private let filters: SnapFilters
    var ring: PacketRing
    private var roster: InterfaceRoster
    /// Why nothing can be read now.
    private(set) var problem: String?
    /// Bytes that passed behind those that are kept of a packet in any case.
    private(set) var excess: UInt64 = 0
    private var isWhole = true
    /// The next one, if there may be one.
    private var spare: SpareRing?

    /// Opens a socket that gets nothing yet, and takes packets whole. Takes CAP_NET_RAW.
    ///
    /// - Parameters:
    ///   - size: of the ring, in bytes.
    ///   - mayDouble: whether it may have twice the size later, where the kernel fills it faster than it is read.
    init(_ scope: TapScope, _ ports: PortTable, size: Int, mayDouble: Bool) throws(CaptureError) {
        self.scope = scope
        roster = InterfaceRoster(of: scope.names)
        filters = SnapFilters(ports, scope, ring: size)
        ring = try PacketRing(Self.socket(scope, filters), size: size, snapLength: filters.longest)
        spare =
            mayDouble
            ? SpareRing(try Self.socket(scope, filters), size: 2 * size, snapLength: filters.longest) : nil
    }

    private static func socket(_ scope: TapScope, _ filters: SnapFilters) throws(CaptureError) -> PacketSocket {
        let socket = try PacketSocket(filters.whole)
        if scope.ignoresOutgoing { socket.ignoreOutgoing() }
        return socket
    }

    /// Whether it is worth waiting for packets.
    var isOpen: Bool { problem == nil }

    var status: CaptureStatus.Ring {
        CaptureStatus.Ring(
            name: scope.name, dropped: ring.dropped, bytes: ring.size,
            kept: isWhole ? filters.longest : filters.shortest, problem: scope.isRequired ? problem ?? missing : nil)
    }

    /// The interfaces; one that was asked for by its name is among them when it has gone, too.
    var interfaces: [CaptureStatus.Interface] {
        roster.interfaces(withThoseGone: scope.isRequired).map { interface in
            var interface = interface
            interface.isCaptured = interface.isCaptured && isOpen
            return interface
        }
    }

    /// Which of the interfaces that share the ring bring nothing; nil when all do.
    private var missing: String? {
        guard case .several(let names, _) = scope else { return nil }
        let captured = Set(roster.interfaces(withThoseGone: true).filter(\.isCaptured).map(\.name))
        let gone = names.filter { !captured.contains($0) }
        let few = gone.prefix(4).joined(separator: ", ") + (gone.count > 4 ? ", …" : "")
        return gone.isEmpty ? nil : "is a ring of \(names.count), \(gone.count) of which are down or absent: \(few)"
    }

    /// Binds the socket, and announces the interfaces that there are.
    func begin(with present: [NetworkInterface], _ announce: SharedEngine.Announce) {
        switch scope {
        case .named(let name, _): roster.number(of: name, announce)
        case .several(let names, _): for name in names { roster.number(of: name, announce) }
        case .all: for interface in present { roster.number(of: interface.name, announce) }
        }
        look(at: present)
    }

    /// Feeds the packets of one block.
    @inline(__always)
    func read(_ take: SharedEngine.Take, _ announce: SharedEngine.Announce) {
        if ring.isHalfFull { spare?.make() }
        // Copies, because looking into this object for each packet costs more than the number does.
        var roster = roster
        var excess = excess
        let filters = filters
        ring.read { packet, length, stamp, index in
            excess &+= filters.excess(kept: packet.count, of: length)
            let number = roster.number(of: index, announce)
            if number != InterfaceRoster.unwanted { take(packet, length, stamp, number) }
        }
        self.roster = roster
        self.excess = excess
    }

    /// Whether the ring was half full once, and a larger one is ready.
    var mayGrow: Bool { spare?.isReady == true }

    /// Goes on with the larger ring. Nothing is lost by it: both get packets for a moment, and what is known already is
    /// a repeated segment to the engine.
    func grow(_ take: SharedEngine.Take, _ announce: SharedEngine.Announce) {
        guard let spare, let index = ring.index, var larger = spare.take() else { return }
        self.spare = nil
        larger.take(isWhole ? filters.whole : filters.short)
        guard larger.bind(to: index) else { return spare.close(larger) }
        ring.end()
        while ring.isReadable { read(take, announce) }
        larger.goOn(from: ring)
        swap(&ring, &larger)
        spare.close(larger)
    }

    /// From now on gets packets whole, or short.
    func keep(whole: Bool) {
        ring.take(whole ? filters.whole : filters.short)
        isWhole = whole
    }

    /// Takes note of what is wrong, if anything is; ``look(at:)`` finds out whether it works again.
    func checkForErrors() {
        if let error = ring.takeError() { problem = "cannot be read: \(error)" }
    }

    /// Compares with the interfaces that the machine has now.
    func look(at present: [NetworkInterface]) {
        ring.count()
        problem =
            switch scope {
            case .named(let name, _): follow(present.first { $0.name == name })
            case .several, .all: ring.index != 0 && !ring.bind(to: 0) ? "cannot be opened; restart Sidelong" : nil
            }
        roster.look(at: present.filter(isOurs))
    }

    private func isOurs(_ interface: NetworkInterface) -> Bool {
        scope.names?.contains(interface.name) ?? true
    }

    /// Goes on with the interface as it is now.
    ///
    /// - Returns: why nothing can be read; nil when it can.
    private func follow(_ interface: NetworkInterface?) -> String? {
        guard let interface else { return ring.index == nil ? "does not exist or is down" : "has gone" }
        if interface.index != ring.index && !ring.bind(to: interface.index) {
            return "cannot be opened; restart Sidelong"
        }
        return interface.isUp ? nil : "is down"
    }
}

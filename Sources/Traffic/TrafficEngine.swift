// Packets in, latencies out. The engine reads the traffic between clients and servers as it was on the wire, pairs each
// request with its reply, and keeps histograms. Of Redis these are per command, per key group and per user. It does no
// I/O and has no clock: live capture and a capture file feed it alike.

/// Measures traffic, packet by packet.
///
/// Not thread-safe by design: one thread feeds it, and ``snapshot()`` is what others get. Memory is bounded by
/// ``TrafficLimits`` and the numbers of groups and histograms. A packet costs some tens of nanoseconds and a request
/// about as much again; nothing is allocated per packet or per request once the connections are known.
///
/// What is called for each packet is mutating, whether it changes anything or not: another method would be given a copy
/// of the whole engine, some kilobytes long.
public struct TrafficEngine: ~Copyable, Sendable {
    /// How often weights of groups are halved, in minutes.
    private static let agingMinutes: UInt64 = 10
    private static let minute: UInt64 = 60_000_000_000
    private static let second: UInt64 = 1_000_000_000

    private let hasher: Hasher64
    private let ports: PortTable
    private var packets = PacketCounts()
    var lanes: Lanes
    /// The second that time has reached, in nanoseconds, and the minute. A clock that is set back by more than a minute
    /// begins a new second.
    private var secondStart: UInt64 = 0
    private var currentMinute: UInt64 = 0

    public init(_ settings: TrafficSettings) {
        hasher = Hasher64(seed: settings.seed)
        ports = settings.ports
        lanes = Lanes(settings)
    }

    /// Announces an interface.
    ///
    /// - Returns: its number, to be given with its packets.
    public mutating func addInterface(_ name: String) -> Int {
        packets.addInterface(name)
    }

    /// Takes one packet.
    ///
    /// - Parameters:
    ///   - frame: the captured bytes.
    ///   - originalLength: the packet's length on the wire.
    ///   - stamp: when it was captured, in nanoseconds since 1970.
    ///   - interface: a number from ``addInterface(_:)``.
    public mutating func process(
        _ frame: Span<UInt8>, originalLength: Int, at stamp: UInt64, link: LinkType, interface: Int
    ) {
        advance(to: stamp)
        packets.count(interface, length: originalLength)
        let packet: Packet
        do throws(PacketFault) {
            packet = try Packet(frame, originalLength: originalLength, link: link)
        } catch {
            return packets.ignore(error)
        }
        let (source, destination) = (ports[packet.source.port], ports[packet.destination.port])
        guard var kind = source ?? destination else { return packets.ignore(.otherPort) }
        // The server is the end with a watched port.
        var side = source == nil ? Side.client : .server
        if let source, let destination {
            side = sender(of: packet, ifServer: source)
            kind = side == .server ? source : destination
        }
        let captured = CapturedSegment(packet, from: side, at: stamp, by: interface, hasher)
        lanes.take(captured, in: frame, of: kind)
    }

    /// Which end has sent a packet between two watched ports: a known connection or the SYN decides.
    ///
    /// - Parameter kind: what is spoken on the port that it comes from.
    private mutating func sender(of packet: Packet, ifServer kind: WireProtocolKind) -> Side {
        let reverse = FlowKey(client: packet.destination, server: packet.source)
        let isFromServer = lanes.follow(reverse, hash: reverse.hash(hasher), of: kind)
        return isFromServer || packet.segment.flags.contains([.syn, .ack]) ? .server : .client
    }

    /// Lets time pass: connections that are idle for too long are forgotten, minutes end.
    ///
    /// Packets do this by themselves; a live capture calls it when none come. Costs nothing within the same second.
    @inline(__always)
    public mutating func advance(to stamp: UInt64) {
        if stamp &- secondStart >= Self.second { beginSecond(at: stamp) }
    }

    private mutating func beginSecond(at stamp: UInt64) {
        // Packets of several interfaces and a capture's late time come a little out of order; that is no clock set
        // back.
        guard stamp > secondStart || secondStart - stamp > Self.minute else { return }
        let wasSetBack = stamp < secondStart
        secondStart = stamp - stamp % Self.second
        lanes.beginSecond(at: stamp, wasSetBack: wasSetBack)
        let minute = stamp / Self.minute
        guard minute != currentMinute else { return }
        let ages = currentMinute / Self.agingMinutes != minute / Self.agingMinutes
        lanes.turnMinute(isFirst: currentMinute == 0, ages: ages)
        currentMinute = minute
    }

    /// Takes note that the capture is over. What it cannot contradict any more counts.
    public mutating func finish() {
        lanes.finish()
    }

    /// The figures at this moment. Costs a few retains now, and one copy of some tens of kilobytes with the next
    /// packet.
    public func snapshot() -> TrafficSnapshot {
        var packets = packets
        packets.setOwn(lanes.totals.ownPackets)
        let http = ports.ports(of: .http).isEmpty ? nil : lanes.http.snapshots().first
        return TrafficSnapshot(
            packets: packets, redis: lanes.redis.snapshots(), postgres: postgresSnapshots, http: http)
    }

    /// One for each port; no server is at none of them.
    private var postgresSnapshots: [PostgresSnapshot] {
        Array(lanes.postgres.snapshots().prefix(ports.ports(of: .postgres).count))
    }

    /// What is held for those whose traffic this is.
    public var memory: TrafficMemory { lanes.memory }

    /// The counts of all protocols and targets at this moment. Costs the copy of a few numbers.
    public var totals: TrafficTotals { lanes.totals }
}

// Connections of the program itself.
extension TrafficEngine {
    /// Leaves a connection out, and what has been seen of it.
    ///
    /// Has to be told before the connection has carried a byte. Costs a pass over all connections.
    ///
    /// - Parameter client: the client's end, which is the program's own.
    public mutating func leaveOut(_ client: Endpoint) {
        lanes.leaveOut(client)
    }

    /// A connection that was left out was closed at this moment; its end may become another program's.
    public mutating func hasClosed(_ client: Endpoint, at stamp: UInt64) {
        lanes.hasClosed(client, at: stamp)
    }
}

// What is known of the gateway's clients.
extension TrafficEngine {
    /// Takes over the list of the gateway's API keys. Names that were there before keep their counts.
    public mutating func learn(_ keys: [TrafficAPIKey]) {
        lanes.http.books.learn(keys)
    }
}

// Where the targets are.
extension TrafficEngine {
    /// Tells the ends by which a target is reached. Those of its connections that were counted elsewhere begin anew.
    ///
    /// Does nothing where the protocol has only one target. Costs a pass over all connections.
    public mutating func learnServers(_ endpoints: [Endpoint], of target: Int, _ kind: WireProtocolKind) {
        lanes.learnServers(endpoints, of: target, kind)
    }
}

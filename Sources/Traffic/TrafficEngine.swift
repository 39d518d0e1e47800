// Packets in, latencies out. The engine reads the traffic between clients and Redis as it was on the wire, pairs each
// command with its reply, and keeps histograms per command, per key group and per user. It does no I/O and has no
// clock: live capture and a capture file feed it alike.

/// Measures Redis traffic, packet by packet.
///
/// Not thread-safe by design: one thread feeds it, and ``snapshot()`` is what others get. Memory is bounded by
/// ``TrafficLimits`` and the numbers of groups and histograms. A packet costs some tens of nanoseconds and a command
/// about as much again; nothing is allocated per packet or per command once the connections are known.
public struct TrafficEngine: ~Copyable, Sendable {
    /// How often weights of groups are halved, in minutes.
    private static let agingMinutes: UInt64 = 10
    private static let minute: UInt64 = 60_000_000_000
    private static let second: UInt64 = 1_000_000_000

    private let hasher: Hasher64
    private let isServerPort: [Bool]
    private let limits: TrafficLimits
    private(set) var flows: FlowTable
    /// The books of the only target, or of the first one; and those of the others, the last of which are nobody's.
    var books: RedisBooks
    private(set) var others: [TargetBooks]
    private let targetNames: [String]
    private var targets: TargetMap
    private var own = OwnConnections()
    /// The second that time has reached, in nanoseconds, and the minute. A clock that is set back by more than a minute
    /// begins a new second.
    private var secondStart: UInt64 = 0
    private var currentMinute: UInt64 = 0

    public init(_ settings: TrafficSettings) {
        hasher = Hasher64(seed: settings.seed)
        limits = settings.limits
        var ports = [Bool](repeating: false, count: 1 << 16)
        for port in settings.serverPorts { ports[Int(port)] = true }
        isServerPort = ports
        flows = FlowTable(capacity: settings.limits.connections)
        targets = TargetMap(settings.targets)
        targetNames = settings.targets.count > 1 ? settings.targets.map(\.name) + ["other"] : []
        let share = targetNames.isEmpty ? settings : settings.shared(by: targetNames.count)
        books = RedisBooks(share)
        others = targetNames.dropFirst().map { _ in TargetBooks(share) }
    }

    /// Announces an interface.
    ///
    /// - Returns: its number, to be given with its packets.
    public mutating func addInterface(_ name: String) -> Int {
        books.counts.interfaces.append(.init(name: name))
        return books.counts.interfaces.count - 1
    }

    /// Takes over what a target says of its commands (COMMAND). Without it the built-in list serves.
    public mutating func learn(_ commands: [ServerCommand], of target: Int = 0) {
        withBooks(of: target) { $0.commands.learn(commands) }
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
        if books.counts.interfaces.indices.contains(interface) {
            books.counts.interfaces[interface].packets &+= 1
            books.counts.interfaces[interface].bytes &+= UInt64(clamping: originalLength)
        }
        let packet: Packet
        do throws(PacketFault) {
            packet = try Packet(frame, originalLength: originalLength, link: link)
        } catch {
            return ignore(error)
        }
        guard let isFromServer = comesFromServer(packet) else { return ignore(.otherPort) }
        let key =
            isFromServer
            ? FlowKey(client: packet.destination, server: packet.source)
            : FlowKey(client: packet.source, server: packet.destination)
        let hash = key.hash(hasher)
        let side: Side = isFromServer ? .server : .client
        guard let position = flows.find(key, hash: hash) ?? follow(key, hash, packet.segment, from: side, at: stamp)
        else { return }
        let number = UInt16(truncatingIfNeeded: interface)
        let target = Int(flows.flows[position].target)
        let goesOn =
            target == 0
            ? flows.receive(packet.segment, from: side, in: frame, at: stamp, by: number, position, &books)
            : receive(packet.segment, from: side, in: frame, at: stamp, by: number, position, target)
        if !goesOn { remove(position, .closed) }
    }

    @inline(never)
    private mutating func receive(
        _ segment: Segment, from side: Side, in frame: Span<UInt8>, at stamp: UInt64, by interface: UInt16,
        _ position: Int, _ target: Int
    ) -> Bool {
        count(of: target)
        return flows.receive(
            segment, from: side, in: frame, at: stamp, by: interface, position, &others[target - 1].books)
    }

    private mutating func remove(_ position: Int, _ ending: Ending) {
        let target = Int(flows.flows[position].target)
        if target == 0 {
            flows.remove(position, ending, &books)
        } else {
            flows.remove(position, ending, &others[target - 1].books)
        }
        withBooks(of: target) { $0.connections -= 1 }
    }

    /// Works on the books of a target; one that there is not has the last ones.
    mutating func withBooks<Result>(of target: Int, _ body: (inout RedisBooks) -> Result) -> Result {
        target == 0 || others.isEmpty ? body(&books) : body(&others[Swift.min(target, others.count) - 1].books)
    }

    private mutating func forEachBooks(_ body: (inout RedisBooks) -> Void) {
        body(&books)
        for book in others { body(&book.books) }
    }

    private mutating func ignore(_ fault: PacketFault) {
        books.counts.faults[fault.rawValue] &+= 1
    }

    /// Counts a packet, or one of the program's own, for a target that is not the first one, which has what is left.
    private func count(of target: Int, isOwn: Bool = false) {
        guard target > 0 else { return }
        others[target - 1].books.counts.packets &+= 1
        if isOwn { others[target - 1].books.counts.faults[PacketFault.own.rawValue] &+= 1 }
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
        if stamp < secondStart { flows.forEach { $0.clockWasSetBack(to: stamp) } }
        secondStart = stamp - stamp % Self.second
        forgetIdle(at: stamp)
        rest(until: stamp)
        let minute = stamp / Self.minute
        guard minute != currentMinute else { return }
        if currentMinute != 0 { forEachBooks { $0.turnMinute() } }
        if currentMinute / Self.agingMinutes != minute / Self.agingMinutes { forEachBooks { $0.age() } }
        currentMinute = minute
    }

    /// Takes note that the capture is over. What it cannot contradict any more counts.
    public mutating func finish() {
        rest(until: nil)
    }

    /// Lets connections prove themselves by their silence.
    private mutating func rest(until stamp: UInt64?) {
        guard books.heldPairs > 0 || others.contains(where: { $0.books.heldPairs > 0 }) else { return }
        flows.forEach { flow in
            if flow.target == 0 {
                flow.conversation.rested(until: stamp, &books)
            } else {
                flow.conversation.rested(until: stamp, &others[Int(flow.target) - 1].books)
            }
        }
    }

    /// The figures of the only target, or of the first one, at this moment. Costs a few retains now, and one copy of
    /// some tens of kilobytes with the next packet.
    public func snapshot() -> TrafficSnapshot {
        TrafficSnapshot(books, target: targetNames.first)
    }

    /// The figures of all targets, and of traffic that is nobody's where there are several.
    public func snapshots() -> [TrafficSnapshot] {
        [snapshot()] + zip(others, targetNames.dropFirst()).map { TrafficSnapshot($0.books, target: $1) }
    }
}

// Where the targets are.
extension TrafficEngine {
    /// Tells the ends by which a target is reached. Those of its connections that were counted elsewhere begin anew.
    ///
    /// Does nothing where there is only one. Costs a pass over all connections.
    public mutating func learnServers(_ endpoints: [Endpoint], of target: Int) {
        targets.learn(endpoints, of: target)
        let map = targets
        for position in flows.positions(where: { map.find($0.key.server) != Int($0.target) }) {
            remove(position, .evicted)
        }
    }
}

// Users of connections that are older than the capture.
extension TrafficEngine {
    /// How many connections of a target there are whose user is not known.
    ///
    /// Costs a pass over all connections.
    public func connectionsOfUnknownUser(of target: Int = 0) -> Int {
        flows.count { $0.conversation.isUserUnknown && Int($0.target) == target }
    }

    /// Tells the users of a target's connections by the client's end, as CLIENT LIST shows both.
    ///
    /// Only connections whose user is unknown are changed. Costs a pass over all connections.
    public mutating func learnUsers(_ users: [Endpoint: String], of target: Int = 0) {
        for position in flows.positions(where: { $0.conversation.isUserUnknown && Int($0.target) == target }) {
            guard let name = users[flows.flows[position].key.client] else { continue }
            let user = withBooks(of: target) { $0.counts.users.find(Array(name.utf8)) }
            flows.learn(user: user, at: position)
        }
    }
}

// Connections of the program itself.
extension TrafficEngine {
    /// Leaves a connection out, and what has been seen of it.
    ///
    /// Has to be told before the connection has carried a byte. Costs a pass over all connections.
    ///
    /// - Parameter client: the client's end, which is the program's own.
    public mutating func leaveOut(_ client: Endpoint) {
        own.open(client)
        // Its SYN may have passed; or its end belonged to a connection whose end was not seen.
        flows.positions { $0.key.client == client }.forEach { remove($0, .closed) }
    }

    /// A connection that was left out was closed at this moment; its end may become somebody else's.
    public mutating func hasClosed(_ client: Endpoint, at stamp: UInt64) {
        own.close(client, at: stamp)
    }
}

// From packet to connection.
extension TrafficEngine {
    /// The server is the end with the server's port. Where both are, a known connection or the SYN decides; nil for
    /// none.
    @inline(__always)
    private func comesFromServer(_ packet: Packet) -> Bool? {
        let source = isServerPort[Int(packet.source.port)]
        let destination = isServerPort[Int(packet.destination.port)]
        if source != destination { return source }
        guard source else { return nil }
        let reverse = FlowKey(client: packet.destination, server: packet.source)
        if flows.find(reverse, hash: reverse.hash(hasher)) != nil { return true }
        return packet.segment.flags.contains([.syn, .ack])
    }

    /// Starts to follow a connection, if the segment tells anything of it.
    private mutating func follow(
        _ key: FlowKey, _ hash: UInt64, _ segment: Segment, from side: Side, at stamp: UInt64
    ) -> Int? {
        let target = targets.find(key.server)
        if own.cover(key.client, segment, at: stamp) {
            ignore(.own)
            count(of: target, isOwn: true)
            return nil
        }
        guard segment.flags.contains(.syn) || segment.length > 0, !segment.flags.contains(.rst) else {
            count(of: target)
            return nil
        }
        if flows.hasEnded(segment, from: side, hash: hash, at: stamp) {
            withBooks(of: target) { $0.counts.repeatedSegments += 1 }
            count(of: target)
            return nil
        }
        if flows.isFull, let oldest = flows.leastRecent {
            withBooks(of: Int(flows.flows[oldest].target)) { $0.counts.evictedConnections += 1 }
            remove(oldest, .evicted)
        }
        withBooks(of: target) { $0.connections += 1 }
        return flows.insert(key, hash: hash, target: UInt16(truncatingIfNeeded: target), at: stamp)
    }

    private mutating func forgetIdle(at stamp: UInt64) {
        while let oldest = flows.leastRecent {
            let last = flows.flows[oldest].lastStamp
            guard stamp > last, stamp - last > limits.idle else { return }
            remove(oldest, .idle)
        }
    }
}

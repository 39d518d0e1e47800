// A lane is all that the engine knows of one protocol: the connections on its ports, and the books of its targets.

/// One protocol's connections and books.
struct Lane<P: WireProtocol & ~Copyable>: ~Copyable, Sendable {
    private(set) var flows: FlowTable<P>
    /// The books of the only target, or of the first one; and those of the others, the last of which are for servers
    /// that are no target's.
    var books: P
    private(set) var others: [TargetBooks<P>]
    private let targetNames: [String]
    private var targets: TargetMap

    /// - Parameters:
    ///   - targets: what is counted apart; none or a single one has all traffic.
    ///   - books: makes the books of one target.
    init(_ targets: [TrafficTarget], _ limits: TrafficLimits, books: () -> P) {
        flows = FlowTable(capacity: limits.connections)
        self.targets = TargetMap(targets)
        targetNames = targets.count > 1 ? targets.map(\.name) + ["other"] : []
        self.books = books()
        others = targetNames.dropFirst().map { _ in TargetBooks(books()) }
    }

    /// Works on the books of a target; a number past the last one has those of servers that are no target's.
    mutating func withBooks<Result>(of target: Int, _ body: (inout P) -> Result) -> Result {
        target == 0 || others.isEmpty ? body(&books) : body(&others[Swift.min(target, others.count) - 1].books)
    }

    private mutating func forEachBooks(_ body: (inout P) -> Void) {
        body(&books)
        for other in others { body(&other.books) }
    }

    /// The figures of all targets, and of servers that are no target's where there are several.
    func snapshots() -> [P.Snapshot] {
        [books.snapshot(target: targetNames.first)]
            + zip(others, targetNames.dropFirst()).map { $0.books.snapshot(target: $1) }
    }
}

// Packet by packet.
extension Lane where P: ~Copyable {
    /// Whether a connection is followed.
    @inline(__always)
    func follows(_ key: FlowKey, hash: UInt64) -> Bool { flows.find(key, hash: hash) != nil }

    /// Takes one segment.
    @inline(never)
    mutating func take(
        _ captured: CapturedSegment, in frame: Span<UInt8>, _ own: inout OwnConnections, _ budget: inout Budget
    ) {
        guard
            let position = flows.find(captured.key, hash: captured.hash) ?? follow(captured, &own, &budget)
        else { return }
        let target = Int(flows.flows[position].target)
        let goesOn: Bool
        if target == 0 {
            books.wire.packets &+= 1
            goesOn = flows.receive(captured, in: frame, position, &books, &budget)
        } else {
            goesOn = receive(captured, in: frame, position, target, &budget)
        }
        if !goesOn { remove(position, .closed, &budget) }
    }

    @inline(never)
    private mutating func receive(
        _ captured: CapturedSegment, in frame: Span<UInt8>, _ position: Int, _ target: Int, _ budget: inout Budget
    ) -> Bool {
        others[target - 1].books.wire.packets &+= 1
        return flows.receive(captured, in: frame, position, &others[target - 1].books, &budget)
    }

    /// Starts to follow a connection, if the segment tells anything of it.
    private mutating func follow(
        _ captured: CapturedSegment, _ own: inout OwnConnections, _ budget: inout Budget
    ) -> Int? {
        let (key, segment) = (captured.key, captured.segment)
        let target = targets.find(key.server)
        let isOwn = own.cover(key.client, segment, at: captured.stamp)
        let tellsNothing = !segment.flags.contains(.syn) && segment.length == 0 || segment.flags.contains(.rst)
        let isLate = !isOwn && !tellsNothing && flows.hasEnded(captured)
        guard !isOwn, !tellsNothing, !isLate else {
            withBooks(of: target) { books in
                books.wire.packets &+= 1
                if isOwn { books.wire.ownPackets &+= 1 }
                if isLate { books.wire.repeatedSegments &+= 1 }
            }
            return nil
        }
        if flows.hasToGrow, !budget.mayGrow(flows.bytes) {
            budget.shedFlows &+= 1
            evictOldest(&budget)
        }
        withBooks(of: target) { $0.wire.connections += 1 }
        budget.connections += 1
        budget.flowBytes -= flows.bytes
        defer { budget.flowBytes += flows.bytes }
        return flows.insert(
            key, hash: captured.hash, target: UInt16(truncatingIfNeeded: target), at: captured.stamp)
    }

    private mutating func remove(_ position: Int, _ ending: Ending, _ budget: inout Budget) {
        let target = Int(flows.flows[position].target)
        if target == 0 {
            flows.remove(position, ending, &books, &budget)
        } else {
            flows.remove(position, ending, &others[target - 1].books, &budget)
        }
        withBooks(of: target) { $0.wire.connections -= 1 }
        budget.connections -= 1
    }
}

// Time, and what else makes connections go.
extension Lane where P: ~Copyable {
    /// When the last packet of the connection came that was quiet for longest; nil when none is followed.
    var oldestStamp: UInt64? { flows.leastRecent.map { flows.flows[$0].lastStamp } }

    /// Forgets the connection that was quiet for longest, to make room.
    mutating func evictOldest(_ budget: inout Budget) {
        guard let oldest = flows.leastRecent else { return }
        withBooks(of: Int(flows.flows[oldest].target)) { $0.wire.evictedConnections += 1 }
        remove(oldest, .evicted, &budget)
    }

    /// Gives back the queues that are empty. Costs a pass over all connections.
    mutating func giveBackQueues(_ budget: inout Budget) {
        flows.forEach { P.giveBack(&$0.connection, &budget) }
    }

    /// What the queues of one connection take at the most, in bytes. Costs a pass over all connections.
    var largestQueue: Int { flows.largest { P.queueBytes(of: $0.connection) } }

    /// Forgets connections whose queues take so many bytes or more, until all take no more than `bytes`.
    mutating func evictQueues(from size: Int, until bytes: Int, _ budget: inout Budget) {
        for position in flows.positions(where: { P.queueBytes(of: $0.connection) >= size }) {
            guard budget.queueBytes > bytes else { return }
            withBooks(of: Int(flows.flows[position].target)) { $0.wire.evictedConnections += 1 }
            remove(position, .evicted, &budget)
            budget.shedQueues &+= 1
        }
    }

    /// Forgets connections that are idle for too long, and lets the others prove themselves by their silence.
    ///
    /// - Parameter wasSetBack: whether the clock was.
    mutating func beginSecond(at stamp: UInt64, wasSetBack: Bool, _ budget: inout Budget) {
        if wasSetBack { flows.forEach { $0.clockWasSetBack(to: stamp) } }
        while let oldest = flows.leastRecent {
            let last = flows.flows[oldest].lastStamp
            guard stamp > last, stamp - last > budget.limits.idle else { break }
            remove(oldest, .idle, &budget)
        }
        rest(until: stamp, &budget)
    }

    /// Begins a minute.
    ///
    /// - Parameters:
    ///   - isFirst: whether none has ended.
    ///   - ages: whether what is long ago is to weigh less.
    mutating func turnMinute(isFirst: Bool, ages: Bool, _ budget: inout Budget) {
        budget.flowBytes -= flows.bytes
        flows.shrink()
        budget.flowBytes += flows.bytes
        forEachBooks { books in
            if !isFirst { books.turnMinute() }
            if ages { books.age() }
        }
    }

    /// Lets connections prove themselves by their silence.
    ///
    /// - Parameter stamp: nil for the end of the capture.
    mutating func rest(until stamp: UInt64?, _ budget: inout Budget) {
        guard budget.held > 0 else { return }
        flows.forEach { flow in
            if flow.target == 0 {
                books.rested(until: stamp, &flow.connection, &budget)
            } else {
                others[Int(flow.target) - 1].books.rested(until: stamp, &flow.connection, &budget)
            }
        }
    }

    /// Forgets all connections of a client's end.
    mutating func leaveOut(_ client: Endpoint, _ budget: inout Budget) {
        flows.positions { $0.key.client == client }.forEach { remove($0, .closed, &budget) }
    }

    /// Tells the ends by which a target is reached. Those of its connections that were counted elsewhere begin anew.
    mutating func learnServers(_ endpoints: [Endpoint], of target: Int, _ budget: inout Budget) {
        targets.learn(endpoints, of: target)
        let map = targets
        for position in flows.positions(where: { map.find($0.key.server) != Int($0.target) }) {
            remove(position, .evicted, &budget)
        }
    }
}

// What is known of a target's connections.
extension Lane where P: ~Copyable {
    /// How many connections of a target satisfy a condition. Costs a pass over all connections.
    func count(of target: Int, where condition: (P.Connection) -> Bool) -> Int {
        flows.count { Int($0.target) == target && condition($0.connection) }
    }

    /// Shows each connection of a target with the books. Costs a pass over all connections.
    mutating func forEach(of target: Int, _ body: (FlowKey, inout P.Connection, inout P) -> Void) {
        flows.forEach { flow in
            guard Int(flow.target) == target else { return }
            if target == 0 {
                body(flow.key, &flow.connection, &books)
            } else {
                body(flow.key, &flow.connection, &others[target - 1].books)
            }
        }
    }

    /// A number of all books, added up.
    func sum(_ number: (borrowing P) -> Int) -> Int { others.reduce(number(books)) { $0 + number($1.books) } }

    /// The counts of all targets together. Costs the copy of a few numbers.
    var totals: TrafficTotals {
        others.reduce(TrafficTotals(books.wire)) { $0.adding(TrafficTotals($1.books.wire)) }
    }

    /// The counts of one target, or of servers that are no target's for a number past the last one.
    func totals(of target: Int) -> TrafficTotals {
        target == 0 || others.isEmpty
            ? TrafficTotals(books.wire) : TrafficTotals(others[Swift.min(target, others.count) - 1].books.wire)
    }
}

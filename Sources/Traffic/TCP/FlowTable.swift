// The connections that are followed. There is room for a fixed number; the least recently used one makes place.

/// Connections by their ends.
struct FlowTable<P: WireProtocol & ~Copyable>: Sendable {
    /// How exactly the order of last use is kept, in nanoseconds: a busy connection is moved once a second.
    private static var rankingPrecision: UInt64 { 1_000_000_000 }

    /// The connections by position; a vacant position keeps its last one, emptied.
    private(set) var flows: [Flow<P>] = []
    private var index = HashIndex()
    private var recency = RecencyList()
    private var vacant: [Int] = []
    private var closed = ClosedConnections()
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = Swift.max(1, capacity)
        flows.reserveCapacity(self.capacity)  // address space only; pages are taken as connections come
    }

    var count: Int { index.count }
    /// Whether another connection takes memory that no connection has taken before.
    var hasToGrow: Bool { vacant.isEmpty }
    /// Bytes that it takes: those of the most connections that there have been, until it is made smaller.
    var bytes: Int { flows.count &* Self.cost }

    /// Bytes of a connection, with its places in the index and in the order of last use.
    static var cost: Int { MemoryLayout<Flow<P>>.stride + 64 }
    /// Connections for which memory is kept in any case.
    private static var smallest: Int { 1024 }

    /// The position that was quiet for longest.
    var leastRecent: Int? { recency.leastRecent }

    @inline(__always)
    func find(_ key: FlowKey, hash: UInt64) -> Int? {
        index.find(hash) { flows[$0].key == key }
    }

    /// Adds a connection. There must be room.
    mutating func insert(_ key: FlowKey, hash: UInt64, target: UInt16, at stamp: UInt64) -> Int {
        let position: Int
        if let free = vacant.popLast() {
            position = free
            flows[position] = Flow<P>(key: key, hash: hash, target: target)
        } else {
            position = flows.count
            flows.append(Flow<P>(key: key, hash: hash, target: target))
        }
        flows[position].rank(at: stamp)
        index.insert(hash, position)
        recency.insert(position)
        return position
    }

    /// Gives back memory where there were far more connections than there are. Costs a copy of those that are left.
    mutating func shrink() {
        guard flows.count > Self.smallest, count < flows.count / 4 else { return }
        var smaller = FlowTable(capacity: capacity)
        smaller.closed = closed
        while let position = recency.leastRecent {
            smaller.take(flows[position])
            recency.remove(position)
        }
        self = smaller
    }

    private mutating func take(_ flow: Flow<P>) {
        index.insert(flow.hash, flows.count)
        recency.insert(flows.count)
        flows.append(flow)
    }

    /// Gives a segment to the connection at a position, and says whether it goes on.
    @inline(__always)
    mutating func receive(
        _ captured: CapturedSegment, in frame: Span<UInt8>, _ position: Int, _ books: inout P, _ budget: inout Budget
    ) -> Bool {
        if captured.stamp &- flows[position].rankedAt >= Self.rankingPrecision {
            recency.touch(position)
            flows[position].rank(at: captured.stamp)
        }
        return flows[position].receive(captured, in: frame, &books, &budget)
    }

    /// Whether a segment of no connection here is one of a connection that is over, shown once more.
    func hasEnded(_ captured: CapturedSegment) -> Bool {
        closed.have(captured)
    }

    /// Ends and forgets the connection at a position.
    mutating func remove(_ position: Int, _ ending: Ending, _ books: inout P, _ budget: inout Budget) {
        flows[position].end(ending, &books, &budget)
        if ending == .closed { closed.add(flows[position].remains) }
        let (key, hash, target) = (flows[position].key, flows[position].hash, flows[position].target)
        flows[position] = Flow<P>(key: key, hash: hash, target: target)
        index.remove(hash, position)
        recency.remove(position)
        vacant.append(position)
    }

    /// How many followed connections satisfy a condition.
    func count(where condition: (Flow<P>) -> Bool) -> Int {
        flows.indices.count { isFollowed($0) && condition(flows[$0]) }
    }

    /// The largest size of a followed connection; 0 where there is none.
    func largest(_ size: (Flow<P>) -> Int) -> Int {
        flows.indices.reduce(0) { isFollowed($1) ? Swift.max($0, size(flows[$1])) : $0 }
    }

    /// Where the followed connections are that satisfy a condition.
    func positions(where condition: (Flow<P>) -> Bool) -> [Int] {
        flows.indices.filter { isFollowed($0) && condition(flows[$0]) }
    }

    /// Calls `body` for each followed connection.
    mutating func forEach(_ body: (inout Flow<P>) -> Void) {
        for position in flows.indices where isFollowed(position) { body(&flows[position]) }
    }

    private func isFollowed(_ position: Int) -> Bool {
        index.find(flows[position].hash) { $0 == position } != nil
    }
}

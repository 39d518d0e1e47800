// What all connections to a port of Postgres share: the figures, and what is needed to file a statement under the right
// names.

import Metrics

/// The books of the traffic with one port.
struct PostgresBooks: ~Copyable, Sendable {
    var wire = WireCounts()
    let hasher: Hasher64
    var counts: PostgresCounts
    var tables: TableNames
    var scanner: StatementScanner
    /// Bytes of messages in pieces that all connections keep, and the most that they may.
    var keptBytes = 0
    private let mostKept: Int
    /// Queries under way on all connections, and the most that there may be, on one and on all.
    var inFlight = 0
    private(set) var mostInFlight = 0
    private(set) var mostInFlightInAll = 0
    /// Bytes that the queues of all connections take, of other protocols' too, while a connection is worked on.
    var queueBytes = 0

    init(
        _ settings: PostgresTrafficSettings, buckets: Buckets, keepsPercentiles: Bool, seed: UInt64,
        mostKept: Int = TrafficLimits().unfinishedInAll
    ) {
        self.mostKept = mostKept
        hasher = Hasher64(seed: seed)
        tables = TableNames(capacity: settings.maxTables, hasher: hasher)
        counts = PostgresCounts(
            settings, slots: tables.slotCount, buckets: buckets, keepsPercentiles: keepsPercentiles)
        scanner = StatementScanner(hasher: hasher)
    }

    /// Whether more may be kept of messages in pieces.
    var mayKeep: Bool { keptBytes < mostKept }

    /// Files a statement that has ended.
    ///
    /// - Parameters:
    ///   - type: what it was.
    ///   - begin: when the server could start on it and had ended all before it.
    ///   - stamp: when the packet with its end was captured.
    @inline(__always)
    mutating func ended(
        _ unit: QueryUnit, as type: StatementType, isError: Bool, from begin: UInt64, at stamp: UInt64,
        by session: SessionRow
    ) {
        let time = wire.latency(from: begin, to: stamp)
        let place = counts.scale.place(of: time)
        counts.ended(type, place: place, time)
        counts.sessions.record(session, place: place, time)
        guard unit.table != .none, let slot = tables.slot(of: unit.table, isError: isError) else { return }
        if !tables.retired.isEmpty { followRetirements() }
        counts.tables.record(slot, type, place: place, time)
    }

    /// Moves the figures of tables that have lost their slot.
    private mutating func followRetirements() {
        for slot in tables.retired { counts.tables.move(slot, to: tables.other) }
        tables.retired = []
    }

    /// Lets what is long ago weigh less.
    mutating func age() {
        tables.age()
    }
}

extension PostgresBooks: WireProtocol {
    static var kind: WireProtocolKind { .postgres }
    static var unmeasuredReasons: [UnmeasuredReason] {
        [.joinedMidstream, .gap, .snapLength, .tailCut, .skippedAfterError, .resync, .closed, .evicted, .queueFull]
    }
    static var resyncReasons: [ResyncReason] { ResyncReason.allCases }

    static func begin(on port: UInt16) -> PostgresConversation { PostgresConversation() }

    static func opened(_ connection: inout PostgresConversation) {
        connection.opened()
    }

    @inline(__always)
    mutating func receive(
        _ bytes: Span<UInt8>, _ arrival: Arrival, _ connection: inout PostgresConversation, _ budget: inout Budget
    ) {
        let others = budget.inFlight &- inFlight
        mostInFlight = budget.limits.inFlight
        mostInFlightInAll = budget.limits.inFlightInAll &- others
        queueBytes = budget.queueBytes
        connection.receive(bytes, arrival, &self)
        budget.inFlight = others &+ inFlight
        budget.queueBytes = queueBytes
    }

    mutating func lost(
        _ count: Int, _ loss: Loss, _ arrival: Arrival, _ connection: inout PostgresConversation,
        _ budget: inout Budget
    ) {
        let others = budget.inFlight - inFlight
        queueBytes = budget.queueBytes
        connection.lost(count, loss, arrival, &self)
        budget.inFlight = others + inFlight
        budget.queueBytes = queueBytes
    }

    mutating func ended(_ ending: Ending, _ connection: inout PostgresConversation, _ budget: inout Budget) {
        let others = budget.inFlight - inFlight
        queueBytes = budget.queueBytes
        connection.ended(ending, &self)
        budget.inFlight = others + inFlight
        budget.queueBytes = queueBytes
    }

    static func queueBytes(of connection: borrowing PostgresConversation) -> Int { connection.queue.bytes }

    static func giveBack(_ connection: inout PostgresConversation, _ budget: inout Budget) {
        connection.queue.giveBack(&budget.queueBytes)
    }

    func snapshot(target: String?) -> PostgresSnapshot { PostgresSnapshot(self, port: target) }
}

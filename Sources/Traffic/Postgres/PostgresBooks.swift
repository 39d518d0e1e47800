// What all connections to Postgres share: the figures, and what is needed to file a statement under the right names.

/// The books of the traffic with Postgres.
struct PostgresBooks: ~Copyable, Sendable {
    let limits: TrafficLimits
    let hasher: Hasher64
    var counts: PostgresCounts
    var tables: TableNames
    var scanner: StatementScanner
    /// Bytes of messages in pieces that all connections keep.
    var keptBytes = 0
    /// Questions under way on all connections.
    var inFlight = 0

    init(_ settings: TrafficSettings) {
        limits = settings.limits
        hasher = Hasher64(seed: settings.seed)
        tables = TableNames(capacity: settings.sql.maxTables, hasher: hasher)
        counts = PostgresCounts(settings, slots: tables.slotCount)
        scanner = StatementScanner(hasher: hasher)
    }

    mutating func unmeasured(_ reason: UnmeasuredReason, _ count: Int = 1) {
        counts.unmeasured[reason.rawValue] &+= UInt64(count)
    }

    mutating func resync(_ reason: ResyncReason) {
        counts.resyncs[reason.rawValue] &+= 1
    }

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
        let time = counts.time(from: begin, to: stamp)
        let bucket = counts.scale.bucket(of: time)
        counts.types.record(Int(type.rawValue), bucket: bucket, time)
        counts.sessions.record(session, bucket: bucket, time)
        guard unit.table != .none, let slot = tables.slot(of: unit.table, isError: isError) else { return }
        if !tables.retired.isEmpty { followRetirements() }
        counts.tables.record(slot, type, bucket: bucket, time)
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

// Everything that is counted of the traffic with one port, in a few flat arrays. Handing it to a scrape is a copy by
// value.

import Metrics

/// The figures behind the families of the database's wire.
struct PostgresCounts: Sendable {
    let scale: LatencyScale
    /// By type.
    var types: HistogramRows
    var rows = [UInt64](repeating: 0, count: StatementType.allCases.count)
    var errors = ErrorRows()
    /// Errors that ended a session, with no statement under way.
    var sessionErrors = ErrorRows()
    var loginFailures = ErrorRows()
    var sessions: SessionRows
    var tables: TableRows
    /// One row: from the beginning of a transaction to its end.
    var transactions: HistogramRows
    var committed: UInt64 = 0
    var rolledBack: UInt64 = 0
    /// One row: from the end of a statement within a transaction to what its client does next.
    var idle: HistogramRows
    var logins: UInt64 = 0
    var cancels: UInt64 = 0
    var replicationSessions: UInt64 = 0
    /// Executions of prepared statements whose text was seen, and of others.
    var knownExecutions: UInt64 = 0
    var unknownExecutions: UInt64 = 0
    /// Statements under way.
    var inFlight = 0
    /// By type, for percentiles, where those are wanted.
    private(set) var fine: HistogramRows?

    /// - Parameter slots: of tables.
    init(_ settings: PostgresTrafficSettings, slots: Int, buckets: Buckets, keepsPercentiles: Bool) {
        scale = LatencyScale(buckets)
        if keepsPercentiles {
            fine = HistogramRows(RowPlaces(plain: FineScale.count), rows: StatementType.allCases.count)
        }
        types = HistogramRows(scale.places, rows: StatementType.allCases.count)
        sessions = SessionRows(scale.places)
        tables = TableRows(slots: slots, capacity: settings.maxHistograms, scale.places)
        transactions = HistogramRows(scale.places, rows: 1)
        idle = HistogramRows(scale.places, rows: 1)
    }

    /// Counts a statement that has taken this time, in nanoseconds.
    @inline(__always)
    mutating func ended(_ type: StatementType, place: Int, _ time: UInt64) {
        types.record(Int(type.rawValue), place: place, time)
        if fine != nil { fine?.record(Int(type.rawValue), place: FineScale.bucket(of: time), time) }
    }

    /// The time between two stamps in nanoseconds; 0 when the clock was set back meanwhile.
    private static func time(from begin: UInt64, to end: UInt64) -> UInt64 { end >= begin ? end - begin : 0 }

    mutating func endTransaction(from begin: UInt64, to end: UInt64) {
        let time = Self.time(from: begin, to: end)
        transactions.record(0, place: scale.place(of: time), time)
    }

    mutating func wasIdle(from begin: UInt64, to end: UInt64) {
        let time = Self.time(from: begin, to: end)
        idle.record(0, place: scale.place(of: time), time)
    }
}

// What had been counted when the traffic reached a certain moment. Packets wait in a ring for a while, so that the
// counts at a moment are known a little later only; coverage compares them with Redis' own count at that moment.

public import Traffic

/// Reads the engine's counts as its packets pass a moment.
public struct Meter: Sendable {
    /// What was counted before a moment.
    public struct Reading: Sendable, Equatable {
        /// Nanoseconds since 1970.
        public let moment: UInt64
        public let totals: TrafficTotals
    }

    /// The moment that is waited for; one that never comes when there is none.
    private var moment = UInt64.max
    public private(set) var reading: Reading?

    public init() {}

    /// Asks for a reading. One that was asked for and has not come is given up.
    mutating func ask(at moment: UInt64) {
        self.moment = moment
    }

    /// Notes that everything before this moment has been seen.
    @inline(__always)
    mutating func passes(_ stamp: UInt64, _ engine: borrowing TrafficEngine) {
        if stamp >= moment { take(engine.totals) }
    }

    private mutating func take(_ totals: TrafficTotals) {
        reading = Reading(moment: moment, totals: totals)
        moment = .max
    }
}

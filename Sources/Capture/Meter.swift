// What had been counted when the traffic reached a certain moment. Packets wait in a ring for a while, so that the
// counts at a moment are known a little later only. Coverage compares them with Redis' own count at that moment. Each
// target is polled when it is, and has a moment of its own. Only Redis says how many commands it has seen.

public import Traffic

/// Reads the engine's counts of its targets as its packets pass a moment.
public struct Meter: Sendable {
    /// What was counted before a moment.
    public struct Reading: Sendable, Equatable {
        /// Nanoseconds since 1970.
        public let moment: UInt64
        public let totals: TrafficTotals
    }

    /// The moments that are waited for, by target, and the first of them; one that never comes when there is none.
    private var moments: [Int: UInt64] = [:]
    private var next = UInt64.max
    /// The newest reading of each target.
    private(set) var readings: [Int: Reading] = [:]

    public init() {}

    /// Asks for a reading of a target. One that was asked for and has not come is given up.
    mutating func ask(at moment: UInt64, of target: Int = 0) {
        moments[target] = moment
        next = moments.values.min() ?? .max
    }

    /// Whether a reading is due once everything before this moment has been seen.
    @inline(__always)
    func isDue(at stamp: UInt64) -> Bool { stamp >= next }

    /// Notes that everything before this moment has been seen.
    mutating func passes(_ stamp: UInt64, _ engine: borrowing TrafficEngine) {
        guard isDue(at: stamp) else { return }
        for (target, moment) in moments where stamp >= moment {
            readings[target] = Reading(moment: moment, totals: engine.redisTotals(of: target))
            moments[target] = nil
        }
        next = moments.values.min() ?? .max
    }
}

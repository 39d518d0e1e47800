// The last minute of two counts, Redis' and the wire's, sampled at the same moments: with each poll.

import Traffic

/// Both counts at one moment.
struct CoveragePoint: Sendable {
    /// Nanoseconds since 1970.
    let moment: UInt64
    /// What Redis has counted, without Sidelong's own commands.
    let clients: Double
    let wire: TrafficTotals
}

/// The points of the last minute.
struct CoverageWindow: Sendable {
    private static let second: UInt64 = 1_000_000_000
    static let minute = 60 * second

    /// A second apart at the least, the oldest first: the last one that is a minute older than the newest, and all that
    /// are younger.
    private var points: [CoveragePoint] = []
    private var newest: CoveragePoint?

    /// Adds a point. One before the newest, or with less on its count, begins a window of its own.
    mutating func add(_ point: CoveragePoint) {
        if let newest, point.moment <= newest.moment || point.clients < newest.clients { self = CoverageWindow() }
        newest = point
        guard let last = points.last else { return points = [point] }
        if point.moment - last.moment >= Self.second { points.append(point) }
        while points.count > 1, point.moment - points[1].moment >= Self.minute { points.removeFirst() }
    }

    /// What was counted in the last minute, or since the first point when that is less.
    ///
    /// - Parameter now: nanoseconds since 1970.
    /// - Returns: nil with fewer than two points, and when the newest is out of date.
    func figures(at now: UInt64) -> CoverageFigures? {
        guard let newest, let oldest = points.first, newest.moment > oldest.moment else { return nil }
        let last = points.last { $0.moment < newest.moment } ?? oldest
        let patience = 2 * max(Self.minute, newest.moment - last.moment)
        guard now < newest.moment || now - newest.moment <= patience else { return nil }
        return CoverageFigures(
            nanoseconds: newest.moment - oldest.moment, clients: newest.clients - oldest.clients,
            wire: newest.wire.since(oldest.wire))
    }
}

/// What Redis and the wire counted in the same time.
struct CoverageFigures: Sendable {
    /// Commands below which a share says nothing.
    private static let fewest = 20.0

    let nanoseconds: UInt64
    /// Commands that Redis counted for clients.
    let clients: Double
    let wire: TrafficTotals

    /// Whether a minute went by.
    var isWhole: Bool { nanoseconds >= CoverageWindow.minute }
    /// The share of the commands that was measured, at most 1; nil when there were too few.
    var measured: Double? { share(wire.measured) }
    /// The same for those that were seen, measured or not.
    var seen: Double? { share(wire.seen) }

    private func share(_ commands: UInt64) -> Double? {
        clients >= Self.fewest ? min(1, Double(commands) / clients) : nil
    }
}

// How the gateway did in the last minute: a second's figures jump, and those since the start hide what is wrong now.

import Synchronization
import Traffic

/// The gateway's totals of the last minute.
final class GatewayWindow: Sendable {
    private static let minute = Duration.seconds(60)
    /// Totals take two kilobytes, so that not every second's are kept.
    private static let step = Duration.seconds(5)

    private typealias Point = (moment: ContinuousClock.Instant, totals: HTTPTotals)

    private struct State {
        /// A step apart at the least, the oldest first: the last one that is a minute older than the newest, and all
        /// that are younger.
        var points: [Point] = []
        var newest: Point?
    }

    private let state = Mutex(State())

    /// Takes the newest totals.
    func take(_ totals: HTTPTotals, at now: ContinuousClock.Instant = .now) {
        state.withLock { state in
            state.newest = (now, totals)
            guard let last = state.points.last else { return state.points = [(now, totals)] }
            if last.moment.duration(to: now) >= Self.step { state.points.append((now, totals)) }
            while state.points.count > 1, state.points[1].moment.duration(to: now) >= Self.minute {
                state.points.removeFirst()
            }
        }
    }

    /// What was counted in the last minute, or since the first look when that is less; nil before the second one.
    var figures: HTTPTotals? {
        state.withLock { state in
            guard let newest = state.newest, let oldest = state.points.first, oldest.moment < newest.moment else {
                return nil
            }
            return newest.totals.since(oldest.totals)
        }
    }
}

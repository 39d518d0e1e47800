// What share of Redis' commands the capture sees. Redis counts every command; what it counts more than the wire did not
// pass a captured interface, or was lost.

import Capture
import Metrics
import Synchronization

/// Compares Redis' own counts with those of the wire, both since the first poll.
final class Coverage: Sendable {
    static let ratio = Descriptor(
        .gauge, "sidelong_wire_coverage_ratio",
        help:
            "Commands seen on the network over those that Redis counted (INFO total_commands_processed), since the capture began; Redis also counts what scripts call."
    )

    /// One target's count, carried on over restarts of the server.
    private struct Count {
        var newest: Double
        var counted = 0.0

        mutating func take(_ value: Double) {
            // A count that goes back belongs to a server that was restarted.
            counted += value >= newest ? value - newest : value
            newest = value
        }
    }

    /// Both counts at one moment.
    private struct Point {
        let wire: UInt64
        let redis: Double
    }

    private struct State {
        var counts: [String: Count] = [:]
        /// Redis' count at the moment that the engine's meter was asked for; nil when no answer is outstanding.
        var asked: (moment: UInt64, redis: Double)?
        var first: Point?
        var newest: Point?
    }

    private let engine: SharedEngine
    private let state = Mutex(State())

    init(_ engine: SharedEngine) {
        self.engine = engine
    }

    /// Takes what a Redis has counted, right after it has said so.
    ///
    /// - Parameters:
    ///   - target: tells the servers apart.
    ///   - moment: on the clock of the packets' stamps, nanoseconds since 1970.
    func polled(_ target: String, commands: Double, at moment: UInt64 = LiveCapture.now()) {
        state.withLock { state in
            state.counts[target, default: Count(newest: commands)].take(commands)
            // After a clock that was set back the traffic would reach the moment that was asked for too late.
            if let asked = state.asked, asked.moment <= moment { return }
            state.asked = (moment, state.counts.values.reduce(0) { $0 + $1.counted })
            engine.askMeter(at: moment)
        }
    }

    /// The share at the newest poll whose packets have all been read; nil before the second.
    func ratio() -> Double? {
        let reading = engine.meterReading
        return state.withLock { state in
            if let reading, let asked = state.asked, reading.moment == asked.moment {
                let point = Point(wire: reading.commands, redis: asked.redis)
                if state.first == nil { state.first = point } else { state.newest = point }
                state.asked = nil
            }
            guard let first = state.first, let newest = state.newest, newest.redis > first.redis else { return nil }
            return Double(newest.wire &- first.wire) / (newest.redis - first.redis)
        }
    }
}

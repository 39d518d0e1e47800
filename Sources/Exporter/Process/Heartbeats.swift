// Whether the program's own loops turn. Each loop says so whenever it turns; a loop that stays silent for longer than
// anything legitimate can take makes /health/live fail, so that the orchestrator restarts the process.

import Synchronization

/// When each loop of the program last turned.
final class Heartbeats: Sendable {
    /// How long a loop may stay silent beyond its own pause.
    static let patience = Duration.seconds(20)
    /// How often the loops turn that follow no interval of the operator's, where other work wakes them.
    static let pulse = Duration.seconds(5)
    /// How much later they turn where nothing does: not at all in a rhythm of 15 s.
    static let leeway = Duration.seconds(11)
    /// Their longest pause. One that stops is missed within 40 s.
    static let longestPause = pulse + leeway

    private struct Beat {
        /// On the clock that the loops sleep by: a machine that was suspended has no stuck loops.
        var last: SuspendingClock.Instant
        var pause: Duration
    }

    /// One loop; two loops of the same name are still two.
    struct Loop: Sendable, Hashable {
        let name: String
        fileprivate let number: Int
    }

    private struct State {
        var beats: [Loop: Beat] = [:]
        var loops = 0
    }

    private let state = Mutex(State())
    private let stopper: LoopStopper?

    /// - Parameter stopper: stops a loop at its second beat, in tests.
    init(_ stopper: LoopStopper? = nil) {
        self.stopper = stopper
    }

    /// A loop that has not turned yet, by the name that the health page shows.
    func newLoop(_ name: String) -> Loop {
        state.withLock { state in
            state.loops += 1
            return Loop(name: name, number: state.loops)
        }
    }

    /// Notes that a loop turned.
    ///
    /// - Parameters:
    ///   - pause: the longest time until it turns again when all is well.
    func beat(_ loop: Loop, pause: Duration, at now: SuspendingClock.Instant = .now) {
        if let stopper, state.withLock({ $0.beats[loop] != nil }) { stopper.stop(loop.name) }
        state.withLock { $0.beats[loop] = Beat(last: now, pause: max(pause, .zero)) }
    }

    /// Takes a loop off the list, because it was ended on purpose.
    func forget(_ loop: Loop) {
        state.withLock { _ = $0.beats.removeValue(forKey: loop) }
    }

    /// The names of loops that have been silent for too long, sorted.
    func silent(at now: SuspendingClock.Instant = .now) -> [String] {
        state.withLock { state in
            state.beats.filter { $0.value.last + $0.value.pause + Self.patience < now }.keys.map(\.name).sorted()
        }
    }
}

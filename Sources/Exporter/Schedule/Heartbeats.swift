// Whether the program's own loops turn. Each loop says so whenever it turns; a loop that stays silent for longer than
// anything legitimate can take makes /health/live fail, so that the orchestrator restarts the process.

import Synchronization

/// When each loop of the program last turned.
final class Heartbeats: Sendable {
    /// How long a loop may stay silent beyond its own pause.
    static let patience = Duration.seconds(20)

    private struct Beat {
        var last: ContinuousClock.Instant
        var pause: Duration
    }

    private let beats = Mutex<[String: Beat]>([:])

    /// Notes that a loop turned.
    ///
    /// - Parameters:
    ///   - name: the loop's name, for the health page.
    ///   - pause: the longest time until it turns again when all is well.
    func beat(_ name: String, pause: Duration, at now: ContinuousClock.Instant = .now) {
        beats.withLock { $0[name] = Beat(last: now, pause: pause) }
    }

    /// Takes a loop off the list, because it was ended on purpose.
    func forget(_ name: String) {
        beats.withLock { _ = $0.removeValue(forKey: name) }
    }

    /// The names of loops that have been silent for too long, sorted.
    func silent(at now: ContinuousClock.Instant = .now) -> [String] {
        beats.withLock { beats in
            beats.filter { $0.value.last + $0.value.pause + Self.patience < now }.keys.sorted()
        }
    }
}

// The registry holds the newest report of every source. Reports are swapped whole, so a reader sees all of a poll or
// none of it, and neither side ever waits for the other's I/O.

import Metrics
import Synchronization

/// The newest state of all sources.
final class Registry: Sendable {
    /// What is known at one moment.
    struct Contents: Sendable {
        /// One per source, in the order of the schedule.
        var reports: [Report]
        /// Grows with every change; equal generations mean equal contents.
        var generation: UInt64 = 0
    }

    /// Where the report of a source stands; never given to another one.
    typealias Place = Int

    private struct State {
        var contents: Contents
        /// In the order of the reports.
        var places: [Place]
        var next: Place
    }

    private let state: Mutex<State>

    /// - Parameter reports: one per source, to begin with; their places are 0, 1 and so on.
    init(_ reports: [Report] = []) {
        state = Mutex(
            State(
                contents: Contents(reports: reports), places: Array(reports.indices), next: reports.count))
    }

    var contents: Contents { state.withLock { $0.contents } }

    /// Takes in the first report of a further source.
    func add(_ report: Report) -> Place {
        state.withLock { state in
            defer { state.next += 1 }
            state.contents.reports.append(report)
            state.contents.generation &+= 1
            state.places.append(state.next)
            return state.next
        }
    }

    /// Forgets a source.
    func remove(_ place: Place) {
        state.withLock { state in
            guard let index = state.places.firstIndex(of: place) else { return }
            state.places.remove(at: index)
            state.contents.reports.remove(at: index)
            state.contents.generation &+= 1
        }
    }

    /// Replaces the report of one source; of one that was removed it is let go.
    func publish(_ report: Report, at place: Place) {
        state.withLock { state in
            guard let index = state.places.firstIndex(of: place) else { return }
            state.contents.reports[index] = report
            state.contents.generation &+= 1
        }
    }
}

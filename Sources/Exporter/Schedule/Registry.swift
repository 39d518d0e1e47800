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

    private let state: Mutex<Contents>

    /// - Parameter reports: one per source, to begin with.
    init(_ reports: [Report]) {
        state = Mutex(Contents(reports: reports))
    }

    var contents: Contents { state.withLock { $0 } }

    /// Replaces the report of one source.
    func publish(_ report: Report, at index: Int) {
        state.withLock { contents in
            contents.reports[index] = report
            contents.generation &+= 1
        }
    }
}

// What the server's loop and the rest of the program share: the order to stop, and the counts.

import Synchronization
import System

/// The one piece of state that more than one thread touches.
final class LoopControl: Sendable {
    let wakeup: Wakeup
    private let stopDeadline = Mutex<ContinuousClock.Instant?>(nil)
    private let connectionCounts = Mutex(HTTPConnectionCounts())

    init() throws(HTTPServerError) {
        do {
            wakeup = try Wakeup()
        } catch {
            throw .cannotStart(reason: error.description)
        }
    }

    /// When everything has to be over; nil while the server runs.
    var stopBy: ContinuousClock.Instant? { stopDeadline.withLock { $0 } }

    /// Orders the loop to stop. Of several orders the earliest deadline counts.
    func stop(by deadline: ContinuousClock.Instant) {
        stopDeadline.withLock { $0 = min($0 ?? deadline, deadline) }
        wakeup.ring()
    }

    var counts: HTTPConnectionCounts { connectionCounts.withLock { $0 } }

    func count(_ change: (inout HTTPConnectionCounts) -> Void) {
        connectionCounts.withLock { change(&$0) }
    }
}

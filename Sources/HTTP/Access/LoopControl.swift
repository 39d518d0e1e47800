// What the server's loop and the rest of the program share: orders to it, results for it, and its counts.

import Synchronization
import System

/// The one piece of state that more than one thread touches.
final class LoopControl: Sendable {
    let wakeup: Wakeup
    let memory: MemoryBudget
    private let stopDeadline = Mutex<ContinuousClock.Instant?>(nil)
    private let nextRules = Mutex<AccessRules?>(nil)
    private let verdicts = Mutex<[Verdict]>([])
    private let connectionCounts = Mutex(HTTPConnectionCounts())
    private let gateCounts = Mutex(AccessCounts())

    /// What came of a password's check.
    struct Verdict {
        let connection: Int32
        let isGenuine: Bool
    }

    init(memory: MemoryBudget = MemoryBudget()) throws(HTTPServerError) {
        self.memory = memory
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

    /// Orders the loop to go by new rules.
    func replaceRules(with rules: AccessRules) {
        nextRules.withLock { $0 = rules }
        wakeup.ring()
    }

    /// The rules that were ordered and not taken yet.
    func takeRules() -> AccessRules? {
        nextRules.withLock { $0.take() }
    }

    /// Gives rules back that cannot be followed at the moment; newer ones win.
    func postpone(_ rules: AccessRules) {
        nextRules.withLock { $0 = $0 ?? rules }
    }

    /// Brings the result of a password's check to the connection that waits for it.
    func deliver(_ isGenuine: Bool, to connection: Int32) {
        verdicts.withLock { $0.append(Verdict(connection: connection, isGenuine: isGenuine)) }
        wakeup.ring()
    }

    /// The results since the last call.
    func takeVerdicts() -> [Verdict] {
        verdicts.withLock { verdicts in
            defer { verdicts = [] }
            return verdicts
        }
    }

    var counts: HTTPConnectionCounts { connectionCounts.withLock { $0 } }

    func count(_ change: (inout HTTPConnectionCounts) -> Void) {
        connectionCounts.withLock { change(&$0) }
    }

    var accessCounts: AccessCounts { gateCounts.withLock { $0 } }

    func countAccess(_ change: (inout AccessCounts) -> Void) {
        gateCounts.withLock { change(&$0) }
    }
}

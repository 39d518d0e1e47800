// What is known of a Redis' process before looking for it. The poll of Redis tells; the search reads it.

import Metrics
import Synchronization
import System

/// Where to look for one target's redis-server process.
///
/// Shared between the owner of the target, which reports, and its ``RedisProcessCollector``.
public final class RedisProcessHint: Sendable {
    struct Facts: Sendable, Equatable {
        var processID: Int?
        var port: UInt16?
    }

    private let state: Mutex<Facts>
    private let hasReport = Atomic(false)
    private let bell = Semaphore()

    /// - Parameter port: the target's TCP port where its address is this machine's own, such as `localhost`; nil for a
    ///   target elsewhere, as another Redis may listen on the same port here.
    public init(port: Int? = nil) {
        state = Mutex(Facts(port: port.flatMap { UInt16(exactly: $0) }))
    }

    /// Reports `INFO process_id` after a poll; nil when the server does not say.
    ///
    /// The number belongs to the server's PID namespace, so it is only taken for a process that looks like a server.
    public func report(processID: Int?) {
        state.withLock { $0.processID = processID }
        endWait()
    }

    /// Reports a poll that failed. What is known stays.
    public func reportNothing() {
        endWait()
    }

    private func endWait() {
        if !hasReport.exchange(true, ordering: .acquiringAndReleasing) { bell.signal() }
    }

    /// What is known. The first time it waits for the end of Redis' first poll, since a number spares the search by
    /// port, but not longer than half way to the deadline. For one thread, which it blocks.
    func facts(before deadline: Deadline) -> Facts {
        if !hasReport.load(ordering: .acquiring) {
            bell.wait(for: deadline.remaining / 2)
            hasReport.store(true, ordering: .releasing)
        }
        return state.withLock { $0 }
    }
}

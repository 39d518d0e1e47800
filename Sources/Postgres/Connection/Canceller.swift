// A statement whose poll is over should not go on burning the server's processor. libpq's call for that waits as long
// as the server likes. So it is made on a thread of its own.
import Synchronization
import System

/// Sends cancel requests of one target, each on a thread of its own: one at a time, further ones are dropped.
final class Canceller: Sendable {
    private let isBusy = Atomic(false)

    /// Sends the request, and returns when the server has taken it or when the grace is over.
    ///
    /// The connection concerned must be closed afterwards, not before: PgBouncer knows no statement of a client that is
    /// gone. Does nothing while an earlier request has no answer, as from a server that is stopped: so no more than one
    /// thread and one socket per target can ever hang. It also does nothing where there is no room for a thread.
    func cancel(_ request: CancelRequest, grace: Duration = .milliseconds(100)) {
        guard isBusy.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged else { return }
        let isSent = Semaphore()
        do throws(SystemError) {
            _ = try WorkerThread("cancel") {
                request.send()
                self.isBusy.store(false, ordering: .relaxed)
                isSent.signal()
            }
            isSent.wait(for: grace)
        } catch {
            isBusy.store(false, ordering: .relaxed)
        }
    }
}

// Client libraries block: in name resolution, in poll(2). Their calls must not occupy the thread that the program's
// tasks share, so each target's actor runs on a queue of its own.
private import Dispatch

/// Runs an actor on a Dispatch queue of its own: one thread while there is work, none while there is not.
///
/// An actor returns it from `unownedExecutor`, and may then call blocking functions.
public final class BlockingExecutor: SerialExecutor {
    private let queue: DispatchQueue

    /// - Parameter label: names the thread in a debugger.
    public init(label: String) {
        queue = DispatchQueue(label: label)
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

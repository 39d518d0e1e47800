// Client libraries block: in name resolution, in poll(2). Their calls must not occupy the thread that the program's
// tasks share, so each target's actor runs on a thread of its own.

/// Runs an actor on a thread of its own, which starts with the first call and ends with the actor.
///
/// An actor returns it from `unownedExecutor`, and may then call blocking functions.
public final class BlockingExecutor: SerialExecutor {
    private let thread: JobThread

    /// - Parameter name: what `top -H` shows; the first 15 bytes of it.
    public init(_ name: String) {
        thread = JobThread(name)
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        thread.run { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

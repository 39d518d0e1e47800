// Waiting for a Redis blocks a thread. Each target waits on a queue of its own, so that one that hangs holds up nobody
// else, and never on the threads that Swift's tasks share.

import Dispatch

/// Runs the jobs of one actor on a dispatch queue, one after the other.
final class QueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }
}

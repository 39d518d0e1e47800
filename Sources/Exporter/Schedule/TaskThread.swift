// The program's tasks take turns on one thread. They wait most of the time, and what can block has a queue of its own.
// Swift's shared pool would do as well, but libdispatch looks after that pool by opening files in /proc, and ends the
// process when it cannot, as when the whole machine is out of descriptors.

import Dispatch
import Metrics

/// Where every task of the program runs: `Task(executorPreference: TaskThread.shared)`.
final class TaskThread: TaskExecutor {
    static let shared = TaskThread()

    /// A serial queue, for which libdispatch has threads that it does not look after.
    let queue = DispatchQueue(label: "sidelong.tasks")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// The suspending clock, with sleepers that wake on the task thread. Those of the library wake on the shared pool.
struct TaskClock: Clock {
    var now: SuspendingClock.Instant { .now }
    var minimumResolution: Duration { SuspendingClock().minimumResolution }

    /// - Throws: `CancellationError`, at once, when the task is cancelled. A few bytes are held until the deadline
    ///   then.
    func sleep(until deadline: SuspendingClock.Instant, tolerance: Duration? = nil) async throws {
        let alarm = AsyncStream<Void> { alarm in
            let duration = now.duration(to: deadline).seconds
            TaskThread.shared.queue.asyncAfter(deadline: .now() + duration) { alarm.finish() }
        }
        for await _ in alarm {}
        try Task.checkCancellation()
    }
}

// The program's tasks take turns on one thread. They wait most of the time, and what can block has a thread of its own.
// Swift's shared pool would do as well. But libdispatch looks after that pool by opening files in /proc, and ends the
// process when it cannot, as when the whole machine is out of descriptors.

import System

/// Where every task of the program runs: `Task(executorPreference: TaskThread.shared)`.
final class TaskThread: TaskExecutor {
    static let shared = TaskThread()

    let thread = JobThread("tasks")

    /// - Throws: when the machine has no room for a thread.
    func start() throws(ConfigurationError) {
        do throws(SystemError) {
            try thread.start()
        } catch {
            throw ConfigurationError("\(error)")
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        thread.run { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// The suspending clock, with sleepers that wake on the task thread. Those of the library wake on the shared pool.
struct TaskClock: Clock {
    var now: SuspendingClock.Instant { .now }
    var minimumResolution: Duration { SuspendingClock().minimumResolution }

    /// - Throws: `CancellationError`, at once, when the task is cancelled.
    func sleep(until deadline: SuspendingClock.Instant, tolerance: Duration? = nil) async throws {
        let thread = TaskThread.shared.thread
        let wait = AsyncStream<Void> { wait in
            let alarm = thread.run(at: deadline) { wait.finish() }
            wait.onTermination = { _ in thread.cancel(alarm) }
        }
        for await _ in wait {}
        try Task.checkCancellation()
    }
}

// The program's tasks take turns on one thread. They wait most of the time, and what can block has a thread of its own.
// Swift's shared pool would do as well. But libdispatch looks after that pool by opening files in /proc, and ends the
// process when it cannot, as when the whole machine is out of descriptors.

import Synchronization
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

/// A clock that does something later without a task that sleeps until then.
protocol AlarmClock: Clock where Duration == Swift.Duration {
    /// Does a quick job when so long has passed.
    ///
    /// - Returns: what forgets the job, where it is not done yet.
    func alarm(after pause: Duration, _ job: @escaping @Sendable () -> Void) -> @Sendable () -> Void
}

/// The suspending clock, with sleepers that wake on the task thread. Those of the library wake on the shared pool.
struct TaskClock: AlarmClock {
    var now: SuspendingClock.Instant { .now }
    var minimumResolution: Duration { SuspendingClock().minimumResolution }

    /// - Parameter tolerance: how much later the task may wake, together with another one.
    /// - Throws: `CancellationError`, at once, when the task is cancelled.
    func sleep(until deadline: SuspendingClock.Instant, tolerance: Duration? = nil) async throws {
        guard deadline > now else { return try Task.checkCancellation() }
        let sleeper = Sleeper(on: TaskThread.shared.thread)
        await withTaskCancellationHandler {
            await withCheckedContinuation { sleeper.sleep(until: deadline, tolerance ?? .zero, $0) }
        } onCancel: {
            sleeper.wake()
        }
        try Task.checkCancellation()
    }

    func alarm(after pause: Duration, _ job: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        let thread = TaskThread.shared.thread
        let alarm = thread.run(at: now.advanced(by: pause), job)
        return { thread.cancel(alarm) }
    }
}

/// One task that sleeps, until its time or until it is woken. A stream without elements would do the same, with more to
/// make for each sleep.
private final class Sleeper: Sendable {
    private struct State {
        var continuation: CheckedContinuation<Void, Never>?
        var alarm: JobThread.Alarm?
        var isAwake = false
    }

    private let thread: JobThread
    private let state = Mutex(State())

    init(on thread: JobThread) {
        self.thread = thread
    }

    func sleep(
        until deadline: SuspendingClock.Instant, _ tolerance: Duration, _ continuation: CheckedContinuation<Void, Never>
    ) {
        let isAwake = state.withLock { state in
            if state.isAwake { return true }
            state.continuation = continuation
            state.alarm = thread.run(at: deadline, tolerance: tolerance) { self.wake() }
            return false
        }
        if isAwake { continuation.resume() }
    }

    /// Ends the sleep; one that has not begun will be none.
    func wake() {
        let (continuation, alarm) = state.withLock { state in
            defer { state = State(continuation: nil, alarm: nil, isAwake: true) }
            return (state.continuation, state.alarm)
        }
        if let alarm { thread.cancel(alarm) }
        continuation?.resume()
    }
}

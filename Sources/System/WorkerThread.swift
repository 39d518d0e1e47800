// A thread of one's own, for a loop that sleeps in poll(2) and must not hold a thread of a shared pool.

import Glibc

/// A thread that does one piece of work.
@safe
public struct WorkerThread: ~Copyable {
    private let identifier: pthread_t

    /// Starts the thread.
    public init(_ work: sending @escaping () -> Void) throws(SystemError) {
        let work = unsafe Unmanaged.passRetained(Work(run: work))
        var identifier = pthread_t()
        let status = unsafe pthread_create(
            &identifier, nil,
            { context in
                let work = unsafe Unmanaged<Work>.fromOpaque(context!).takeRetainedValue()
                work.run()
                return nil
            }, work.toOpaque())
        guard status == 0 else {
            unsafe work.release()
            throw SystemError("pthread_create", code: status)
        }
        self.identifier = identifier
    }

    /// Waits for the end of the work.
    public consuming func join() {
        pthread_join(identifier, nil)
    }

    private final class Work {
        let run: () -> Void

        init(run: @escaping () -> Void) {
            self.run = run
        }
    }
}

// A thread of one's own, for what sleeps in a system call and must not hold up anybody else.

import CThreads
import Glibc

/// A thread that does one piece of work. Where it is not joined, it goes when its work is done.
@safe
public struct WorkerThread: ~Copyable {
    private let identifier: pthread_t

    /// Starts the thread.
    ///
    /// - Parameter name: what `top -H` shows; the first 15 bytes of it.
    public init(_ name: String, _ work: sending @escaping () -> Void) throws(SystemError) {
        let work = unsafe Unmanaged.passRetained(Work(name: name, run: work))
        var identifier = pthread_t()
        let status = unsafe pthread_create(
            &identifier, nil,
            { context in
                let work = unsafe Unmanaged<Work>.fromOpaque(context!).takeRetainedValue()
                unsafe pthread_setname_np(pthread_self(), work.name)
                work.run()
                return nil
            }, work.toOpaque())
        guard status == 0 else {
            unsafe work.release()
            throw SystemError("pthread_create", code: status)
        }
        self.identifier = identifier
    }

    deinit {
        pthread_detach(identifier)
    }

    /// Waits for the end of the work.
    public consuming func join() {
        pthread_join(identifier, nil)
        discard self
    }

    private final class Work {
        let name: String
        let run: () -> Void

        init(name: String, run: @escaping () -> Void) {
            // Linux takes no more than 15 bytes (pthread_setname_np(3)).
            var name = name
            while name.utf8.count > 15 { name.removeLast() }
            self.name = name
            self.run = run
        }
    }
}

// The one thread on which packets are read: it sleeps in poll(2) and must not hold a thread of a shared pool.

import Glibc

/// A thread that does one piece of work.
@safe
struct CaptureThread: ~Copyable {
    private let identifier: pthread_t

    /// Starts the thread.
    init(_ work: sending @escaping () -> Void) throws(CaptureError) {
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
            throw .resources(unsafe String(cString: strerror(status)))
        }
        self.identifier = identifier
    }

    /// Waits for the end of the work.
    consuming func join() {
        pthread_join(identifier, nil)
    }

    private final class Work {
        let run: () -> Void

        init(run: @escaping () -> Void) {
            self.run = run
        }
    }
}

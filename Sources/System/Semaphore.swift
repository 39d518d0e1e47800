// How one thread tells another that there is something to do. It takes no descriptor.

import CThreads
import Glibc

/// A semaphore of POSIX (`sem_overview(7)`), freed with its owner.
@safe
public final class Semaphore: Sendable {
    private nonisolated(unsafe) let handle: UnsafeMutablePointer<sem_t>

    /// A semaphore that has not been signalled yet.
    public init() {
        unsafe handle = .allocate(capacity: 1)
        unsafe sem_init(handle, 0, 0)
    }

    deinit {
        unsafe sem_destroy(handle)
        unsafe handle.deallocate()
    }

    /// Ends one wait: the present one, or the next.
    public func signal() {
        unsafe sem_post(handle)
    }

    /// Returns after a signal, or when the time is over; without an end it waits for the signal.
    public func wait(for limit: Duration? = nil) {
        guard let limit else {
            while unsafe sem_wait(handle) != 0 && errno == EINTR {}
            return
        }
        var end = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &end)
        let (seconds, attoseconds) = limit.components
        let nanoseconds = end.tv_nsec + Int(attoseconds / 1_000_000_000)
        end.tv_sec += Int(seconds) + nanoseconds / 1_000_000_000
        end.tv_nsec = nanoseconds % 1_000_000_000
        while unsafe sem_clockwait(handle, CLOCK_MONOTONIC, &end) != 0 && errno == EINTR {}
    }
}

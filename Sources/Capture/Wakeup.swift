// How another thread gets the capture's loop out of its sleep.

import Glibc

/// A pipe that becomes readable, closed with its owner.
final class Wakeup: Sendable {
    /// Readable after ``ring()``, and from then on.
    let descriptor: Int32
    private let writing: Int32

    init() throws(CaptureError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw .resources(unsafe String(cString: strerror(errno))) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        descriptor = ends[0]
        writing = ends[1]
    }

    deinit {
        close(descriptor)
        close(writing)
    }

    func ring() {
        _ = unsafe write(writing, [0], 1)
    }
}

// How another thread gets the server's loop out of its sleep.

import Glibc

/// A pipe that becomes readable, closed with its owner.
final class Wakeup: Sendable {
    /// Readable after ``ring()``, until ``quiet()``.
    let descriptor: Int32
    private let writing: Int32

    init() throws(HTTPServerError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else {
            throw .cannotStart(reason: unsafe String(cString: strerror(errno)))
        }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        descriptor = ends[0]
        writing = ends[1]
    }

    deinit {
        close(descriptor)
        close(writing)
    }

    /// May be called any number of times: a full pipe is readable as well.
    func ring() {
        _ = unsafe write(writing, [0], 1)
    }

    /// Stops ringing. What the bell was rung for has to be looked at afterwards.
    func quiet() {
        var bytes = [UInt8](repeating: 0, count: 512)
        while unsafe read(descriptor, &bytes, bytes.count) == bytes.count {}
    }
}

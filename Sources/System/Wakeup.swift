// How one thread gets another out of its sleep in poll(2).

import Glibc

/// A pipe that becomes readable, closed with its owner.
public final class Wakeup: Sendable {
    /// Readable after ``ring()``, and from then on.
    public let descriptor: Int32
    private let writing: Int32

    public init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw SystemError("pipe", code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        descriptor = ends[0]
        writing = ends[1]
    }

    deinit {
        close(descriptor)
        close(writing)
    }

    /// May be called any number of times: a pipe takes thousands of bytes before it would block.
    public func ring() {
        _ = unsafe write(writing, [0], 1)
    }
}

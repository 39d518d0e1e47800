// How one thread gets another out of its sleep in poll(2).

import Glibc

/// A pipe that becomes readable, closed with its owner.
public final class Wakeup: Sendable {
    /// Readable after ``ring()``, until ``quiet()``.
    public let descriptor: Int32
    private let writing: Int32

    public init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw SystemError("pipe", code: errno) }
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
    public func ring() {
        _ = unsafe write(writing, [0], 1)
    }

    /// Stops ringing. What the bell was rung for has to be looked at afterwards.
    public func quiet() {
        var bytes = [UInt8](repeating: 0, count: 512)
        while unsafe read(descriptor, &bytes, bytes.count) == bytes.count {}
    }
}

import CSpawn
import Glibc

/// A file whose opening does not come to an end, as one of a network file system whose server is gone. Needs root.
///
/// It hangs for this process too. It recovers when the object goes.
public final class HungFile: Sendable {
    private let descriptor: Int32

    public init(_ path: String) throws {
        descriptor = unsafe test_hold_up_opening(path)
        guard descriptor >= 0 else { throw NeverHappened(description: "fanotify of \(path): errno \(errno)") }
    }

    deinit {
        close(descriptor)
    }

    /// Whether somebody waits for it.
    public var isWaitedFor: Bool {
        var question = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&question, 1, 0) == 1
    }
}

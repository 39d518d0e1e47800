import Dispatch

/// Holds up work on other threads until a test opens it.
final class Door: Sendable {
    private let arrived = DispatchSemaphore(value: 0)
    private let opened = DispatchSemaphore(value: 0)

    /// Waits until the door is open; the answer is always no.
    func pass() -> Bool {
        arrived.signal()
        opened.wait()
        opened.signal()
        return false
    }

    func open() {
        opened.signal()
    }

    /// Waits until somebody is at the door.
    func waitForOne() {
        arrived.wait()
    }

    deinit {
        // A semaphore must not go with a lower value than it came with.
        opened.signal()
    }
}

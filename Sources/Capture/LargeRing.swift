// A ring takes the kernel some milliseconds to make and to close (it waits until no processor can be looking at the old
// one). The capture's thread has none to spare, so that happens on another thread.

import Synchronization
import System

/// A large ring in the making.
///
/// Its socket is opened at the start, since opening one takes the capability that is dropped then.
final class LargeRing: Sendable {
    private let size: Int
    private let snapLength: Int
    private let isBegun = Atomic(false)
    private let socket: Mutex<PacketSocket?>
    private let ring = Mutex<PacketRing?>(nil)
    private let closing = Mutex<PacketRing?>(nil)

    init(_ socket: consuming PacketSocket, size: Int, snapLength: Int) {
        self.size = size
        self.snapLength = snapLength
        self.socket = Mutex(consume socket)
    }

    /// Begins to make the ring; a second time does nothing. Where there is no memory for it, it never comes.
    func make() {
        guard !isBegun.exchange(true, ordering: .relaxed) else { return }
        aside {
            guard let socket = self.socket.withLock({ $0.take() }) else { return }
            var made = try? PacketRing(socket, size: self.size, snapLength: self.snapLength)
            self.ring.withLock { swap(&$0, &made) }
        }
    }

    /// The ring, once it is made.
    func take() -> PacketRing? { ring.withLock { $0.take() } }

    /// Closes a ring that is not needed any longer.
    func close(_ old: consuming PacketRing) {
        var old: PacketRing? = old
        closing.withLock { swap(&$0, &old) }
        aside { self.closing.withLock { $0 = nil } }
    }

    /// Does the work on another thread, which ends with it; on this one where there is no room for another.
    private func aside(_ work: @escaping @Sendable () -> Void) {
        do throws(SystemError) {
            _ = try WorkerThread("ring", work)
        } catch {
            work()
        }
    }
}

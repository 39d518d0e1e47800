// A larger ring, for when the first one is too small. To make a ring, and to give one back, the kernel waits until all
// packets on their way have passed, tens of milliseconds on a busy machine. Meanwhile a ring would run over, so other
// threads wait for that.

import Synchronization
import System

/// A ring that is made when it is wanted, once.
final class SpareRing: Sendable {
    private let size: Int
    private let snapLength: Int
    private let socket: Mutex<PacketSocket?>
    private let ring = Mutex<PacketRing?>(nil)
    private let isWanted = Atomic(false)
    private let isMade = Atomic(false)

    /// - Parameters:
    ///   - socket: opened in time; later there is no capability for it any more.
    ///   - size: bytes.
    ///   - snapLength: the longest packet that the socket's filter lets through, in bytes.
    init(_ socket: consuming PacketSocket, size: Int, snapLength: Int) {
        self.socket = Mutex(socket)
        self.size = size
        self.snapLength = snapLength
    }

    /// Whether it can be taken.
    var isReady: Bool { isMade.load(ordering: .acquiring) }

    /// Begins to make it, unless that has been done.
    @inline(__always)
    func make() {
        if !isWanted.load(ordering: .relaxed) { begin() }
    }

    private func begin() {
        isWanted.store(true, ordering: .relaxed)
        // Without a thread everything stays as it is.
        _ = try? WorkerThread("ring") { [self] in
            var open: PacketSocket?
            socket.withLock { swap(&$0, &open) }
            guard let open else { return }
            var made = try? PacketRing(open, size: size, snapLength: snapLength)
            if made == nil { return }
            ring.withLock { swap(&$0, &made) }
            isMade.store(true, ordering: .releasing)
        }
    }

    /// The ring; nil when it is not ready, or was taken.
    func take() -> PacketRing? {
        isMade.store(false, ordering: .relaxed)
        var taken: PacketRing?
        ring.withLock { swap(&$0, &taken) }
        return taken
    }

    /// Gives a ring back to the kernel.
    func close(_ old: consuming PacketRing) {
        var old: PacketRing? = old
        ring.withLock { swap(&$0, &old) }
        _ = try? WorkerThread("ring") { [self] in ring.withLock { $0 = nil } }
    }
}

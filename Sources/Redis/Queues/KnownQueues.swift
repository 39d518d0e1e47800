// A queue is looked at once. The traffic shows those of queue systems and those that the operator has named too; they
// are not shown a second time for that.

import Synchronization

/// The keys of queues that parts of one target look at. Parts are asked one after the other; the lock is never waited
/// for.
final class KnownQueues: Sendable {
    private let keys = Mutex<[String: Set<String>]>([:])

    /// Takes the keys of one part in place of those that it had before.
    func note(_ keys: Set<String>, of part: String) {
        self.keys.withLock { $0[part] = keys }
    }

    func contain(_ key: String) -> Bool {
        keys.withLock { $0.values.contains { $0.contains(key) } }
    }
}

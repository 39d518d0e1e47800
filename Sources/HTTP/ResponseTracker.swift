// What is known of answers that are being read. A reader that takes its time holds a body in memory, and the kernel a
// part of it; a hundred that read nothing would fill any container. Bodies are counted once, however many read them.

/// What answers under way hold, and which of them have to go when it is too much.
///
/// It touches no socket and reads no clock.
struct ResponseTracker {
    typealias ID = ConnectionTracker.ID

    private struct Entry {
        let client: ClientAddress
        let since: ContinuousClock.Instant
        let body: ObjectIdentifier
        /// What the kernel may keep of it.
        let buffered: Int
    }

    /// An answer that has been under way for so long is slow: a reader on the same machine takes milliseconds.
    static let slow = Duration.seconds(1)

    private let limits: HTTPLimits
    private var entries: [ID: Entry] = [:]
    private var bodies: [ObjectIdentifier: (readers: Int, size: Int)] = [:]
    /// All bytes that are held.
    private(set) var bytes = 0

    init(limits: HTTPLimits) {
        self.limits = limits
    }

    /// Notes an answer.
    ///
    /// - Returns: those that have to be cut for it, already left out. Of the client with most answers
    ///   under way the newest slow one goes, and without a slow one the one that has been under way longest.
    mutating func began(
        _ id: ID, to client: ClientAddress, _ body: HTTPBody, at now: ContinuousClock.Instant
    ) -> [ID] {
        ended(id)
        let body = (id: ObjectIdentifier(body), size: body.count)
        let entry = Entry(
            client: client.network, since: now, body: body.id,
            // The kernel counts its own bookkeeping too, and doubles what was asked for (socket(7), SO_SNDBUF).
            buffered: min(2 * body.size, 2 * limits.sendBufferBytes))
        entries[id] = entry
        if bodies[body.id, default: (0, body.size)].readers == 0 { bytes += body.size }
        bodies[body.id, default: (0, body.size)].readers += 1
        bytes += entry.buffered
        var excess: [ID] = []
        while bytes > limits.responseBytes, let victim = victim(besides: id, at: now) {
            ended(victim)
            excess.append(victim)
        }
        return excess
    }

    /// The answer is out, or its connection is going.
    mutating func ended(_ id: ID) {
        guard let entry = entries.removeValue(forKey: id), let body = bodies[entry.body] else { return }
        bytes -= entry.buffered
        if body.readers > 1 {
            bodies[entry.body] = (body.readers - 1, body.size)
        } else {
            bodies[entry.body] = nil
            bytes -= body.size
        }
    }

    private func victim(besides newcomer: ID, at now: ContinuousClock.Instant) -> ID? {
        let others = entries.filter { $0.key != newcomer }
        let readers = Dictionary(grouping: others) { $0.value.client }
        guard let most = readers.values.max(by: { $0.count < $1.count }) else { return nil }
        let slow = most.filter { $0.value.since + Self.slow <= now }.max { $0.value.since < $1.value.since }
        return (slow ?? most.min { $0.value.since < $1.value.since })?.key
    }
}

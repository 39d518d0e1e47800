// When CLIENT LIST is asked for the page, and what is shown until it is asked again. It costs the server a line per
// client, in one go, so that the more there are the more seldom it is asked.

import Metrics

/// The families about clients, between one list and the next.
struct ClientFamilies: Sendable {
    private(set) var samples: Samples?
    private var counts = ClientCounts()
    private var dueAt: ContinuousClock.Instant?

    func areDue(at now: ContinuousClock.Instant) -> Bool { dueAt.map { $0 <= now } ?? true }

    /// Takes a list, which may have been asked for by somebody else; nil when it could not be had.
    ///
    /// - Parameter interval: until the next one, with up to 1,000 clients.
    mutating func take(_ clients: [RedisClient]?, at now: ContinuousClock.Instant, interval: Duration) {
        samples = clients.map { counts.samples(of: $0) }
        dueAt = now + interval * max(1, Double(clients?.count ?? 0) / 1000)
    }

    /// Begins a new connection.
    mutating func forget() {
        samples = nil
        dueAt = nil
    }
}

// A server that has become a replica goes on answering on the connections that it has. The name or the proxy that led
// to it leads to the new primary by then. Connecting anew finds out.

/// Says when a change of the server's role is a reason to connect anew.
struct RoleWatch {
    private var first: RedisRole?
    private var lastChange: ContinuousClock.Instant?
    /// Whether the connection should be replaced.
    private(set) var isOutdated = false

    /// Begins anew with a connection.
    mutating func connected() {
        first = nil
        isOutdated = false
    }

    /// Takes the role that a poll has found.
    ///
    /// - Parameter patience: the least time between two replacements, for servers whose role keeps changing.
    mutating func see(_ role: RedisRole, at now: ContinuousClock.Instant, patience: Duration) {
        guard let first else {
            self.first = role
            return
        }
        guard role != first, lastChange.map({ $0 + patience <= now }) ?? true else { return }
        isOutdated = true
        lastChange = now
    }
}

// A name can come to lead elsewhere, as after a failover by DNS, while the connection to the old server goes on
// working. So names are looked up again now and then, on a thread beside those that poll: a resolver may take its time.

import Metrics
import Synchronization
import System

/// Knows where the host name of one endpoint leads, once there was a connection to it.
final class NameWatch: Sendable {
    /// How an endpoint's addresses are found; getaddrinfo(3) but for tests.
    typealias LookUp = @Sendable (_ host: String, _ port: UInt16) throws(CollectorFailure) -> [ResolvedAddress]

    private struct State {
        /// Nil before the first look-up since the newest connection that worked.
        var addresses: [ResolvedAddress]?
        /// Grows with every connection, whose own look-up is newer than those under way.
        var connections: UInt64 = 0
        var isWatching = false
    }

    /// One for all names: a look-up takes a few milliseconds, twice a minute.
    private static let thread = JobThread("names")

    private let host: String
    private let port: UInt16
    private let interval: Duration
    private let lookUp: LookUp
    private let state = Mutex(State())

    /// - Returns: nil where no name can lead elsewhere: for a literal address, this machine itself, or a socket in the
    ///   file system.
    init?(_ endpoint: RedisAddress.Endpoint, every interval: Duration, lookUp: @escaping LookUp) {
        guard case .tcp(let host, let port) = endpoint, host != "localhost", !ResolvedAddress.isLiteral(host) else {
            return nil
        }
        self.host = host
        self.port = port
        self.interval = interval
        self.lookUp = lookUp
    }

    /// Begins to watch, and forgets what was known before the connection was made.
    func connected() {
        let isFirst = state.withLock { state in
            state.addresses = nil
            state.connections &+= 1
            defer { state.isWatching = true }
            return !state.isWatching
        }
        if isFirst { watch() }
    }

    /// Whether the name still leads to the peer of a connection. While look-ups fail, and before the first, it does.
    func leads(to peer: ResolvedAddress) -> Bool {
        state.withLock { $0.addresses?.contains(peer) ?? true }
    }

    private func watch() {
        Self.thread.run(at: .now + interval) { [weak self] in
            self?.look()
            self?.watch()
        }
    }

    private func look() {
        let connections = state.withLock { $0.connections }
        guard let found = try? lookUp(host, port), !found.isEmpty else { return }
        state.withLock { state in
            if state.connections == connections { state.addresses = found }
        }
    }
}

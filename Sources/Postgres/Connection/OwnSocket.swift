// Sidelong's own sessions are no traffic of users. While libpq connects it may give up one socket for another, so it is
// looked at again and again until the session stands.
import System

/// The socket of a connection, of which somebody is told.
///
/// Stored behind the owner of the connection, so that it goes after the owner has closed it.
struct OwnSocket: ~Copyable {
    private let watch: ConnectionWatch?
    private var local: LocalEndpoint?
    private var watched: WatchedConnection?

    init(_ watch: ConnectionWatch?) {
        self.watch = watch
    }

    /// Tells of the socket if it is another one than before. Has to be called before a byte is sent on it.
    mutating func look(at descriptor: Int32) {
        guard let watch, descriptor >= 0 else { return }
        let now = LocalEndpoint(of: descriptor)
        guard now != local else { return }
        watched = nil
        local = now
        watched = WatchedConnection(descriptor, watch)
    }
}

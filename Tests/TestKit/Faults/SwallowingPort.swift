import Glibc

/// A port of 127.0.0.1 that swallows connects, as a firewall that drops packets does: no answer, no refusal.
///
/// Its queue of clients is full, and Linux drops what does not fit.
public final class SwallowingPort: Sendable {
    public let port: Int
    private let listener: Int32
    /// Keeps the queue full.
    private let first: RawSocket

    public init() throws {
        port = try freePort()
        let place = SocketPlace.port(port)
        listener = try place.listen(backlog: 0)
        first = try place.connect()
    }

    deinit {
        // Ends the listening even where a child that is just being started still holds a copy of the socket.
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }
}

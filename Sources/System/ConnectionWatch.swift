// The connections that the process opens itself, told to the reader of the wire.

/// Is told of each connection when it has a port, and when it is closed.
///
/// Called on the thread that connects; must be quick.
public struct ConnectionWatch: Sendable {
    fileprivate let opened: @Sendable (LocalEndpoint) -> Void
    fileprivate let closed: @Sendable (LocalEndpoint) -> Void

    /// - Parameters:
    ///   - opened: called before the first byte is sent. The packets that open the connection may have passed.
    ///   - closed: called after the descriptor was closed. Packets may still follow.
    public init(
        opened: @escaping @Sendable (LocalEndpoint) -> Void, closed: @escaping @Sendable (LocalEndpoint) -> Void
    ) {
        self.opened = opened
        self.closed = closed
    }
}

/// A connection that somebody was told of, and will be told of the end of.
///
/// Stored behind the owner of the descriptor, so that it goes after the owner has closed it.
public struct WatchedConnection: ~Copyable {
    private let watch: ConnectionWatch
    private let local: LocalEndpoint

    /// Tells of the connection.
    ///
    /// - Parameter descriptor: a socket for which connect(2) has been called.
    /// - Returns: nil when nobody listens, and for Unix sockets.
    public init?(_ descriptor: Int32, _ watch: ConnectionWatch?) {
        guard let watch, let local = LocalEndpoint(of: descriptor) else { return nil }
        self.watch = watch
        self.local = local
        watch.opened(local)
    }

    deinit {
        watch.closed(local)
    }
}

// Which daemon serves which connection. Plain HTTP and each set of TLS settings have a daemon of their own. When a
// certificate changes, new connections go to a new daemon, and the old one goes with its last connection.

/// The daemons of one server. Only the loop's thread touches it.
final class DaemonSet {
    private let limits: HTTPLimits
    private let table: ConnectionTable
    private let control: LoopControl
    /// For unix sockets, which are never encrypted, and for all when nothing is.
    private var plain: HTTPDaemon?
    private var secure: (settings: TLSSettings, daemon: HTTPDaemon)?
    private var retired: [HTTPDaemon] = []
    /// Whether one of the sockets is a unix socket.
    private let hasLocal: Bool

    init(
        limits: HTTPLimits, table: ConnectionTable, control: LoopControl, hasLocal: Bool, tls: TLSSettings?
    ) throws(HTTPServerError) {
        self.limits = limits
        self.table = table
        self.control = control
        self.hasLocal = hasLocal
        try use(tls)
    }

    /// Encrypts new connections with these settings, or not at all.
    func use(_ tls: TLSSettings?) throws(HTTPServerError) {
        if plain == nil && (hasLocal || tls == nil) { plain = try make(nil) }
        guard tls != secure?.settings else { return }
        let old = secure?.daemon
        if let tls {
            secure = (tls, try make(tls))
        } else {
            secure = nil
        }
        if let old { retired.append(old) }
    }

    /// The one that serves new connections.
    func daemon(isLocal: Bool) -> HTTPDaemon {
        let daemon = isLocal ? plain : secure?.daemon ?? plain
        guard let daemon else { preconditionFailure("there is a daemon for every socket") }
        return daemon
    }

    var descriptors: [Int32] { all.map(\.descriptor) }

    /// Whether one of them has something to do that no descriptor shows.
    var havePendingWork: Bool { all.contains(where: \.hasPendingWork) }

    func run() {
        for daemon in all { daemon.run() }
        retired.removeAll(where: \.isIdle)
    }

    /// Goes on with a connection that was told to wait.
    func resume(_ descriptor: Int32) {
        for daemon in all { daemon.resume(descriptor) }
    }

    private var all: [HTTPDaemon] { [plain, secure?.daemon].compactMap(\.self) + retired }

    private func make(_ tls: TLSSettings?) throws(HTTPServerError) -> HTTPDaemon {
        try HTTPDaemon(limits: limits, table: table, tls: tls, control: control)
    }
}

// Several PgBouncers may share one port (`so_reuseport`): then each connection meets another of them, and counters seem
// to fall and rise.
import Metrics

/// Which processes have answered at one address, told apart by what the configurations of processes that share a port
/// cannot have in common: their files and sockets.
struct PgBouncerIdentities {
    private var lastSeen: [[ForeignName]: ContinuousClock.Instant] = [:]

    static let processes = Descriptor(
        .gauge, "sidelong_pgbouncer_processes",
        help: "PgBouncer processes that have answered at the address in the last ten minutes; with more than one, as "
            + "with so_reuseport, there are no counters, because each counts for itself.")

    /// What tells processes apart (SHOW CONFIG).
    private static let settings = ["conffile", "pidfile", "logfile", "unix_socket_dir", "peer_id", "job_name"]
    private static let memory = Duration.seconds(600)

    /// Notes which process has answered.
    ///
    /// - Parameter configuration: the rows of SHOW CONFIG.
    /// - Returns: how many have in the last ten minutes.
    mutating func note(_ configuration: Rows, at now: ContinuousClock.Instant) -> Int {
        let identity = Self.settings.map { name in
            ForeignName(configuration.first(with: name, in: "key")?.label("value") ?? "")
        }
        lastSeen[identity] = now
        lastSeen = lastSeen.filter { $0.value + Self.memory > now }
        return lastSeen.count
    }

    /// Why there are no counters.
    static let failure = CollectorFailure(
        .unsupported,
        "several PgBouncers answer at this address (so_reuseport), each with counters of its own; give a --pgbouncer.dsn "
            + "for each, by its unix_socket_dir")
}

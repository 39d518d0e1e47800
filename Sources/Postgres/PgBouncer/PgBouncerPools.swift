// What PgBouncer is watched for: is somebody waiting for a connection, since when, and is the pool full?
import Metrics

/// Clients and server connections of each pool, which is a pair of database and user.
///
/// SHOW POOLS and SHOW DATABASES, and from 1.23 SHOW USERS, whose pool sizes win over a database's.
struct PgBouncerPools: PgBouncerPart {
    let name = "pgbouncer_pools"

    private static let labels = ["database", "user"]

    private static func pool(_ column: String, _ name: String, _ help: String) -> ColumnMetric {
        ColumnMetric(
            column, .gauge, "pgbouncer_pools_\(name)_connections", labels: labels,
            help: "\(help) (SHOW POOLS \(column)).")
    }

    static let clientsWaiting = pool("cl_waiting", "client_waiting", "Clients that wait for a server connection")

    static let metrics = [
        pool("cl_active", "client_active", "Clients linked to a server connection, or idle with nothing to ask"),
        clientsWaiting,
        pool("cl_active_cancel_req", "client_active_cancel", "Clients whose cancel request is on its way"),
        pool("cl_waiting_cancel_req", "client_waiting_cancel", "Clients whose cancel request waits to be sent"),
        pool("cl_cancel_req", "client_cancel", "Clients whose cancel request is not sent yet, up to 1.17"),
        pool("sv_active", "server_active", "Server connections linked to a client"),
        pool("sv_active_cancel", "server_active_cancel", "Server connections that forward a cancel request"),
        pool("sv_being_canceled", "server_being_canceled", "Server connections that wait for a cancel request to end"),
        pool("sv_idle", "server_idle", "Server connections ready for a client"),
        pool("sv_used", "server_used", "Server connections to be checked before they are used again"),
        pool("sv_tested", "server_testing", "Server connections being reset or checked"),
        pool("sv_login", "server_login", "Server connections logging in"),
    ]
    static let longestWait = Descriptor(
        .gauge, "pgbouncer_pools_client_maxwait_seconds", labels: labels,
        help: "How long the client that has waited longest has waited (SHOW POOLS maxwait and maxwait_us).")
    static let utilization = Descriptor(
        .gauge, "pgbouncer_pool_utilization_ratio", labels: labels,
        help: "Server connections over pool size; above 1 while the reserve pool is in use.")

    let descriptors = metrics.map(\.descriptor) + [longestWait, utilization]

    func commands(for version: PgBouncerVersion) -> [String] {
        ["SHOW POOLS", "SHOW DATABASES"] + (version >= .withUserPools ? ["SHOW USERS"] : [])
    }

    func samples(from answers: [Rows]) -> Samples {
        var samples = Samples()
        guard let pools = answers.first else { return samples }
        let databaseSizes = sizes(answers.dropFirst().first)
        let userSizes = sizes(answers.dropFirst(2).first)
        for row in pools {
            let labels = Self.labels.map(row.label)
            samples.add(Self.metrics, from: row, labels: labels)
            if let seconds = row.number("maxwait") {
                let wait = seconds + (row.number("maxwait_us") ?? 0) / 1_000_000
                samples.add(Self.longestWait, Sample(labels: labels, value: .number(wait)))
            }
            let size = userSizes[ForeignName(labels[1])] ?? databaseSizes[ForeignName(labels[0])]
            if let size, let used = serverConnections(row), size > 0 {
                samples.add(Self.utilization, Sample(labels: labels, value: .number(used / size)))
            }
        }
        return samples
    }

    /// The pool sizes by name, where one is set.
    private func sizes(_ rows: Rows?) -> [ForeignName: Double] {
        var sizes: [ForeignName: Double] = [:]
        for row in rows ?? Rows(columns: []) { sizes[ForeignName(row.label("name"))] = row.number("pool_size") }
        return sizes
    }

    /// All server connections that count against the pool size, those logging in included.
    private func serverConnections(_ row: Rows.Row) -> Double? {
        let columns = [
            "sv_active", "sv_active_cancel", "sv_being_canceled", "sv_idle", "sv_used", "sv_tested", "sv_login",
        ]
        let counts = columns.compactMap(row.number)
        return counts.isEmpty ? nil : counts.reduce(0, +)
    }
}

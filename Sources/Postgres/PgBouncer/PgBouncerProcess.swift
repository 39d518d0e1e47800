// PgBouncer as a whole: what it holds, how it is set up, and whether it is paused.
import Metrics

/// Counts of everything that PgBouncer holds (SHOW LISTS), one row each.
struct PgBouncerLists: PgBouncerPart {
    let name = "pgbouncer_lists"

    private static func list(_ row: String, _ name: String, _ help: String) -> ColumnMetric {
        ColumnMetric(row, .gauge, "pgbouncer_\(name)", help: "\(help) (SHOW LISTS \(row)).")
    }

    static let metrics = [
        list("databases", "databases", "Databases configured"),
        list("users", "users", "Users known"),
        list("peers", "peers", "Peers configured"),
        list("pools", "pools", "Pools"),
        list("peer_pools", "peer_pools", "Pools of peers"),
        list("free_clients", "free_clients", "Client slots not in use, within memory already allocated"),
        list("used_clients", "used_clients", "Clients connected"),
        list("login_clients", "login_clients", "Clients logging in"),
        list("free_servers", "free_servers", "Server slots not in use, within memory already allocated"),
        list("used_servers", "used_servers", "Server connections"),
        list("dns_names", "cached_dns_names", "Host names cached"),
        list("dns_zones", "cached_dns_zones", "DNS zones cached"),
        list("dns_queries", "in_flight_dns_queries", "DNS queries under way"),
    ]

    let descriptors = metrics.map(\.descriptor)

    func commands(for version: PgBouncerVersion) -> [String] { ["SHOW LISTS"] }

    func samples(from answers: [Rows]) -> Samples {
        Samples(Self.metrics, fromPairs: answers.first, key: "list", value: "items")
    }
}

/// The limits of the configuration (SHOW CONFIG), one row each.
struct PgBouncerConfiguration: PgBouncerPart {
    let name = "pgbouncer_config"

    private static func setting(_ row: String, _ name: String, _ help: String) -> ColumnMetric {
        ColumnMetric(row, .gauge, "pgbouncer_config_\(name)", help: "\(help) (SHOW CONFIG \(row)).")
    }

    static let metrics = [
        setting("max_client_conn", "max_client_connections", "Clients that PgBouncer takes"),
        setting("max_user_connections", "max_user_connections", "Server connections for each user, 0 for any number"),
        setting("max_db_connections", "max_db_connections", "Server connections for each database, 0 for any number"),
        setting("default_pool_size", "default_pool_size", "Server connections for each pool without a size of its own"),
        setting(
            "query_wait_timeout", "query_wait_timeout_seconds",
            "How long a client waits before it is dropped, 0 for ever"),
    ]

    let descriptors = metrics.map(\.descriptor)

    func commands(for version: PgBouncerVersion) -> [String] { ["SHOW CONFIG"] }

    func samples(from answers: [Rows]) -> Samples {
        Samples(Self.metrics, fromPairs: answers.first, key: "key", value: "value")
    }
}

/// Whether PgBouncer works, is paused or suspended (SHOW STATE, from 1.19).
struct PgBouncerState: PgBouncerPart {
    let name = "pgbouncer_state"

    static let state = Descriptor(
        .gauge, "pgbouncer_state", labels: ["state"],
        help: "1 for the state that PgBouncer is in: active, paused or suspended (SHOW STATE).")

    let descriptors = [state]

    func commands(for version: PgBouncerVersion) -> [String] { version >= .withState ? ["SHOW STATE"] : [] }

    func samples(from answers: [Rows]) -> Samples {
        var samples = Samples()
        for row in answers.first ?? Rows(columns: []) {
            guard let state = row["key"], let value = row["value"] else { continue }
            samples.add(Self.state, value == "yes" ? 1 : 0, state)
        }
        return samples
    }
}

extension Samples {
    /// Reads rows that are pairs of a name and a value; the metrics' columns are the names.
    fileprivate init(_ metrics: [ColumnMetric], fromPairs rows: Rows?, key: String, value: String) {
        self.init()
        for metric in metrics {
            let number = rows?.first(with: metric.column, in: key)?.number(value)
            add(metric.descriptor, ifKnown: number.map { $0 * metric.scale })
        }
    }
}

// The databases that PgBouncer leads to, with their limits.
import Metrics

/// Limits, connections and switches of each configured database (SHOW DATABASES).
struct PgBouncerDatabases: PgBouncerPart {
    let name = "pgbouncer_databases"

    private static let labels = ["name", "host", "port", "database", "force_user", "pool_mode"]

    private static func database(_ column: String, _ name: String? = nil, help: String) -> ColumnMetric {
        ColumnMetric(
            column, .gauge, "pgbouncer_databases_\(name ?? column)", labels: labels, help: "\(help) (SHOW DATABASES).")
    }

    static let metrics = [
        database("pool_size", help: "Server connections that each user's pool may have"),
        database("min_pool_size", help: "Server connections that each pool keeps open"),
        database("reserve_pool", help: "Further connections for a pool whose clients wait too long"),
        database(
            "reserve_pool_size", "reserve_pool", help: "Further connections for a pool whose clients wait too long"),
        database("max_connections", help: "Server connections that all pools may have together, 0 for any number"),
        database("current_connections", help: "Server connections of all pools"),
        database("max_client_connections", help: "Client connections that the database takes, 0 for any number"),
        database("current_client_connections", help: "Client connections"),
        database(
            "server_lifetime", "server_lifetime_seconds", help: "Age at which an idle server connection is closed"),
        database("paused", help: "1 while PAUSE holds the database"),
        database("disabled", help: "1 while DISABLE refuses new clients"),
    ]

    /// `reserve_pool` stands in the table under both names that its column has had.
    let descriptors = metrics.filter { $0.column != "reserve_pool_size" }.map(\.descriptor)

    func commands(for version: PgBouncerVersion) -> [String] { ["SHOW DATABASES"] }

    func samples(from answers: [Rows]) -> Samples {
        var samples = Samples()
        for row in answers.first ?? Rows(columns: []) {
            samples.add(Self.metrics, from: row, labels: Self.labels.map(row.label))
        }
        return samples
    }
}

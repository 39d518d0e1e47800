// How far each database is from having to stop for lack of transaction identifiers.
import Metrics

/// The age of each database's oldest transaction identifiers, templates included. Reads the catalog `pg_database`.
struct PostgresTransactionAge: PostgresPart {
    let name = "postgres_xid"
    let pace = PostgresPace.relaxed

    private let databases: DatabaseFilter

    init(_ databases: DatabaseFilter = .all) {
        self.databases = databases
    }

    static let metrics = [
        ColumnMetric(
            "xid_age", .gauge, "pg_database_frozen_xid_age", labels: ["datname"],
            help: "Transactions since the oldest row that is not frozen; writes stop near 2 billion "
                + "(pg_database age(datfrozenxid))."),
        ColumnMetric(
            "multixact_age", .gauge, "pg_database_minimum_multixact_age", labels: ["datname"],
            help: "Multixacts since the oldest one still in use (pg_database mxid_age(datminmxid))."),
    ]

    let descriptors = metrics.map(\.descriptor)

    func query(for session: PostgresSession) -> PostgresQuery {
        .ask(
            """
            SELECT datname, pg_catalog.age(datfrozenxid) AS xid_age, pg_catalog.mxid_age(datminmxid) AS multixact_age
            FROM pg_catalog.pg_database WHERE true\(databases.condition(on: "datname"))
            """)
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        for row in rows { samples.add(Self.metrics, from: row, labels: [row.label("datname")]) }
        return samples
    }
}

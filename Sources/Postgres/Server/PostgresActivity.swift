// What the backends do: how many work, idle in a transaction or wait, and how many connections are left.
import Metrics

/// Backends of each database by state and by what they wait for.
///
/// Reads `pg_stat_activity` (shared memory, no lock that a statement could hold for long) and the catalog
/// `pg_database`. Costs some microseconds per connection. The exporter's own session is left out, but for the
/// connections in use.
struct PostgresActivity: PostgresPart {
    let name = "postgres_activity"
    let pace = PostgresPace.everyPoll

    private let databases: DatabaseFilter

    init(_ databases: DatabaseFilter = .all) {
        self.databases = databases
    }

    private static let labels = ["datname", "state", "backend_type", "wait_event_type"]

    static let count = Descriptor(
        .gauge, "pg_stat_activity_count", labels: labels,
        help: "Backends of a database (pg_stat_activity); a state that nobody is in is 0, or absent "
            + "with more than \(DatabaseFilter.mostWithZeros) databases.")
    static let longestTransaction = Descriptor(
        .gauge, "pg_stat_activity_max_tx_duration", labels: labels,
        help: "Age of the oldest open transaction in seconds (pg_stat_activity xact_start); 0 where none is open.")
    static let longestState = Descriptor(
        .gauge, "pg_stat_activity_max_state_age_seconds", labels: labels,
        help: "How long the backend that has been in its state longest has been in it (pg_stat_activity state_change).")
    static let backends = Descriptor(
        .gauge, "pg_stat_activity_backends", labels: ["backend_type"],
        help: "Processes of the server by kind, background processes included (pg_stat_activity backend_type).")
    static let connectionsUsed = Descriptor(
        .gauge, "pg_connections_used",
        help: "Connections in use out of max_connections, Sidelong's own included (pg_stat_activity).")

    let descriptors = [count, longestTransaction, longestState, backends, connectionsUsed]

    /// The states of `pg_stat_activity`, Postgres manual table 27.3.
    static let states = [
        "active", "disabled", "fastpath function call", "idle", "idle in transaction", "idle in transaction (aborted)",
    ]

    func query(for session: PostgresSession) -> PostgresQuery {
        guard session.readsAllStatistics else { return session.denied("what other sessions do") }
        // A database that is left out still uses connections, so its sessions come without its name.
        return .ask(
            """
            SELECT CASE WHEN true\(databases.condition(on: "d.datname")) THEN d.datname END AS datname, a.backend_type, a.state, a.wait_event_type, pg_catalog.count(a.pid) AS count,
                EXTRACT(epoch FROM pg_catalog.max(pg_catalog.clock_timestamp() - a.xact_start)) AS longest_transaction,
                EXTRACT(epoch FROM pg_catalog.max(pg_catalog.clock_timestamp() - a.state_change)) AS longest_state
            FROM (SELECT * FROM pg_catalog.pg_stat_activity WHERE pid <> pg_catalog.pg_backend_pid()) AS a
            FULL JOIN pg_catalog.pg_database AS d ON d.oid = a.datid
            WHERE (a.pid IS NOT NULL OR NOT d.datistemplate)
            GROUP BY 1, 2, 3, 4
            """)
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        var statesSeen: [ForeignName: Set<String>] = [:]
        var backends: [ForeignName: Double] = [:]
        for row in rows {
            let count = row.number("count") ?? 0
            if let type = row["backend_type"] { backends[ForeignName(type), default: 0] += count }
            guard let database = row["datname"] else { continue }
            guard let state = row["state"] else {
                statesSeen[ForeignName(database), default: []].formUnion([])
                continue
            }
            statesSeen[ForeignName(database), default: []].insert(state)
            let labels = [database, state, row.label("backend_type"), row.label("wait_event_type")]
            let oldest = row.number("longest_transaction").map { max(0, $0) } ?? 0
            samples.add(Self.count, Sample(labels: labels, value: .number(count)))
            samples.add(Self.longestTransaction, Sample(labels: labels, value: .number(oldest)))
            if let age = row.number("longest_state") {
                samples.add(Self.longestState, Sample(labels: labels, value: .number(max(0, age))))
            }
        }
        for (database, seen) in statesSeen where statesSeen.count <= DatabaseFilter.mostWithZeros {
            for state in Self.states where !seen.contains(state) {
                samples.add(Self.count, 0, database.text, state, "", "")
                samples.add(Self.longestTransaction, 0, database.text, state, "", "")
            }
        }
        for (type, count) in backends { samples.add(Self.backends, count, type.text) }
        samples.add(Self.connectionsUsed, connectionsUsed(backends, session))
        return samples.inOrder
    }

    /// Up to Postgres 11, replication connections count against `max_connections` as well.
    private func connectionsUsed(_ backends: [ForeignName: Double], _ session: PostgresSession) -> Double {
        let replication = session.isAtLeast(12) ? 0 : backends[ForeignName("walsender")] ?? 0
        return 1 + (backends[ForeignName("client backend")] ?? 0) + replication
    }
}

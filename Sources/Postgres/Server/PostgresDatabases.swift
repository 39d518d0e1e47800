// What each database has done since its statistics began: transactions, blocks, rows, conflicts, sessions.
import Metrics

/// Counters of each database.
///
/// Reads `pg_stat_database` and `pg_stat_database_conflicts`: shared memory, no lock. All columns are taken, so that a
/// release's new ones cost nothing and its missing ones are absent. The row without a name is the shared catalogs'.
struct PostgresDatabases: PostgresPart {
    let name = "postgres_database"
    let pace = PostgresPace.everyPoll

    private let databases: DatabaseFilter

    init(_ databases: DatabaseFilter = .all) {
        self.databases = databases
    }

    private static func counter(
        _ column: String, as name: String? = nil, scale: Double = 1, _ help: String
    ) -> ColumnMetric {
        metric(.counter, column, as: name, scale: scale, help)
    }

    private static func metric(
        _ kind: Descriptor.Kind, _ column: String, as name: String? = nil, scale: Double = 1, _ help: String
    ) -> ColumnMetric {
        ColumnMetric(
            column, kind, "pg_stat_database_\(name ?? column)", labels: ["datid", "datname"], scale: scale,
            help: "\(help) (pg_stat_database \(column)).")
    }

    /// The column, the family's name where it is another one, and what it says. Names are postgres_exporter's, which
    /// has left the unit out of those in milliseconds.
    static let metrics = [
        metric(.gauge, "numbackends", "Backends connected to the database"),
        counter("xact_commit", "Transactions committed"),
        counter("xact_rollback", "Transactions rolled back"),
        counter("blks_read", "Blocks read from disk or the system's cache"),
        counter("blks_hit", "Blocks found in the buffer cache"),
        counter("tup_returned", "Live rows fetched by sequential scans and index entries returned by index scans"),
        counter("tup_fetched", "Live rows fetched by index scans"),
        counter("tup_inserted", "Rows inserted"),
        counter("tup_updated", "Rows updated"),
        counter("tup_deleted", "Rows deleted"),
        counter("conflicts", "Queries cancelled on a standby because of conflicts with recovery"),
        counter("temp_files", "Temporary files created"),
        counter("temp_bytes", "Bytes written to temporary files"),
        counter("deadlocks", "Deadlocks"),
        counter("checksum_failures", "Pages whose checksum was wrong; absent where checksums are off"),
        metric(.gauge, "checksum_last_failure_time", as: "checksum_last_failure", "When a checksum was last wrong"),
        counter("blk_read_time", "Milliseconds spent reading blocks, with track_io_timing"),
        counter("blk_write_time", "Milliseconds spent writing blocks, with track_io_timing"),
        counter("session_time", "Milliseconds that sessions have lasted"),
        counter("active_time", "Milliseconds spent executing statements"),
        counter("active_time", as: "active_time_seconds_total", scale: 0.001, "Seconds spent executing statements"),
        counter("idle_in_transaction_time", "Milliseconds spent idle in a transaction"),
        counter("sessions", "Sessions begun"),
        counter("sessions_abandoned", "Sessions whose client was lost"),
        counter("sessions_fatal", "Sessions ended by a fatal error"),
        counter("sessions_killed", "Sessions ended by an operator"),
        counter("parallel_workers_to_launch", "Parallel workers planned"),
        counter("parallel_workers_launched", "Parallel workers launched"),
        metric(.counter, "stats_reset_time", as: "stats_reset", "When the statistics began, in seconds since 1970"),
    ]

    static let conflictMetrics = ["tablespace", "lock", "snapshot", "bufferpin", "deadlock", "active_logicalslot"].map {
        ColumnMetric(
            "confl_\($0)", .counter, "pg_stat_database_conflicts_confl_\($0)", labels: ["datid", "datname"],
            help: "Queries cancelled on a standby for a conflict of this kind (pg_stat_database_conflicts confl_\($0))."
        )
    }

    let descriptors = (metrics + conflictMetrics).map(\.descriptor)

    func query(for session: PostgresSession) -> PostgresQuery {
        let checksums =
            session.isAtLeast(12)
            ? ", EXTRACT(epoch FROM s.checksum_last_failure) AS checksum_last_failure_time" : ""
        return .ask(
            """
            SELECT s.*, c.*, EXTRACT(epoch FROM s.stats_reset) AS stats_reset_time\(checksums)
            FROM pg_catalog.pg_stat_database AS s
            LEFT JOIN pg_catalog.pg_stat_database_conflicts AS c ON c.datid = s.datid
            WHERE s.datid NOT IN (SELECT oid FROM pg_catalog.pg_database WHERE datistemplate)
                \(databases.condition(on: "s.datname"))
            """)
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        for row in rows {
            samples.add(
                Self.metrics + Self.conflictMetrics, from: row, labels: [row.label("datid"), row.label("datname")])
        }
        return samples
    }
}

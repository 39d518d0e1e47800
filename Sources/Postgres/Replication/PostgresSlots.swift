// Replication slots keep WAL until it is fetched. One without a reader fills the disk.
import Metrics

/// Replication slots. Reads `pg_replication_slots`: shared memory, no lock.
///
/// Each family stands under both names that postgres_exporter has had: `pg_replication_slot_*` up to 0.19 and
/// `pg_replication_slots_*` from 0.20 on.
struct PostgresSlots: PostgresPart {
    let name = "postgres_slots"
    let pace = PostgresPace.everyPoll

    private static let labels = ["slot_name", "slot_type"]
    private static let databaseLabels = ["slot_name", "database"]
    private static let prefixes = ["pg_replication_slot", "pg_replication_slots"]

    private static func both(_ column: String, _ name: String, _ help: String) -> [ColumnMetric] {
        prefixes.map {
            ColumnMetric(column, .gauge, "\($0)_\(name)", labels: labels, help: "\(help) (pg_replication_slots).")
        }
    }

    static let metrics =
        both("current", "slot_current_wal_lsn", "The server's newest WAL position in bytes, the same for all slots")
        + both("confirmed", "slot_confirmed_flush_lsn", "WAL position up to which the subscriber has confirmed")
        + both("active", "slot_is_active", "1 while somebody streams from the slot")
        + both("safe_wal_size", "safe_wal_size_bytes", "WAL that can still be written before the slot is lost")
        + [
            ColumnMetric(
                "retained", .gauge, "pg_replication_slot_retained_bytes", labels: labels,
                help: "WAL kept on disk for the slot (pg_replication_slots restart_lsn).")
        ]
    /// With the slot's database in place of its type, as in 0.20.
    static let byDatabase = [
        ColumnMetric(
            "active", .gauge, "pg_replication_slots_active", labels: databaseLabels,
            help: "1 while somebody streams from the slot (pg_replication_slots)."),
        ColumnMetric(
            "behind", .gauge, "pg_replication_slots_pg_wal_lsn_diff", labels: databaseLabels,
            help: "Bytes from the slot's position to the server's newest (pg_replication_slots restart_lsn)."),
    ]
    static let statuses = prefixes.map {
        Descriptor(
            .gauge, "\($0)_wal_status", labels: labels + ["wal_status"],
            help: "1 for the state of the slot's WAL files (pg_replication_slots wal_status).")
    }

    let descriptors = (metrics + byDatabase).map(\.descriptor) + statuses

    func query(for session: PostgresSession) -> PostgresQuery {
        let safety = session.isAtLeast(13) ? ", wal_status, safe_wal_size" : ""
        let position = PostgresStandbys.position
        return .ask(
            """
            SELECT slot_name, slot_type, database, active,
                pg_catalog.pg_wal_lsn_diff(\(position), '0/0'::pg_catalog.pg_lsn) AS current,
                pg_catalog.pg_wal_lsn_diff(confirmed_flush_lsn, '0/0'::pg_catalog.pg_lsn) AS confirmed,
                pg_catalog.pg_wal_lsn_diff(\(position), restart_lsn) AS behind,
                GREATEST(0, pg_catalog.pg_wal_lsn_diff(\(position), restart_lsn)) AS retained\(safety)
            FROM pg_catalog.pg_replication_slots
            """)
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        for row in rows {
            let labels = Self.labels.map(row.label)
            samples.add(Self.metrics, from: row, labels: labels)
            samples.add(Self.byDatabase, from: row, labels: Self.databaseLabels.map(row.label))
            guard let status = row["wal_status"] else { continue }
            for descriptor in Self.statuses {
                samples.add(descriptor, Sample(labels: labels + [status], value: .number(1)))
            }
        }
        return samples
    }
}

// How far a standby is behind, seen from itself, from the server that feeds it, and from the slots that keep WAL for
// it.
import Metrics

/// This server's own place in a replication.
///
/// Calls functions only. On a standby without traffic from its primary the lag is 0 as long as all that came is
/// replayed.
struct PostgresReplication: PostgresPart {
    let name = "postgres_replication"
    let pace = PostgresPace.everyPoll

    static let isReplica = Descriptor(
        .gauge, "pg_replication_is_replica", help: "1 when the server is a standby (pg_is_in_recovery).")
    static let lag = Descriptor(
        .gauge, "pg_replication_lag_seconds",
        help: "Age of the last replayed transaction while received WAL is not replayed yet; 0 on a primary "
            + "(pg_last_xact_replay_timestamp).")
    static let lastReplay = Descriptor(
        .gauge, "pg_replication_last_replay_seconds",
        help: "Age of the last replayed transaction; 0 on a primary (pg_last_xact_replay_timestamp).")

    let descriptors = [isReplica, lag, lastReplay]

    func question(for session: PostgresSession) -> PostgresQuestion {
        .ask(
            """
            SELECT pg_is_in_recovery() AS is_replica,
                CASE WHEN NOT pg_is_in_recovery() OR pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
                    ELSE greatest(0, extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())) END AS lag,
                CASE WHEN NOT pg_is_in_recovery() THEN 0
                    ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END AS last_replay
            """)
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        guard let row = rows.first else { return samples }
        samples.add(Self.isReplica, ifKnown: row.number("is_replica"))
        samples.add(Self.lag, ifKnown: row.number("lag"))
        samples.add(Self.lastReplay, ifKnown: row.number("last_replay").map { max(0, $0) })
        return samples
    }
}

/// The standbys that this server feeds. Reads `pg_stat_replication`: shared memory, no lock.
struct PostgresStandbys: PostgresPart {
    let name = "postgres_standbys"
    let pace = PostgresPace.everyPoll

    private static let labels = ["application_name", "client_addr", "slot_name", "state"]

    static let metrics = [
        ColumnMetric(
            "behind", .gauge, "pg_stat_replication_pg_wal_lsn_diff", labels: labels,
            help: "Bytes of WAL that the standby has not replayed yet (pg_stat_replication replay_lsn)."),
        ColumnMetric(
            "write_lag", .gauge, "pg_stat_replication_write_lag_seconds", labels: labels,
            help: "Time until the standby had written recent WAL (pg_stat_replication write_lag)."),
        ColumnMetric(
            "flush_lag", .gauge, "pg_stat_replication_flush_lag_seconds", labels: labels,
            help: "Time until the standby had flushed recent WAL (pg_stat_replication flush_lag)."),
        ColumnMetric(
            "replay_lag", .gauge, "pg_stat_replication_replay_lag_seconds", labels: labels,
            help: "Time until the standby had replayed recent WAL (pg_stat_replication replay_lag)."),
    ]

    let descriptors = metrics.map(\.descriptor)

    func question(for session: PostgresSession) -> PostgresQuestion {
        guard session.readsAllStatistics else { return session.denied("the state of standbys") }
        return .ask(
            """
            SELECT r.application_name, host(r.client_addr) AS client_addr, s.slot_name, r.state,
                pg_wal_lsn_diff(\(Self.position), r.replay_lsn) AS behind, extract(epoch FROM r.write_lag) AS write_lag,
                extract(epoch FROM r.flush_lag) AS flush_lag, extract(epoch FROM r.replay_lag) AS replay_lag
            FROM pg_stat_replication AS r LEFT JOIN pg_replication_slots AS s ON s.active_pid = r.pid
            """)
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        for row in rows { samples.add(Self.metrics, from: row, labels: Self.labels.map(row.label)) }
        return samples
    }

    /// The newest WAL position: written on a primary, received on a standby that feeds others.
    fileprivate static let position =
        "CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END"
}

/// Replication slots, which keep WAL until somebody fetches it. Reads `pg_replication_slots`: shared memory, no lock.
struct PostgresSlots: PostgresPart {
    let name = "postgres_slots"
    let pace = PostgresPace.everyPoll

    private static let labels = ["slot_name", "slot_type"]

    static let metrics = [
        ColumnMetric(
            "current", .gauge, "pg_replication_slot_slot_current_wal_lsn", labels: labels,
            help: "The server's newest WAL position in bytes, the same for all slots."),
        ColumnMetric(
            "confirmed", .gauge, "pg_replication_slot_slot_confirmed_flush_lsn", labels: labels,
            help: "WAL position up to which the subscriber has confirmed (pg_replication_slots confirmed_flush_lsn)."),
        ColumnMetric(
            "active", .gauge, "pg_replication_slot_slot_is_active", labels: labels,
            help: "1 while somebody streams from the slot (pg_replication_slots active)."),
        ColumnMetric(
            "safe_wal_size", .gauge, "pg_replication_slot_safe_wal_size_bytes", labels: labels,
            help: "WAL that can still be written before the slot is lost (pg_replication_slots safe_wal_size)."),
        ColumnMetric(
            "retained", .gauge, "pg_replication_slot_retained_bytes", labels: labels,
            help: "WAL kept on disk for the slot (pg_replication_slots restart_lsn)."),
    ]
    static let status = Descriptor(
        .gauge, "pg_replication_slot_wal_status", labels: labels + ["wal_status"],
        help: "1 for the state of the slot's WAL files (pg_replication_slots wal_status).")

    let descriptors = metrics.map(\.descriptor) + [status]

    func question(for session: PostgresSession) -> PostgresQuestion {
        let safety = session.isAtLeast(13) ? ", wal_status, safe_wal_size" : ""
        return .ask(
            """
            SELECT slot_name, slot_type, active, pg_wal_lsn_diff(\(PostgresStandbys.position), '0/0') AS current,
                pg_wal_lsn_diff(confirmed_flush_lsn, '0/0') AS confirmed,
                greatest(0, pg_wal_lsn_diff(\(PostgresStandbys.position), restart_lsn)) AS retained\(safety)
            FROM pg_replication_slots
            """)
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        for row in rows {
            let labels = Self.labels.map(row.label)
            samples.add(Self.metrics, from: row, labels: labels)
            if let status = row["wal_status"] {
                samples.add(Self.status, Sample(labels: labels + [status], value: .number(1)))
            }
        }
        return samples
    }
}

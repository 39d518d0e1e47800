// How far standbys are behind, seen from the server that feeds them.
import Metrics

/// The standbys that this server feeds. Reads `pg_stat_replication`: shared memory, no lock.
///
/// The label `pid` keeps two standbys apart that have one name and one address, as behind a NAT or on one machine.
struct PostgresStandbys: PostgresPart {
    let name = "postgres_standbys"
    let pace = PostgresPace.everyPoll

    private static let labels = ["application_name", "client_addr", "slot_name", "state", "pid"]

    private static func metric(_ column: String, _ name: String, _ help: String) -> ColumnMetric {
        ColumnMetric(
            column, .gauge, "pg_stat_replication_\(name)", labels: labels, help: "\(help) (pg_stat_replication).")
    }

    static let metrics = [
        metric("current", "pg_current_wal_lsn_bytes", "The server's newest WAL position in bytes, the same for all"),
        metric("behind", "pg_wal_lsn_diff", "Bytes of WAL that the standby has not replayed yet"),
        metric("reply_time", "reply_time", "When the standby last told where it is, in seconds since 1970"),
        metric("write_lag", "write_lag_seconds", "Time until the standby had written recent WAL"),
        metric("flush_lag", "flush_lag_seconds", "Time until the standby had flushed recent WAL"),
        metric("replay_lag", "replay_lag_seconds", "Time until the standby had replayed recent WAL"),
    ]

    let descriptors = metrics.map(\.descriptor)

    func query(for session: PostgresSession) -> PostgresQuery {
        guard session.readsAllStatistics else { return session.denied("the state of standbys") }
        let replied = session.isAtLeast(12) ? "EXTRACT(epoch FROM r.reply_time)" : "NULL"
        return .ask(
            """
            SELECT r.application_name, pg_catalog.host(r.client_addr) AS client_addr, s.slot_name, r.state, r.pid,
                pg_catalog.pg_wal_lsn_diff(\(Self.position), '0/0'::pg_catalog.pg_lsn) AS current,
                pg_catalog.pg_wal_lsn_diff(\(Self.position), r.replay_lsn) AS behind,
                \(replied) AS reply_time, EXTRACT(epoch FROM r.write_lag) AS write_lag,
                EXTRACT(epoch FROM r.flush_lag) AS flush_lag, EXTRACT(epoch FROM r.replay_lag) AS replay_lag
            FROM pg_catalog.pg_stat_replication AS r
            LEFT JOIN pg_catalog.pg_replication_slots AS s ON s.active_pid = r.pid
            """)
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        for row in rows { samples.add(Self.metrics, from: row, labels: Self.labels.map(row.label)) }
        return samples
    }

    /// The newest WAL position: written on a primary, received on a standby that feeds others.
    static let position =
        "CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_receive_lsn() "
        + "ELSE pg_catalog.pg_current_wal_lsn() END"
}

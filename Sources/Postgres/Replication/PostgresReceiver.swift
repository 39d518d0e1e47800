// The process of a standby that receives WAL from its primary: whether it is there, and when it last heard anything.
import Metrics

/// The WAL receiver, under postgres_exporter's names. Reads `pg_stat_wal_receiver`: shared memory, no lock.
struct PostgresReceiver: PostgresPart {
    let name = "postgres_receiver"
    let pace = PostgresPace.everyPoll

    private static let labels = ["upstream_host", "slot_name", "status"]

    private static func position(_ column: String, _ help: String) -> ColumnMetric {
        ColumnMetric(
            column, .counter, "pg_stat_wal_receiver_\(column)", labels: labels,
            help: "\(help), in bytes (pg_stat_wal_receiver).")
    }

    private static func gauge(_ column: String, _ help: String) -> ColumnMetric {
        ColumnMetric(
            column, .gauge, "pg_stat_wal_receiver_\(column)", labels: labels, help: "\(help) (pg_stat_wal_receiver).")
    }

    static let metrics = [
        position("receive_start_lsn", "WAL position at which the receiver started"),
        position("flushed_lsn", "WAL position that the receiver has flushed"),
        position("latest_end_lsn", "WAL position that the receiver last reported to its primary"),
        gauge("receive_start_tli", "Timeline at which the receiver started"),
        gauge("received_tli", "Timeline of the last WAL received"),
        gauge("last_msg_send_time", "When the primary sent its last message, in seconds since 1970"),
        gauge("last_msg_receipt_time", "When that message arrived, in seconds since 1970"),
        gauge("latest_end_time", "When the last position was reported, in seconds since 1970"),
    ]

    let descriptors = metrics.map(\.descriptor)

    func query(for session: PostgresSession) -> PostgresQuery {
        guard session.isReplica else { return .nothing }
        guard session.readsAllStatistics else { return session.denied("where WAL comes from") }
        let flushed = session.isAtLeast(13) ? "flushed_lsn" : "received_lsn"
        let host = session.isAtLeast(11) ? "sender_host" : "NULL"
        return .ask(
            """
            SELECT \(host) AS upstream_host, slot_name, status, receive_start_tli, received_tli,
                pg_catalog.pg_wal_lsn_diff(receive_start_lsn, '0/0'::pg_catalog.pg_lsn) AS receive_start_lsn,
                pg_catalog.pg_wal_lsn_diff(\(flushed), '0/0'::pg_catalog.pg_lsn) AS flushed_lsn,
                pg_catalog.pg_wal_lsn_diff(latest_end_lsn, '0/0'::pg_catalog.pg_lsn) AS latest_end_lsn,
                EXTRACT(epoch FROM last_msg_send_time) AS last_msg_send_time,
                EXTRACT(epoch FROM last_msg_receipt_time) AS last_msg_receipt_time,
                EXTRACT(epoch FROM latest_end_time) AS latest_end_time
            FROM pg_catalog.pg_stat_wal_receiver
            """)
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        for row in rows { samples.add(Self.metrics, from: row, labels: Self.labels.map(row.label)) }
        return samples
    }
}

// How far this server is behind the one that it follows. Three things look alike and are not. A standby that has
// replayed all it received, one that receives nothing any more, and one that lives on an archive and waits for the next
// file.
import Metrics

/// This server's own place in a replication.
///
/// Calls functions, and reads `pg_stat_wal_receiver` (shared memory, no lock) and whether `primary_conninfo` is set.
struct PostgresReplication: PostgresPart {
    let name = "postgres_replication"
    let pace = PostgresPace.everyPoll

    static let isReplica = Descriptor(
        .gauge, "pg_replication_is_replica", help: "1 when the server is a standby (pg_is_in_recovery).")
    static let isReceiving = Descriptor(
        .gauge, "pg_replication_receiving",
        help: "1 while a standby that is to stream from its primary does; absent on a primary and on a standby that "
            + "reads an archive only (pg_stat_wal_receiver, primary_conninfo).")
    static let hasReplayedAll = Descriptor(
        .gauge, "pg_replication_replayed_all",
        help: "1 when a standby has replayed all WAL that it received by streaming; absent where none was "
            + "(pg_last_wal_receive_lsn, pg_last_wal_replay_lsn).")
    static let lag = Descriptor(
        .gauge, "pg_replication_lag_seconds",
        help: "0 on a primary and on a standby that receives and has replayed all; else the age of the last replayed "
            + "transaction; absent on a standby without a primary to stream from, whose lag nobody knows "
            + "(pg_last_xact_replay_timestamp).")
    static let lastReplay = Descriptor(
        .gauge, "pg_replication_last_replay_seconds",
        help: "Age of the last replayed transaction; 0 on a primary (pg_last_xact_replay_timestamp).")

    let descriptors = [isReplica, isReceiving, hasReplayedAll, lag, lastReplay]

    /// Releases up to 11 have `primary_conninfo` in a file of its own, and hide it from roles without the privilege.
    /// There a standby that has ever received something is one that is to receive.
    func query(for session: PostgresSession) -> PostgresQuery {
        let streams =
            session.isAtLeast(12)
            ? """
            CASE WHEN pg_catalog.pg_has_role('pg_read_all_settings', 'USAGE')
                THEN pg_catalog.current_setting('primary_conninfo', true) <> ''
                ELSE pg_catalog.pg_last_wal_receive_lsn() IS NOT NULL END
            """ : "pg_catalog.pg_last_wal_receive_lsn() IS NOT NULL"
        return .ask(
            """
            SELECT pg_catalog.pg_is_in_recovery() AS is_replica,
                CASE WHEN pg_catalog.pg_is_in_recovery() THEN \(streams) END AS is_to_stream,
                r.pid IS NOT NULL AS has_receiver, r.status AS receiver_status,
                pg_catalog.pg_last_wal_receive_lsn() = pg_catalog.pg_last_wal_replay_lsn() AS replayed_all,
                EXTRACT(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp()) AS last_replay
            FROM (SELECT 1) AS one LEFT JOIN pg_catalog.pg_stat_wal_receiver AS r ON true
            """)
    }

    func samples(from rows: Rows, of session: PostgresSession) -> Samples {
        var samples = Samples()
        guard let row = rows.first, let isReplica = row.flag("is_replica") else { return samples }
        samples.add(Self.isReplica, isReplica ? 1 : 0)
        guard isReplica else {
            samples.add(Self.lag, 0)
            samples.add(Self.lastReplay, 0)
            return samples
        }
        let hasReceiver = row.flag("has_receiver") ?? false
        // Without the privilege a receiver is seen, and its state is not.
        let isReceiving = hasReceiver && (row["receiver_status"] ?? Self.streaming) == Self.streaming
        let isToStream = hasReceiver || row.flag("is_to_stream") ?? false
        let lastReplay = row.number("last_replay").map { max(0, $0) }
        let replayedAll = row.flag("replayed_all")
        if isToStream {
            samples.add(Self.isReceiving, isReceiving ? 1 : 0)
            samples.add(Self.lag, ifKnown: isReceiving && replayedAll == true ? 0 : lastReplay)
        }
        samples.add(Self.hasReplayedAll, ifKnown: replayedAll.map { $0 ? 1 : 0 })
        samples.add(Self.lastReplay, ifKnown: lastReplay)
        return samples
    }

    private static let streaming = "streaming"
}
